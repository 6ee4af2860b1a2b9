import Engine
import Events
import Foundation
import ObjectStore
import Sandbox
import Testing

@testable import CatalogSync

@Suite("Files that move under the hands of a run")
struct FileTests {
    /// Runs while somebody does something to the landing zone, once, right after the file was pinned or before it is moved.
    private static func run(_ bench: SyncBench, at call: TappedStore.Call, _ moment: TappedStore.Moment, _ meddle: @escaping @Sendable () -> Void) async throws -> SyncReport {
        let once = Once(meddle)
        let store = TappedStore(base: bench.landing) { (now, when, _) throws(StoreError) in if now == call, when == moment { once.run() } }
        return await (try bench.sync(landing: store)).run(CatalogSync.Request())
    }

    private static func replace(_ bench: SyncBench) -> @Sendable () -> Void {
        {
            let path = bench.root + "/landing/data/a.csv"
            try? Data(FeedFile("a.csv", .numbered(1...2, revision: 2)).text.utf8).write(to: URL(filePath: path), options: .atomic)
            try? bench.setTime(of: path, at: 60)
        }
    }

    private static func append(_ bench: SyncBench) -> @Sendable () -> Void {
        {
            guard let file = FileHandle(forWritingAtPath: bench.root + "/landing/data/a.csv") else { return }
            _ = try? file.seekToEnd()
            try? file.write(contentsOf: Data((FeedRow("late").line + "\n").utf8))
            try? file.close()
        }
    }

    @Test("replaced while it is read: the pinned version is sent and archived, the new one waits for the next run", arguments: [TappedStore.Call.pin, .move])
    func replaced(_ call: TappedStore.Call) async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let report = try await Self.run(bench, at: call, call == .pin ? .after : .before, Self.replace(bench))
            #expect(report.state == .done && report.rows.read == 3 && report.items.accepted == 3 && report.files.archived == 1, "\(report.text())")
            #expect(try await bench.record(of: report).archived == ["a.csv": .archivedSourceChanged])
            #expect(try await bench.dataFiles() == ["a.csv"])
            let copy = try await bench.landing.get("archive/2026/11/21/\(report.runID)/a.csv", limit: 1 << 20)
            #expect(copy == Array(FeedFile("a.csv", .numbered(1...3)).text.utf8))
            let next = try await bench.run()
            #expect(next.rows.read == 2 && next.items.accepted == 2 && next.balanced)
            #expect(try await bench.dataFiles().isEmpty)
        }
    }

    @Test("replaced between listing and reading: the run begins again with the new one")
    func replacedBefore() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let report = try await Self.run(bench, at: .pin, .before, Self.replace(bench))
            #expect(report.state == .done && report.rows.read == 2 && report.balanced && bench.sink.count(.runRestarted) == 1)
            #expect(try await bench.dataFiles().isEmpty)
        }
    }

    @Test("appended to in place while it is read: the run begins again and takes all of it")
    func appended() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let report = try await Self.run(bench, at: .pin, .after, Self.append(bench))
            #expect(report.state == .done && report.rows.read == 4 && report.items.accepted == 4 && bench.sink.count(.runRestarted) == 1, "\(report.text())")
        }
    }

    @Test("appended to in place before it is moved: it stays for the next run, which sends only what is new")
    func appendedLate() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let report = try await Self.run(bench, at: .move, .before, Self.append(bench))
            #expect(report.rows.read == 3 && report.items.accepted == 3 && report.balanced)
            #expect(try await bench.record(of: report).archived == ["a.csv": .lost])
            #expect(try await bench.dataFiles() == ["a.csv"])
            let next = try await bench.run()
            #expect(next.rows.read == 4 && next.rows.unchanged == 3 && next.items.accepted == 1, "\(next.text())")
        }
    }

    @Test("gone before it is read: nothing to do")
    func gone() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let root = bench.root
            let report = try await Self.run(bench, at: .pin, .before) { try? FileManager.default.removeItem(atPath: root + "/landing/data/a.csv") }
            #expect(report.state == .nothingToDo && report.balanced)
        }
    }

    @Test("a file that is replaced whenever it is looked at ends the run with 75")
    func restless() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let replace = Self.replace(bench)
            let store = TappedStore(base: bench.landing) { (call, moment, _) throws(StoreError) in if call == .pin, moment == .before { replace() } }
            let report = await (try bench.sync(landing: store)).run(CatalogSync.Request())
            #expect(report.state == .failed && report.exitCode == .tryAgainLater && report.error?.reason == "file_changed")
            let next = try await bench.run()
            #expect(next.settled.map(\.runID) == [report.runID] && next.settled.first?.rows.read == 2 && next.settled.first?.items.accepted == 2, "\(next.text())")
            #expect(try await bench.isTidy)
        }
    }

    @Test("what is still being written is left alone, and said so")
    func unfinished() async throws {
        try await withBench { bench in
            for name in ["a.csv", "b.csv.part", ".c.csv", "notes.txt"] { try bench.drop(name, Array(FeedFile(name, .numbered(1...2)).text.utf8), at: 0) }
            let report = try await bench.run()
            #expect(report.files.found == 4 && report.files.taken == 1 && bench.sink.count(.fileSkipped) == 3)
            #expect(try await bench.dataFiles() == [".c.csv", "b.csv.part", "notes.txt"])
        }
    }
}

