import Alerting
import Engine
import Events
import Foundation
import ObjectStore
import Synchronization
import TestKit
import Testing

@testable import VitrineApp

@Suite("Files of a state in a bucket that several processes change", .enabled(if: Judge.python.isHere))
struct SharedFilesTests {
    /// Two processes with a folder each, and one state.
    private struct Pair {
        let bucket: String
        let one: AppState
        let other: AppState

        init() async throws {
            let moto = try await MotoServer.shared()
            bucket = "shared-\(UUID().uuidString.lowercased())"
            try await moto.makeBucket(bucket)
            let spool = FileManager.default.temporaryDirectory.path
            one = try AppState(sharing: moto.store("s3://\(bucket)/state"), spool: spool)
            other = try AppState(sharing: moto.store("s3://\(bucket)/state"), spool: spool)
        }

        static func add(_ line: String, to state: AppState) throws {
            let path = state.folder + "/alerts.json"
            let before = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            try (before + line + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        }

        func kept() async throws -> String { try await MotoServer.shared().object("state/alerts.json", in: bucket) }
    }

    @Test("what one has kept the other one begins with; without a change nothing is put")
    func inTurn() async throws {
        let pair = try await Pair()
        try await pair.one.changing { try Pair.add("a", to: pair.one) }
        try await pair.other.changing { try Pair.add("b", to: pair.other) }
        try await pair.one.changing { try Pair.add("c", to: pair.one) }
        #expect(try await pair.kept() == "a\nb\nc\n")
        let before = try await MotoServer.shared().store("s3://\(pair.bucket)/state").info("alerts.json")
        try await pair.one.changing {}
        #expect(try await MotoServer.shared().store("s3://\(pair.bucket)/state").info("alerts.json") == before)
    }

    @Test("a change that another one was quicker than is done again on what that one has left")
    func conflict() async throws {
        let pair = try await Pair()
        try await pair.one.changing { try Pair.add("a", to: pair.one) }
        let times = Mutex(0)
        try await pair.one.changing {
            let isFirst = times.withLock { times in
                times += 1
                return times == 1
            }
            if isFirst { try await pair.other.changing { try Pair.add("b", to: pair.other) } }
            try Pair.add("c", to: pair.one)
        }
        #expect(times.withLock { $0 } == 2)
        #expect(try await pair.kept() == "a\nb\nc\n")
    }

    /// While it takes a message, a person silences something from another machine.
    private final class Receiver: AlertChannel {
        private let meanwhile: @Sendable () async throws -> Void
        private let count = Mutex(0)
        var taken: Int { count.withLock { $0 } }

        init(meanwhile: @escaping @Sendable () async throws -> Void) { self.meanwhile = meanwhile }

        func send(_ notice: AlertNotice, insteadOf: String?) async throws(DeliveryFailure) {
            count.withLock { $0 += 1 }
            do { try await meanwhile() } catch { throw DeliveryFailure(culprit: "\(error)", remedy: "", isFinal: true) }
        }
    }

    private static func desk(_ state: AppState, _ channel: any AlertChannel) -> AlertDesk {
        let rules = ["one", "two", "three"].map { AlertRule(name: $0, trigger: .figure("errors", above: .number(0), atLeast: nil), channels: ["ops"]) }
        return AlertDesk(
            folder: AlertFolder(path: state.folder), keeper: state, policy: AlertPolicy(rules: rules), channels: ["ops": channel], reporter: .silent,
            now: World.real.now, random: { UInt64.random(in: 0 ... .max) })
    }

    @Test("messages that are on their way while another one silences something go out once, and the silence is kept")
    func delivery() async throws {
        let pair = try await Pair()
        let other = Self.desk(pair.other, Receiver {})
        let ops = Receiver {
            let silence = try Silence(rule: "late", since: World.real.now(), until: World.real.now() + .seconds(600), author: "ana", reason: "\(UUID())")
            try await pair.other.changing { try other.add(silence) }
        }
        let desk = Self.desk(pair.one, ops)
        try await pair.one.changing {
            _ = try desk.observe(RunFacts(pipeline: "shop", runID: "r", state: .done, endedAt: World.real.now(), figures: ["errors": 1]), facts: nil)
        }
        let delivery = try await desk.deliver()
        #expect(ops.taken == 3 && delivery.sent == 3 && delivery.waiting == 0)
        try await pair.other.fetch()
        #expect(try other.state().outbox.entries.isEmpty && other.state().book.silences.count == 3)
    }

    @Test("a bucket that does not answer holds nobody up who was told to stop")
    func bounded() async throws {
        let pair = try await Pair()
        try await pair.one.changing { try Pair.add("a", to: pair.one) }
        let moto = try await MotoServer.shared()
        let put = "PUT /\(pair.bucket)/state/alerts.json"
        try await moto.hold(put)
        let change = Task { try await pair.one.changing { try Pair.add("b", to: pair.one) } }
        while try await moto.held(put) == 0 { await Task.yield() }
        change.cancel()
        await #expect(throws: (any Error).self) { try await change.value }
        try await moto.drop(put)
    }

    @Test("many at once: nothing of anybody is lost")
    func crowd() async throws {
        let pair = try await Pair()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...8 {
                group.addTask {
                    let state = number % 2 == 0 ? pair.one : pair.other
                    try await state.changing { try Pair.add("\(number)", to: state) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await pair.kept().split(separator: "\n").map(String.init).sorted() == (1...8).map(String.init))
    }

    @Test("where the bucket is gone nothing counts as kept")
    func gone() async throws {
        let moto = try await MotoServer.shared()
        let state = try AppState(sharing: moto.store("s3://never-made-\(UUID().uuidString.lowercased())"), spool: FileManager.default.temporaryDirectory.path)
        await #expect(throws: StoreError.self) { try await state.changing { try Pair.add("a", to: state) } }
    }

    @Test("a scratch folder that a killed process has left is taken away by the next one, one in use is not")
    func scratch() throws {
        let spool = FileManager.default.temporaryDirectory.appending(path: "spool-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: spool + "/.vitrine-state-dead", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: spool) }
        _ = FileManager.default.createFile(atPath: spool + "/.vitrine-state-dead/in-use", contents: Data())
        let one = try ScratchFolder(in: spool)
        let two = try ScratchFolder(in: spool)
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: spool)).count == 2)
        one.remove()
        two.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: spool).isEmpty)
    }
}
