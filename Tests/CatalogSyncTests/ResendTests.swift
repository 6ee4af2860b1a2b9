import Engine
import Events
import ObjectStore
import Sandbox
import Testing

@testable import CatalogSync

@Suite("Products that a person wants sent again")
struct ResendTests {
    /// A word in titles that Meta does not like until it changes its mind.
    private static let word = "replica"

    /// Five products, two of them refused; then Meta changes its mind.
    private static func withRefused(_ body: (inout SyncBench) async throws -> Void) async throws {
        var faults = FaultPlan.none
        faults.refusals.titleWords = [word]
        try await withBench(sandbox: { $0.faults = faults }) { bench in
            bench.configuration.delivery.batchSize = 2
            bench.configuration.delivery.pollDeadline = .seconds(1800)
            try bench.drop(FeedFile("first.csv", .numbered(1...3) + [FeedRow("bad-1", word: word), FeedRow("bad-2", word: word)]), at: 0)
            let report = try await bench.run()
            #expect(report.items.refused == 2)
            bench.sandbox.setFaults(.none)
            bench.clock.advance(.seconds(3600))
            try await body(&bench)
        }
    }

    private static func ask(_ bench: SyncBench, _ states: Set<SubjectState>, _ products: [String] = []) async throws {
        let request = ResendRequest(
            pipeline: bench.pipeline, states: states, products: products, author: "ana", reason: "Meta's mistake", at: bench.clock.world.now())
        try await ResendShelf(store: bench.synced, pipeline: bench.pipeline).put(request)
    }

    private static func waiting(_ bench: SyncBench) async throws -> Int {
        try await ResendShelf(store: bench.synced, pipeline: bench.pipeline).waiting().count
    }

    @Test("are sent by the next run without any file, each a row of its books, and the request is gone")
    func refused() async throws {
        try await Self.withRefused { bench in
            try await Self.ask(bench, [.refused])
            let report = try await bench.run()
            #expect(report.state == .done && report.balanced, "\(report.text())")
            #expect(report.rows.read == 2 && report.rows.sent == 2 && report.items.accepted == 2 && report.resentRows == 2 && report.files.found == 0)
            #expect(try bench.subject("bad-1")?.state == .accepted)
            #expect(bench.sandbox.catalog()["bad-1"]?["title"] == FeedRow("bad-1", word: Self.word).title)
            let receipts = try await bench.receipts(of: report)
            #expect(receipts.map { "\($0.subject) \($0.file):\($0.row)" }.sorted() == ["bad-1 first.csv:5", "bad-2 first.csv:6"], "the row that says so is the same")
            #expect(try await Self.waiting(bench) == 0)
            let posts = bench.posts.count
            #expect(try await bench.run().state == .nothingToDo)
            #expect(bench.posts.count == posts)
        }
    }

    @Test("asked for twice are sent once")
    func twice() async throws {
        try await Self.withRefused { bench in
            try await Self.ask(bench, [.refused])
            try await Self.ask(bench, [.refused])
            try await Self.ask(bench, [], ["bad-1"])
            #expect(try await Self.waiting(bench) == 2)
            let posts = bench.posts.count
            #expect(try await bench.run().items.accepted == 2)
            #expect(bench.posts.dropFirst(posts).joined().sorted() == ["bad-1", "bad-2"])
        }
    }

    @Test("are not sent where a row of this run is newer, nor twice where it is the same", arguments: [1, 2])
    func newerRow(revision: Int) async throws {
        try await Self.withRefused { bench in
            try await Self.ask(bench, [.refused])
            try bench.drop(FeedFile("second.csv", [FeedRow("bad-1", revision, word: Self.word), FeedRow("sku-1")]), at: 3000)
            let posts = bench.posts.count
            let report = try await bench.run()
            #expect(report.balanced && report.rows.read == 4 && report.rows.superseded == 1 && report.rows.unchanged == 1 && report.rows.sent == 2, "\(report.text())")
            #expect(bench.posts.dropFirst(posts).joined().sorted() == ["bad-1", "bad-2"])
            #expect(bench.sandbox.catalog()["bad-1"]?["title"] == FeedRow("bad-1", revision, word: Self.word).title)
            let superseded = try await bench.receipts(of: report).filter { $0.end == .superseded }
            #expect(superseded.map(\.newer) == ["second.csv:2"])
            #expect(try bench.subject("bad-1")?.sentFile == "second.csv")
        }
    }