/// Runs something at most once.
private final class Once: Sendable {
    private let isDone = Flag()
    private let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    func run() { if isDone.set() { body() } }
}

@Suite("Runs, their names and their leases")
struct RunTests {
    @Test("a held lease is 75, for the pipeline and for the catalogue of another pipeline", arguments: ["shop/.lease", ".lease-catalog-1234567890"])
    func lease(_ key: String) async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2)), at: 0)
            let holder = LeaseHolder(runID: "other", process: "host:1")
            guard case .granted(let lease) = try await bench.synced.lease(key, for: holder, now: bench.clock.now) else { return #expect(Bool(false)) }
            let report = try await bench.run()
            #expect(report.state == .failed && report.exitCode == .tryAgainLater && report.error?.reason == "lease_held")
            #expect(report.error?.detail.contains("run other in process host:1") == true, "\(report.error?.detail ?? "")")
            #expect(try bench.ledger.runs(pipeline: bench.pipeline, limit: 1).isEmpty && bench.posts.isEmpty)
            await lease.release()
            #expect(try await bench.run().state == .done)
        }
    }

    @Test("a name that is none is a matter of usage", arguments: ["", "a/b", "..", String(repeating: "x", count: 65), "läufer"])
    func badName(_ name: String) async throws {
        try await withBench { bench in
            let report = try await bench.run { $0.runID = name }
            #expect(report.exitCode == .usage && bench.posts.isEmpty)
        }
    }

    @Test("the name of another pipeline's run is taken")
    func nameTaken() async throws {
        try await withBench { bench in
            try bench.ledger.begin(
                RunFacts(runID: "hourly-42", pipeline: "other", state: .running, startedAt: ManualClock.start, endedAt: ManualClock.start, settings: "", report: ""),
                files: [], parcels: [])
            var request = CatalogSync.Request()
            request.runID = "hourly-42"
            let report = try await bench.sync().run(request)
            #expect(report.exitCode == .usage)
            #expect(report.error?.detail.contains("other") == true)
        }
    }

    @Test("the name of an ended run gives its stored report and does nothing")
    func ended() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2)), at: 0)
            let first = try await bench.run { $0.runID = "monday" }
            try bench.drop(FeedFile("b.csv", .numbered(3...4)), at: 60)
            let again = try await bench.run { $0.runID = "monday" }
            #expect(again == first)
            #expect(bench.posts.count == 1)
            #expect(try await bench.dataFiles() == ["b.csv"])
            #expect(try SyncReport(json: try await bench.synced.get("shop/2026/11/21/monday/report.json", limit: 1 << 20)) == first)
        }
    }

    @Test("the stages one by one, each in a process of its own, give the same as the run")
    func stages() async throws {
        func ending(_ stagewise: Bool) async throws -> SyncReport {
            var last: SyncReport?
            try await withBench { bench in
                bench.configuration.delivery.batchSize = 2
                try bench.drop(FeedFile("a.csv", .numbered(1...5) + [FeedRow("bad", flaw: .price)]), at: 0)
                try bench.drop(FeedFile("b.csv", [FeedRow("sku-1", 2)], isRefused: true), at: 1)
                var request = CatalogSync.Request()
                request.runID = "r"
                if stagewise {
                    for stage in SyncStage.allCases {
                        let report = await (try bench.sync()).stage(stage, request, grace: .seconds(3600))
                        #expect(report.state == (stage == .save ? .doneWithErrors : .running) && report.balanced, "\(stage): \(report.text())")
                        #expect(report.exitCode == (stage == .save ? .doneWithErrors : .success))
                        if stage != .save { #expect(try await bench.run().error?.reason == "lease_held", "another run must not come between") }
                        last = report
                    }
                } else {
                    last = try await bench.run { $0.runID = "r" }
                }
                #expect(try await bench.isTidy)
            }
            return try #require(last)
        }
        let whole = try await ending(false)
        #expect(try await ending(true) == whole)
    }

    @Test("a stage without a run's name is a matter of usage")
    func namelessStage() async throws {
        try await withBench { bench in
            let sync = try bench.sync()
            #expect(await sync.stage(.check, CatalogSync.Request(), grace: .seconds(1)).exitCode == .usage)
        }
    }

    @Test("after a crash and a replaced file the next run settles, and comes to an end", .timeLimit(.minutes(1)), arguments: [3, 4, 6, 8])
    func settlingOnce(_ place: Int) async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            _ = try await bench.runUntilDeath(at: place, .before, .silent)
            try FileManager.default.removeItem(atPath: bench.root + "/landing/data/a.csv")
            try bench.drop(FeedFile("a.csv", .numbered(1...4, revision: 2)), at: 60)
            bench.clock.advance(.seconds(600))
            let report = try await bench.run()
            #expect(report.state.isEnd && report.settled.count == 1 && report.balanced, "\(report.text())")
            #expect(bench.sandbox.catalog().count == 4 && bench.posts.count == 1)
            #expect(try await bench.isTidy)
        }
    }

    @Test("a reindex that stops in the middle leaves a ledger that says so: nothing runs on half of what was sent")
    func brokenReindex() async throws {
        try await withBench { bench in
            for (index, rows) in [[FeedRow("sku-1")], [FeedRow("sku-2")]].enumerated() {
                try bench.drop(FeedFile("\(index).csv", rows), at: Double(index * 60))
                _ = try await bench.run()
                bench.clock.advance(.seconds(3600))
            }
            let receipts = try #require(try await bench.synced.list(prefix: "shop/").last { $0.key.hasSuffix("receipts.ndjson.gz") })
            let kept = try await bench.synced.get(receipts.key, limit: 1 << 20)
            try await bench.synced.delete(receipts.key)
            await #expect(throws: StoreError.self) { _ = try await bench.sync().reindex() }
            try bench.drop(FeedFile("again.csv", [FeedRow("sku-2")]), at: 600)
            let report = await (try bench.sync()).run(CatalogSync.Request())
            #expect(report.error?.reason == "reindex_unfinished" && report.exitCode == .tryAgainLater, "\(report.text())")
            await #expect(throws: RunStop.self) { _ = try await bench.plan() }
            #expect(bench.posts.count == 2)
            try await bench.synced.put(receipts.key, kept, .always)
            #expect(try await bench.sync().reindex() == 2)
            #expect(try await bench.run().rows.unchanged == 1 && bench.posts.count == 2)
        }
    }

    @Test("a lost ledger is made again from the run folders")
    func reindex() async throws {
        var faults = FaultPlan(rules: [FaultRule(.handleError, when: .calls([2]))])
        faults.refusals.titleWords = ["replica"]
        try await withBench(sandbox: { $0.faults = faults }) { bench in
            bench.configuration.delivery.batchSize = 3
            let exports: [[FeedRow]] = [
                .numbered(1...7) + [FeedRow("sku-8", word: "replica"), FeedRow("", flaw: .noID)],
                [FeedRow("sku-1"), FeedRow("sku-2", 2), FeedRow("sku-3", 2, flaw: .price), FeedRow("sku-2", 3)],
                [FeedRow("sku-3"), FeedRow("sku-4", 2), FeedRow("sku-8", 2, word: "replica")],
            ]
            for (index, rows) in exports.enumerated() {
                try bench.drop(FeedFile("\(index).csv", rows), at: Double(index * 60))
                _ = try await bench.run()
                bench.clock.advance(.seconds(3600))
            }
            let fresh = bench.root + "/fresh"
            try FolderStore.makeFolders(fresh)
            let ledger = try Ledger(folder: fresh)
            #expect(try await bench.sync(ledger: ledger).reindex() == 3)
            let ids = Array(Set(exports.flatMap { $0.map(\.id) })).sorted()
            let subjects = try bench.ledger.subjects(ids, pipeline: "shop")
            #expect(try ledger.subjects(ids, pipeline: "shop") == subjects)
            for id in ids { #expect(try ledger.history(of: id, pipeline: "shop", limit: 50) == bench.ledger.history(of: id, pipeline: "shop", limit: 50), "\(id)") }
            #expect(try ledger.runs(pipeline: "shop", limit: 9) == bench.ledger.runs(pipeline: "shop", limit: 9))
            #expect(try await bench.sync(ledger: ledger).reindex() == 3, "twice is as good as once")
            #expect(try ledger.subjects(ids, pipeline: "shop") == subjects)
            // And nothing is sent that was accepted before.
            let posts = bench.posts.count
            try bench.drop(FeedFile("again.csv", [FeedRow("sku-1"), FeedRow("sku-2", 3), FeedRow("sku-4", 2)]), at: 600)
            let report = await (try bench.sync(ledger: ledger)).run(CatalogSync.Request())
            #expect(report.rows.unchanged == 3 && bench.posts.count == posts, "\(report.text())")
        }
    }

    @Test("what is past its retention goes, what is open or young stays")
    func retention() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2) + [FeedRow("bad", flaw: .price)]), at: 0)
            let old = try await bench.run()
            bench.clock.advance(.seconds(20 * 86_400))
            try bench.drop(FeedFile("b.csv", .numbered(3...4)), at: 20 * 86_400)
            let young = try await bench.run()
            bench.clock.advance(.seconds(15 * 86_400))
            _ = try await bench.run()
            let keys = try await bench.synced.list(prefix: "shop/").map(\.key)
            #expect(!keys.contains { $0.hasPrefix(bench.folder(of: old).key + "/batches/") })
            #expect(keys.contains(bench.folder(of: old).report) && keys.contains(bench.folder(of: old).receipts))
            #expect(keys.contains { $0.hasPrefix(bench.folder(of: young).key + "/batches/") })
            #expect(try await bench.names(in: "archive/").count == 1)
            #expect(try await bench.names(in: "rejected/").isEmpty)
        }
    }
}
