import Engine
import Events
import Feed
import ObjectStore
import Sandbox
import Testing

@testable import CatalogSync

@Suite("Guards over a whole run")
struct GuardTests {
    /// 100 products accepted, and an hour later.
    private static func withShop(_ count: Int = 100, _ body: (inout SyncBench) async throws -> Void) async throws {
        try await withGuards { bench in
            try bench.drop(FeedFile("full.csv", .numbered(1...count)), at: 0)
            #expect(try await bench.run().items.accepted == count)
            bench.clock.advance(.seconds(3600))
            try await body(&bench)
        }
    }

    private static func withGuards(_ body: (inout SyncBench) async throws -> Void) async throws {
        try await withBench { bench in
            bench.configuration.guards.isOn = true
            try await body(&bench)
        }
    }

    private static func rows(_ numbers: ClosedRange<Int>, _ change: (inout FeedRow) -> Void) -> [FeedRow] {
        numbers.map { number in
            var row = FeedRow("sku-\(number)")
            change(&row)
            return row
        }
    }

    private static let word = Hold.Release(author: "ana", reason: "the warehouse is closed", at: Timestamp(nanoseconds: 0))

    @Test("a run that would wreck the catalogue is held: nothing is sent or moved, its books balance, and it says what it would have done")
    func held() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.rows(1...40) { $0.availability = "out of stock" } + [FeedRow("sku-90"), FeedRow("bad", flaw: .price)]), at: 3600)
            let posts = bench.posts.count
            let plan = try await bench.plan()
            let report = try await bench.run()
            #expect(report.state == .held && report.exitCode == .tryAgainLater && report.error?.reason == "held", "\(report.text())")
            #expect(report.balanced && report.rows.read == 42 && report.rows.held == 40 && report.rows.unchanged == 1 && report.rows.rejected == 1)
            #expect(report.rows.sent == 0 && report.batches.prepared == 0 && bench.posts.count == posts && report.files.archived == 0)
            let finding = try #require(report.findings.first { $0.rule == "V06" })
            #expect(finding.severity == "hold" && finding.count == 40 && finding.examples.first?.value == "out of stock, sent last: in stock")
            let detail = try #require(report.error?.detail)
            #expect(detail == "40 % of the known catalogue (40 of 100 products) would turn out of stock; the limit is 30 % (V06). It would have sent 40 items in 1 batch")
            #expect(plan.error?.detail == detail.replacing("would have sent", with: "would send") && plan.error?.reason == "held", "the plan says so before")
            #expect(try await LandingZone.completeFiles(in: bench.landing).map(\.key) == ["data/stock.csv"])
            #expect(report.text().contains("vitrine release \(report.runID)"))
        }
    }

    @Test("while a run is held the next ones end with 75 and change nothing; released, old and new files are judged together")
    func released() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.rows(1...40) { $0.availability = "out of stock" }), at: 3600)
            let held = try await bench.run()
            try bench.drop(FeedFile("later.csv", Self.rows(35...45) { $0.availability = "out of stock" } + [FeedRow("new")]), at: 3700)
            let refused = try await bench.run()
            #expect(refused.exitCode == .tryAgainLater && refused.error?.reason == "held" && refused.error?.detail.contains(held.runID) == true)
            #expect(try await bench.run { $0.runID = held.runID }.state == .held, "asked for by name it tells its stored report")
            await #expect(throws: RunStop.self) { _ = try await bench.sync().release("another", Self.word) }
            #expect(try await bench.sync().release(held.runID, Self.word).release == Self.word)
            let report = try await bench.run()
            #expect(report.state == .done && report.balanced && report.rows.read == 52 && report.rows.superseded == 6 && report.items.accepted == 46, "\(report.text())")
            #expect(bench.sandbox.catalog()["sku-45"]?["availability"] == "out of stock")
            #expect(bench.sink.count(.runReleased) == 1 && bench.sink.count(.releaseTaken) == 1)
            #expect(try await HoldShelf(store: bench.synced, pipeline: bench.pipeline).current() == nil)
            // The word is used up: the same again is held again.
            bench.clock.advance(.seconds(3600))
            try bench.drop(FeedFile("again.csv", Self.rows(50...90) { $0.availability = "out of stock" }), at: 7200)
            #expect(try await bench.run().state == .held)
        }
    }

    @Test("a release covers what was seen: much more of it, or something else, is held again")
    func releaseIsBounded() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.rows(1...40) { $0.availability = "out of stock" }), at: 3600)
            let held = try await bench.run()
            _ = try await bench.sync().release(held.runID, Self.word)
            try bench.drop(FeedFile("worse.csv", Self.rows(41...95) { $0.availability = "out of stock" }), at: 3700)
            let again = try await bench.run()
            #expect(again.state == .held && again.findings.first { $0.rule == "V06" }?.count == 95, "\(again.text())")
            #expect(try await bench.run().error?.detail.contains(again.runID) == true)
        }
    }

    @Test("a run that is discarded puts its files into rejected/ with the reason, and the next run goes on without them")
    func discarded() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.rows(1...40) { $0.availability = "out of stock" }), at: 3600)
            let held = try await bench.run()
            try bench.drop(FeedFile("later.csv", [FeedRow("new")]), at: 3700)
            #expect(try await bench.sync().discard(held.runID, Self.word) == ["stock.csv"])
            #expect(try await bench.landing.exists("rejected/\(held.runID)/stock.csv"))
            let reason = String(decoding: try await bench.landing.get("rejected/\(held.runID)/stock.csv.reason.json", limit: 10_000), as: UTF8.self)
            #expect(reason.contains("the warehouse is closed") && reason.contains("ana"))
            let report = try await bench.run()
            #expect(report.state == .done && report.rows.read == 1 && report.items.accepted == 1, "\(report.text())")
            #expect(bench.sandbox.catalog()["sku-1"]?["availability"] == "in stock")
            await #expect(throws: RunStop.self) { _ = try await bench.sync().discard(held.runID, Self.word) }
        }
    }

    @Test("a single file can be discarded; with the last file of a held run its hold ends")
    func discardedFile() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("a/stock.csv", Self.rows(1...40) { $0.availability = "out of stock" }), at: 3600)
            try bench.drop(FeedFile("b.csv", [FeedRow("new")]), at: 3700)
            #expect(try await bench.run().state == .held)
            try await bench.sync().discard(file: "b.csv", Self.word)
            #expect(try await bench.run().error?.reason == "held")
            await #expect(throws: RunStop.self) { try await bench.sync().discard(file: "b.csv", Self.word) }
            try await bench.sync().discard(file: "a/stock.csv", Self.word)
            #expect(try await bench.run().state == .nothingToDo)
            let kept = try await bench.landing.list(prefix: "rejected/").map(\.key)
            #expect(kept.count == 4 && Set(kept.map { $0.split(separator: "/")[1] }).count == 2, "each in a folder of its own")
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let rule: String?
        var count = 100
        let rows: [FeedRow]
        var expectsFull = false
        var change: @Sendable (inout CatalogSyncConfiguration) -> Void = { _ in }
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "31 of 100 turn out of stock", rule: "V06", rows: rows(1...31) { $0.availability = "out of stock" }),
        Case(name: "30 of 100 are within", rule: nil, rows: rows(1...30) { $0.availability = "out of stock" }),
        Case(name: "15 of 20 are of 50 supposed", rule: nil, count: 20, rows: rows(1...15) { $0.availability = "out of stock" }),
        Case(name: "16 of 20 are more than 30 % of 50", rule: "V06", count: 20, rows: rows(1...16) { $0.availability = "out of stock" }),
        Case(name: "back in stock is no harm", rule: nil, rows: rows(1...90) { $0.availability = "preorder" }),
        Case(name: "21 prices at a tenth", rule: "P15", rows: rows(1...21) { $0.price = "\(Double(10 + (Int($0.id.dropFirst(4)) ?? 0)) / 10) USD" }),
        Case(name: "20 prices at a tenth", rule: nil, rows: rows(1...20) { $0.price = "\(Double(10 + (Int($0.id.dropFirst(4)) ?? 0)) / 10) USD" }),
        Case(name: "one price for 21", rule: "P14", rows: rows(1...21) { $0.price = "14.44 USD" }),
        Case(name: "one price for 20", rule: nil, rows: rows(1...20) { $0.price = "14.44 USD" }),
        Case(name: "another host for 11", rule: "X08", rows: rows(1...11) { $0.link = "https://other.krd/\($0.id)" }),
        Case(name: "another host for 10", rule: nil, rows: rows(1...10) { $0.link = "https://other.krd/\($0.id)" }),
        Case(name: "another currency for 11", rule: "X09", rows: rows(1...11) { $0.price = "20.00 EUR" }),
        Case(name: "a guard that is off", rule: nil, rows: rows(1...50) { $0.availability = "out of stock" }, change: { $0.feed.severities[.v06] = .off }),
        Case(name: "a guard that only tells", rule: nil, rows: rows(1...50) { $0.availability = "out of stock" }, change: { $0.feed.severities[.v06] = .warn }),
        Case(name: "all of them off", rule: nil, rows: rows(1...50) { $0.availability = "out of stock" }, change: { $0.guards.isOn = false }),
        Case(name: "a limit of one's own", rule: "V06", rows: rows(1...5) { $0.availability = "out of stock" }, change: { $0.guards.outOfStock = 0.04 }),
        Case(name: "81 changes where that guard is on", rule: "X03", rows: rows(1...81) { $0.revision = 2; $0.price = "11.90 USD" }, change: { $0.feed.severities[.x03] = .hold }),
        Case(name: "81 changes", rule: nil, rows: rows(1...81) { $0.revision = 2; $0.price = "11.90 USD" }),
        Case(name: "81 changes announced", rule: nil, rows: rows(1...81) { $0.revision = 2; $0.price = "11.90 USD" }, expectsFull: true, change: { $0.feed.severities[.x03] = .hold }),
        Case(name: "a foreign host where it is bound", rule: "X10", rows: rows(1...1) { $0.link = "https://other.krd/a" }, change: { $0.guards.bound.hosts = ["shop.krd"] }),
        Case(name: "a word that must not be there", rule: "X10", rows: rows(1...1) { $0.link = "https://staging.shop.krd/a" }, change: { $0.guards.bound.without = ["staging"] }),
        Case(name: "a currency where another is bound", rule: "X10", rows: rows(1...1) { $0.price = "20.00 EUR" }, change: { $0.guards.bound.currency = "USD" }),
    ]

    @Test("speak above their limit and not at it", arguments: cases)
    func limits(_ example: Case) async throws {
        try await Self.withShop(example.count) { bench in
            example.change(&bench.configuration)
            try bench.drop(FeedFile("next.csv", example.rows), at: 3600)
            let report = try await bench.run { $0.expectsFull = example.expectsFull }
            #expect(report.balanced)
            #expect(report.findings.filter { $0.severity == "hold" }.map(\.rule) == (example.rule.map { [$0] } ?? []), "\(report.text())")
            #expect(report.state == (example.rule == nil ? .done : .held))
            _ = try await bench.sync().reindex()
            #expect(try bench.ledger.seen("host", pipeline: bench.pipeline).isEmpty == false, "what was seen is known after a reindex too")
        }
    }

    @Test("without history none speaks, but for what a catalogue is bound to")
    func firstRun() async throws {
        try await Self.withGuards { bench in
            try bench.drop(FeedFile("full.csv", Self.rows(1...80) { $0.availability = "out of stock"; $0.price = "1.00 USD" }), at: 0)
            #expect(try await bench.run().state == .done)
        }
        try await Self.withGuards { bench in
            bench.configuration.guards.bound.without = ["staging"]
            try bench.drop(FeedFile("staging/full.csv", .numbered(1...3)), at: 0)
            let report = try await bench.run()
            #expect(report.state == .held && report.error?.detail.contains("X10") == true, "\(report.text())")
        }
    }

    @Test("far more than usual is told by the median of the runs before, once there are five; a full load can be announced", arguments: [false, true])
    func aboveUsual(isAnnounced: Bool) async throws {
        try await Self.withShop { bench in
            for hour in 1...5 {
                try bench.drop(FeedFile("\(hour).csv", [FeedRow("sku-1", hour + 1), FeedRow("sku-2", hour + 1)]), at: Double(hour * 3600))
                #expect(try await bench.run().state == .done)
                bench.clock.advance(.seconds(3600))
            }
            try bench.drop(FeedFile("many.csv", Self.rows(3...23) { $0.revision = 3; $0.price = "11.90 USD" }), at: 30_000)
            let report = try await bench.run { $0.expectsFull = isAnnounced }
            #expect(report.state == (isAnnounced ? .done : .held), "\(report.text())")
            if !isAnnounced { #expect(report.error?.detail.contains("21 items would be sent; a usual run sends 2, and the limit is 10 times that") == true) }
        }
    }

    @Test("what a person wants sent again is not lost by a hold, and counts among the held rows")
    func resends() async throws {
        try await Self.withShop { bench in
            try await ResendShelf(store: bench.synced, pipeline: bench.pipeline).put(
                ResendRequest(pipeline: bench.pipeline, states: [], products: ["sku-99"], author: "ana", reason: "once more", at: bench.clock.world.now()))
            try bench.drop(FeedFile("stock.csv", Self.outOfStock(1...40)), at: 3600)
            let held = try await bench.run()
            #expect(held.state == .held && held.rows.held == 41 && held.balanced, "\(held.text())")
            _ = try await bench.sync().discard(held.runID, Self.word)
            let report = try await bench.run()
            #expect(report.resentRows == 1 && report.items.accepted == 1 && report.balanced, "\(report.text())")
        }
    }

    private static func outOfStock(_ numbers: ClosedRange<Int>) -> [FeedRow] { rows(numbers) { $0.availability = "out of stock" } }

    @Test("a released run that is held for something else keeps the first word: the second one lets both go")
    func twoMatters() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.outOfStock(1...40)), at: 3600)
            _ = try await bench.sync().release(try await bench.run().runID, Self.word)
            try bench.drop(FeedFile("hosts.csv", Self.rows(50...70) { $0.link = "https://other.krd/\($0.id)" }), at: 3700)
            let second = try await bench.run()
            #expect(second.state == .held && second.error?.detail.contains("X08") == true && second.error?.detail.contains("V06") == false, "\(second.text())")
            #expect(second.findings.filter { $0.severity == "hold" }.map(\.rule) == ["V06", "X08"], "what was let go is told all the same")
            _ = try await bench.sync().release(second.runID, Self.word)
            let report = try await bench.run()
            #expect(report.state == .done && report.items.accepted == 61, "\(report.text())")
        }
    }

    @Test("a run that an earlier process left, and that is held once it is resumed, stops the run that resumes it")
    func heldInSettle() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.outOfStock(1...40)), at: 3600)
            var request = CatalogSync.Request()
            request.runID = "left"
            #expect(await (try bench.sync()).stage(.validate, request, grace: .seconds(1)).state == .running)
            bench.clock.advance(.seconds(60))
            try bench.drop(FeedFile("later.csv", [FeedRow("new")]), at: 3700)
            let report = try await bench.run()
            #expect(report.error?.reason == "held" && report.settled.map(\.state) == [.held] && report.exitCode == .tryAgainLater, "\(report.text())")
            #expect(try await bench.run().error?.detail.contains("left") == true)
            _ = try await bench.sync().release("left", Self.word)
            #expect(try await bench.run().items.accepted == 41)
            #expect(try await HoldShelf(store: bench.synced, pipeline: bench.pipeline).current() == nil)
        }
    }

    @Test("a word is used by the run that goes past the guards: not by one that fails before, and by one only")
    func wordIsUsedOnce() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.outOfStock(1...40)), at: 3600)
            let held = try await bench.run()
            _ = try await bench.sync().release(held.runID, Self.word)
            _ = try await bench.sync().release(held.runID, Hold.Release(author: "ben", reason: "again", at: bench.clock.world.now()))
            bench.configuration.validation.maxRejectedShare = 0.01
            bench.configuration.validation.rejectedFloor = 1
            try bench.drop(FeedFile("flawed.csv", (1...9).map { FeedRow("x-\($0)", flaw: .price) }), at: 3700)
            #expect(try await bench.run().state == .validationFailed)
            #expect(try await HoldShelf(store: bench.synced, pipeline: bench.pipeline).current()?.release?.author == "ana")
            try await bench.sync().discard(file: "flawed.csv", Self.word)
            // Left by its process once it has taken the word; the run that settles it must not take it once more.
            var request = CatalogSync.Request()
            request.runID = "left"
            #expect(await (try bench.sync()).stage(.transform, request, grace: .seconds(1)).state == .running)
            bench.clock.advance(.seconds(60))
            await #expect(throws: RunStop.self, "its files are on their way") { _ = try await bench.sync().discard(held.runID, Self.word) }
            try bench.drop(FeedFile("more.csv", Self.outOfStock(50...90)), at: 7200)
            let report = try await bench.run()
            #expect(report.state == .held && report.settled.map(\.state) == [.done], "\(report.text())")
            #expect(bench.sandbox.catalog()["sku-1"]?["availability"] == "out of stock" && bench.sandbox.catalog()["sku-50"]?["availability"] == "in stock")
        }
    }

    @Test("a hold is not put over what a person has said, where its run is closed once more")
    func closedTwice() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.outOfStock(1...40)), at: 3600)
            let held = try await bench.run()
            let folder = RunFolder(pipeline: bench.pipeline, runID: held.runID, startedAt: held.startedAt)
            _ = try await bench.sync().discard(held.runID, Self.word)
            #expect(try await bench.synced.exists(folder.decision))
            #expect(try await bench.run().state == .nothingToDo)
            #expect(try await HoldShelf(store: bench.synced, pipeline: bench.pipeline).current() == nil)
        }
    }

    @Test("a held run says nothing of the products; what became of its rows is remembered, after a reindex too", arguments: [false, true])
    func ledger(isReindexed: Bool) async throws {
        try await Self.withShop { bench in
            let before = try bench.subject("sku-90")
            try bench.drop(FeedFile("stock.csv", Self.outOfStock(1...40) + [FeedRow("sku-90", 2, flaw: .price), FeedRow("sku-91")]), at: 3600)
            let held = try await bench.run()
            if isReindexed { _ = try await bench.sync().reindex() }
            #expect(try bench.subject("sku-90")?.state == before?.state && before?.state == .accepted)
            #expect(try bench.subject("sku-91")?.sentFile == "full.csv")
            let receipts = try await bench.receipts(of: held)
            #expect(receipts.count { $0.end == .held } == 40 && receipts.count { $0.end == .rejected } == 1)
            #expect(try bench.ledger.history(of: "sku-1", pipeline: bench.pipeline, limit: 5).contains { $0.receipt.end == .held })
        }
    }

    @Test("shares are of all that was ever sent, also of what was rejected since")
    func rejectedSince() async throws {
        try await Self.withShop(200) { bench in
            try bench.drop(FeedFile("flawed.csv", (60...200).map { FeedRow("sku-\($0)", 2, flaw: .price) }), at: 3600)
            _ = try await bench.run()
            bench.clock.advance(.seconds(3600))
            try bench.drop(FeedFile("stock.csv", Self.outOfStock(1...50)), at: 7200)
            #expect(try await bench.run().state == .done, "a quarter of 200")
        }
    }

    @Test("a file that was refused as a whole keeps its reason when its run is discarded")
    func refusedFile() async throws {
        try await Self.withShop { bench in
            try bench.drop(FeedFile("stock.csv", Self.outOfStock(1...40)), at: 3600)
            try bench.drop(FeedFile("broken.csv", [FeedRow("a")], isRefused: true), at: 3601)
            let held = try await bench.run()
            #expect(held.state == .held)
            #expect(try await bench.sync().discard(held.runID, Self.word) == ["stock.csv"])
            let reason = String(decoding: try await bench.landing.get("rejected/\(held.runID)/broken.csv.reason.json", limit: 10_000), as: UTF8.self)
            #expect(reason.contains("price") && !reason.contains("ana"))
        }
    }

    @Test("the plan knows of a hold and of a release, and tells what binds a catalogue before its first run")
    func plan() async throws {
        try await Self.withGuards { bench in
            bench.configuration.guards.bound.hosts = ["other.krd"]
            try bench.drop(FeedFile("full.csv", .numbered(1...60)), at: 0)
            let plan = try await bench.plan()
            #expect(plan.error?.detail.contains("X10") == true && plan.rows.held == 60 && plan.rows.pending == 0 && plan.balanced, "\(plan.text())")
            let held = try await bench.run()
            #expect(held.rows.held == 60)
            let shelf = HoldShelf(store: bench.synced, pipeline: bench.pipeline)
            #expect(try await bench.plan(hold: shelf.current()).error?.remedy.contains("vitrine release \(held.runID)") == true)
            _ = try await bench.sync().release(held.runID, Self.word)
            #expect(try await bench.plan(hold: shelf.current()).error == nil)
        }
    }

    @Test("a price that many are given is found among any number of others, wherever it stands")
    func frequentPrices() throws {
        var prices = FrequentPrices()
        func item(_ number: Int) -> BatchItem {
            BatchItem(id: "\(number)", file: "a.csv", row: number, fileTime: Timestamp(nanoseconds: 0), content: Fingerprint(0), offset: 0, length: 0)
        }
        for number in 0..<60_000 {
            let amount = number > 30_000 && number.isMultiple(of: 2) ? 1 : Int64(number + 10)
            prices.add(FrequentPrices.Price(amount: amount, currency: "USD"), item(number), "")
        }
        let most = try #require(prices.most)
        #expect(most.0.amount == 1 && (14_990...15_000).contains(most.1.count))
    }
}