    @Test("are not sent where this run rejects a newer row of them; one that is older does not stop them", arguments: [(3000.0, false), (-100.0, true)])
    func rejectedRow(at time: Double, isSent: Bool) async throws {
        try await Self.withRefused { bench in
            try await Self.ask(bench, [], ["bad-1"])
            try bench.drop(FeedFile("flawed.csv", [FeedRow("bad-1", 2, flaw: .price), FeedRow("sku-1")]), at: time)
            let report = try await bench.run()
            #expect(report.balanced && report.rows.rejected == 1 && report.rows.sent == (isSent ? 1 : 0), "\(report.text())")
            #expect(try bench.subject("bad-1")?.state == (isSent ? .accepted : .rejected))
            #expect(bench.sink.count(.productNotResent) == (isSent ? 0 : 1))
            let superseded = try await bench.receipts(of: report).filter { $0.end == .superseded && $0.subject == "bad-1" }
            #expect(superseded.map(\.newer) == (isSent ? [] : ["flawed.csv:2"]))
        }
    }

    @Test("go before a row that came late and is older")
    func olderRow() async throws {
        try await Self.withRefused { bench in
            try await Self.ask(bench, [], ["bad-1"])
            try bench.drop(FeedFile("late.csv", [FeedRow("bad-1", 7)]), at: -100)
            let report = try await bench.run()
            #expect(report.balanced && report.rows.superseded == 1 && report.rows.sent == 1, "\(report.text())")
            #expect(bench.sandbox.catalog()["bad-1"]?["title"] == FeedRow("bad-1", word: Self.word).title)
        }
    }

    @Test("do not make a row that was older before newer afterwards")
    func orderStays() async throws {
        try await Self.withRefused { bench in
            try await Self.ask(bench, [.refused])
            _ = try await bench.run()
            try bench.drop(FeedFile("late.csv", [FeedRow("bad-1", 7)]), at: -100)
            #expect(try await bench.run().rows.superseded == 1)
            try bench.drop(FeedFile("new.csv", [FeedRow("bad-1", 8)]), at: 100)
            #expect(try await bench.run().items.accepted == 1)
            #expect(bench.sandbox.catalog()["bad-1"]?["title"] == FeedRow("bad-1", 8).title)
        }
    }

    @Test("are told and left out where they cannot be: rejected, never met, or no longer kept")
    func skipped() async throws {
        try await Self.withRefused { bench in
            try bench.drop(FeedFile("flawed.csv", [FeedRow("sku-1", 2, flaw: .price), FeedRow("sku-2", 2)]), at: 3000)
            _ = try await bench.run()
            try await Self.ask(bench, [.refused], ["sku-1", "nobody"])
            for object in try await bench.synced.list(prefix: bench.pipeline) where object.key.contains("/batches/") { try await bench.synced.delete(object.key) }
            let posts = bench.posts.count
            let report = try await bench.run()
            #expect(report.state == .nothingToDo && report.rows.read == 0 && report.balanced, "\(report.text())")
            #expect(bench.posts.count == posts)
            #expect(try bench.subject("sku-1")?.state == .rejected)
            #expect(try await Self.waiting(bench) == 0, "it is done with, and was told")
            #expect(bench.sink.count(.productNotResent) == 4)
        }
    }

