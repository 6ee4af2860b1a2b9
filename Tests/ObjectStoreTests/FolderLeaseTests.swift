import Events
import Foundation
import ObjectStore
import Testing

@Suite("A folder's lease and other processes", .enabled(if: OutsideJudge.isThere, "util-linux's flock is the outside judge"))
struct FolderLeaseTests {
    private let holder = LeaseHolder(runID: "run-1", process: "host:1")
    private let now = LeaseConformanceTests.noon

    @Test("locks the file for every other process, and no longer than until it is given back")
    func locksOthers() async throws {
        try await withStore { store in
            let file = store.root + "/shop/.lease"
            let lease = try #require(try await store.take(holder))
            #expect(try !OutsideJudge.findsFree(file))
            await lease.release()
            #expect(try OutsideJudge.findsFree(file))
        }
    }

    @Test("is refused while another process holds it, and free the moment that process is killed")
    func otherProcess() async throws {
        try await withStore { store in
            try await store.put("shop/.lease", #"{"run_id":"run-9","process":"elsewhere:9"}"#)
            let other = try OutsideJudge.hold(store.root + "/shop/.lease")
            #expect(try await store.holder(refusing: holder) == LeaseHolder(runID: "run-9", process: "elsewhere:9"))
            OutsideJudge.kill(other)
            let lease = try #require(try await store.take(holder))
            await lease.release()
        }
    }

    @Test("whose file says nothing readable is held without a name", arguments: [
        "", "{}", "not json", String(repeating: "x", count: 100_000), #"{"run_id":"r","process":"p","until":"yesterday"}"#,
    ])
    func unreadableHolder(text: String) async throws {
        try await withStore { store in
            try await store.put("shop/.lease", text)
            let other = try OutsideJudge.hold(store.root + "/shop/.lease")
            switch try await store.lease("shop/.lease", for: holder, now: now) {
            case .granted: Issue.record("granted although another process holds it")
            case .held(let by): #expect(by == nil)
            }
            OutsideJudge.kill(other)
            #expect(try await store.take(holder) != nil)
        }
    }

    @Test("keeps its file below 4,096 bytes, and takes no names that would not fit")
    func boundedText() async throws {
        try await withStore { store in
            let lease = try #require(try await store.take(LeaseHolder(runID: String(repeating: "r", count: 3_900), process: "p")))
            #expect(try #require(try await store.info("shop/.lease")).size <= 4_096)
            await lease.release()
            let endless = LeaseHolder(runID: String(repeating: "r", count: 5_000), process: "p")
            #expect(try await store.refusal { _ in _ = try await store.take(endless) } == .tooLarge)
            #expect(try OutsideJudge.findsFree(store.root + "/shop/.lease"))
        }
    }

    @Test("does not leak a descriptor when it is refused")
    func descriptors() async throws {
        try await withStore { store in
            let lease = try #require(try await store.take(holder))
            let path = store.root + "/shop/.lease"
            for _ in 0..<10 { #expect(try await store.take(holder) == nil) }
            // By name, since other tests open files of their own meanwhile.
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)) == path
            }
            #expect(open.count == 1)
            await lease.release()
        }
    }

    private func withStore(_ body: (FolderStore) async throws -> Void) async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        try await body(FolderStore(root: folder.path))
    }
}