    @Test("all of them: what Meta has accepted goes too, and the catalogue is as it was")
    func all() async throws {
        try await Self.withRefused { bench in
            try await Self.ask(bench, ResendRequest.sendable)
            let report = try await bench.run()
            #expect(report.items.sent == 5 && report.items.accepted == 5 && report.batches.prepared == 3, "\(report.text())")
            for id in 1...3 { #expect(bench.sandbox.catalog()["sku-\(id)"]?["title"] == FeedRow("sku-\(id)").title) }
        }
    }

    @Test("are held with the files where validation fails, and the request stays")
    func held() async throws {
        try await Self.withRefused { bench in
            bench.configuration.validation.strict = true
            try await Self.ask(bench, [.refused])
            try bench.drop(FeedFile("flawed.csv", [FeedRow("sku-1", 2, flaw: .price), FeedRow("sku-2", 2)]), at: 3000)
            let report = try await bench.run()
            #expect(report.state == .validationFailed && report.balanced && report.rows.held == 3, "\(report.text())")
            #expect(try await Self.waiting(bench) == 1)
        }
    }

    @Test("survive the loss of the ledger: what was sent again is read back")
    func reindexed() async throws {
        try await Self.withRefused { bench in
            try await Self.ask(bench, [.refused])
            _ = try await bench.run()
            let known = try bench.ledger.subjects(["sku-1", "bad-1", "bad-2"], pipeline: bench.pipeline)
            #expect(try await (try bench.sync()).reindex() == 2)
            #expect(try bench.ledger.subjects(["sku-1", "bad-1", "bad-2"], pipeline: bench.pipeline) == known)
        }
    }

    /// Ways to die; they share the changes among them, since `CrashTests` has gone through all of them at each change of a run of files.
    private static let deaths: [(Fuse.Death, TappedStore.Moment)] = [(.silent, .before), (.failing, .before), (.silent, .after), (.failing, .after)]

    @Test("a crash at any change of a store leads to the same end", arguments: deaths.indices)
    func crash(_ way: Int) async throws {
        let (death, moment) = Self.deaths[way]
        let changes = try await Self.changes()
        #expect(changes > 20)
        for place in stride(from: 1 + way, through: changes, by: Self.deaths.count) {
            let label = "\(death.rawValue) death \(moment) change \(place) of \(changes)"
            try await Self.withRefused { bench in
                try await Self.prepare(bench)
                _ = try await bench.runUntilDeath(at: place, moment, death)
                bench.clock.advance(.seconds(600))
                var last = try await bench.run()
                #expect(last.balanced && last.state.isEnd, "\(label): \(last.text())")
                for settled in last.settled { #expect(settled.books.balanced, "\(label)") }
                bench.clock.advance(.seconds(600))
                last = try await bench.run()
                #expect(last.balanced, "\(label)")
                #expect(try await Self.waiting(bench) == 0, "\(label)")
                #expect(try await bench.isTidy, "\(label)")
                let catalogue = bench.sandbox.catalog()
                #expect(catalogue["bad-1"]?["title"] == FeedRow("bad-1", 2).title, "\(label)")
                #expect(catalogue["bad-2"]?["title"] == FeedRow("bad-2", word: Self.word).title, "\(label)")
                for id in ["bad-1", "bad-2", "sku-1"] { #expect(try bench.subject(id)?.state == .accepted, "\(label): \(id)") }
            }
        }
    }

    private static func prepare(_ bench: SyncBench) async throws {
        try await ask(bench, [.refused])
        try bench.drop(FeedFile("second.csv", [FeedRow("bad-1", 2), FeedRow("sku-1")]), at: 3000)
    }

    private static func changes() async throws -> Int {
        var changes = 0
        try await withRefused { bench in
            try await prepare(bench)
            let fuse = Fuse()
            let report = await (try bench.sync(landing: fuse.store(bench.landing), synced: fuse.store(bench.synced))).run(CatalogSync.Request())
            #expect(report.state == .done && report.balanced, "\(report.text())")
            changes = fuse.changes
        }
        return changes
    }
}
