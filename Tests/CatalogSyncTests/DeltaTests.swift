import Engine
import Feed
import ObjectStore
import Sandbox
import Testing

@testable import CatalogSync

@Suite("What is sent, and what is not sent again")
struct DeltaTests {
    @Test("every valid row of a first run reaches the catalogue")
    func first() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...7)), at: 0)
            let report = try await bench.run()
            #expect(report.state == .done && report.exitCode == .success, "\(report.text())")
            #expect(report.rows.read == 7 && report.rows.sent == 7 && report.items.accepted == 7 && report.balanced)
            #expect(Set(bench.sandbox.catalog().keys) == Set((1...7).map { "sku-\($0)" }))
            #expect(try await bench.dataFiles().isEmpty)
            #expect(try await bench.names(in: "archive/") == ["2026/11/21/\(report.runID)/a.csv"])
            #expect(try await bench.openMarks().isEmpty)
        }
    }

    @Test("the same rows again send nothing, and the run is done")
    func unchanged() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...7)), at: 0)
            _ = try await bench.run()
            let posts = bench.posts.count
            try bench.drop(FeedFile("b.csv", .numbered(1...7)), at: 60)
            let report = try await bench.run()
            #expect(report.state == .done && report.rows.unchanged == 7 && report.items.sent == 0 && report.balanced, "\(report.text())")
            #expect(bench.posts.count == posts)
            #expect(try await bench.dataFiles().isEmpty)
        }
    }

    @Test("only the changed row is sent again")
    func changed() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...7)), at: 0)
            _ = try await bench.run()
            try bench.drop(FeedFile("b.csv", .numbered(1...6) + [FeedRow("sku-7", 2)]), at: 60)
            let report = try await bench.run()
            #expect(report.rows.unchanged == 6 && report.rows.sent == 1 && report.items.accepted == 1)
            #expect(bench.posts.last == ["sku-7"])
            #expect(bench.sandbox.catalog()["sku-7"]?["title"] == FeedRow("sku-7", 2).title)
        }
    }

    @Test("12,001 products in three files, one id in all of them: five batches, and two superseded rows with both places")
    func threeFiles() async throws {
        try await withBench { bench in
            bench.configuration.delivery.batchSize = 3000
            let shared = (1...3).map { FeedRow("shared", $0) }
            try bench.drop(FeedFile("a.csv", .numbered(1...4000, prefix: "a") + [shared[0]]), at: 0)
            try bench.drop(FeedFile("b.csv", [shared[1]] + .numbered(1...4000, prefix: "b")), at: 1)
            try bench.drop(FeedFile("c.csv", .numbered(1...4000, prefix: "c") + [shared[2]]), at: 2)
            let report = try await bench.run()
            #expect(report.rows.read == 12_003 && report.rows.superseded == 2 && report.rows.sent == 12_001 && report.items.accepted == 12_001)
            #expect(report.batches.prepared == 5 && bench.posts.map(\.count) == [3000, 3000, 3000, 3000, 1])
            #expect(report.requests == .init(sent: 5, retried: 0) && report.balanced)
            let superseded = try await bench.receipts(of: report).filter { $0.end == .superseded }.map { "\($0.file):\($0.row) by \($0.newer ?? "")" }
            #expect(superseded.sorted() == ["a.csv:4002 by c.csv:4002", "b.csv:2 by c.csv:4002"])
            #expect(bench.sandbox.catalog()["shared"]?["title"] == shared[2].title)
        }
    }

    @Test("a row older than the one that was sent is superseded, with both places")
    func older() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("new.csv", [FeedRow("sku-1", 2)]), at: 600)
            _ = try await bench.run()
            try bench.drop(FeedFile("old.csv", [FeedRow("sku-0"), FeedRow("sku-1", 1)]), at: 0)
            let report = try await bench.run()
            #expect(report.rows.superseded == 1 && report.rows.sent == 1 && report.balanced)
            let receipt = try await bench.receipts(of: report).first { $0.end == .superseded }
            #expect(receipt?.file == "old.csv" && receipt?.row == 3 && receipt?.newer == "new.csv:2")
            #expect(bench.sandbox.catalog()["sku-1"]?["title"] == FeedRow("sku-1", 2).title)
            // Not even a full run lets an older row win.
            try bench.drop(FeedFile("old2.csv", [FeedRow("sku-1", 1)]), at: 1)
            #expect(try await bench.run { $0.full = true }.rows.superseded == 1)
        }
    }

    @Test("a version column decides against the age of the files")
    func version() async throws {
        try await withBench { bench in
            bench.configuration.feed.versionColumn = "updated_at"
            func file(_ title: String, _ version: String) -> [UInt8] {
                Array((FeedRow.columns + ",updated_at\n" + FeedRow("sku-1").line.replacing("Walnut", with: title) + "," + version + "\n").utf8)
            }
            try bench.drop("a.csv", file("Newer", "2026-11-20T10:00:00Z"), at: 0)
            _ = try await bench.run()
            try bench.drop("b.csv", file("Older", "2026-11-20T09:00:00Z"), at: 600)
            let report = try await bench.run()
            #expect(report.rows.superseded == 1 && report.rows.sent == 0)
            #expect(bench.sandbox.catalog()["sku-1"]?["title"]?.hasPrefix("Newer") == true)
        }
    }

    @Test("a refused product is not sent again while its row and the settings are the same")
    func refused() async throws {
        var faults = FaultPlan()
        faults.refusals.titleWords = ["replica"]
        try await withBench(sandbox: { $0.faults = faults }) { bench in
            let rows = [FeedRow("sku-1"), FeedRow("sku-2", word: "replica")]
            func again(_ name: String, _ at: Double, full: Bool = false) async throws -> SyncReport {
                try bench.drop(FeedFile(name, rows), at: at)
                return try await bench.run { $0.full = full }
            }
            let first = try await again("a.csv", 0)
            #expect(first.state == .doneWithErrors && first.items.refused == 1 && first.refusals.first?.examples.first?.productID == "sku-2")
            #expect(first.refusals.first?.examples.first?.file == "a.csv" && first.refusals.first?.examples.first?.row == 3)
            #expect(try await again("b.csv", 1).rows.unchanged == 2)
            bench.configuration.settingsFingerprint = "settings-2"
            let changed = try await again("c.csv", 2)
            #expect(changed.rows.unchanged == 1 && changed.items.refused == 1)
            #expect(try await again("d.csv", 3).rows.unchanged == 2)
            let full = try await again("e.csv", 4, full: true)
            #expect(full.items.accepted == 1 && full.items.refused == 1 && full.rows.unchanged == 0)
            #expect(try bench.subject("sku-2")?.state == .refused && bench.subject("sku-2")?.acceptedContent == nil)
        }
    }

    @Test("a product whose last row was rejected is accepted again when its old row comes back, without being sent")
    func mended() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2)), at: 0)
            _ = try await bench.run()
            try bench.drop(FeedFile("b.csv", [FeedRow("sku-1"), FeedRow("sku-2", 2, flaw: .price)]), at: 1)
            _ = try await bench.run()
            #expect(try bench.subject("sku-2")?.state == .rejected)
            try bench.drop(FeedFile("c.csv", .numbered(1...2)), at: 2)
            #expect(try await bench.run().rows.unchanged == 2)
            #expect(try bench.subject("sku-2")?.state == .accepted)
        }
    }

    @Test("why Meta refused a product is kept where it stands unchanged beside a row that is rejected", arguments: [false, true])
    func refusedBesideRejected(isReindexed: Bool) async throws {
        var faults = FaultPlan()
        faults.refusals.titleWords = ["replica"]
        try await withBench(sandbox: { $0.faults = faults }) { bench in
            try bench.drop(FeedFile("a.csv", [FeedRow("sku-1", word: "replica"), FeedRow("sku-2")]), at: 0)
            _ = try await bench.run()
            let before = try #require(try bench.subject("sku-1"))
            bench.clock.advance(.seconds(60))
            try bench.drop(FeedFile("b.csv", [FeedRow("sku-1", 2, flaw: .price), FeedRow("sku-1", word: "replica"), FeedRow("sku-2", 2)]), at: 60)
            let report = try await bench.run()
            #expect(report.balanced && report.rows.rejected == 1 && report.rows.unchanged == 1 && report.rows.sent == 1, "\(report.text())")
            if isReindexed { _ = try await bench.sync().reindex() }
            let after = try #require(try bench.subject("sku-1"))
            #expect(after.state == .refused && after.message == before.message && after.cause == before.cause && before.message != nil)
            #expect(after.sentFile == "b.csv" && after.acceptedContent == nil)
        }
    }

    @Test("a late row from between two equal ones does not win", arguments: [false, true])
    func late(isReindexed: Bool) async throws {
        try await withBench { bench in
            for (name, revision, at) in [("a.csv", 1, 0.0), ("c.csv", 1, 7200)] {
                try bench.drop(FeedFile(name, [FeedRow("sku-1", revision)]), at: at)
                _ = try await bench.run()
                bench.clock.advance(.seconds(60))
            }
            #expect(try bench.subject("sku-1")?.sentFile == "c.csv" && bench.subject("sku-1")?.since == bench.ledger.runs(pipeline: "shop", limit: 2).last?.endedAt)
            if isReindexed { _ = try await bench.sync().reindex() }
            try bench.drop(FeedFile("b.csv", [FeedRow("sku-1", 2)]), at: 3600)
            let report = try await bench.run()
            #expect(report.rows.superseded == 1 && report.rows.sent == 0, "\(report.text())")
            #expect(bench.sandbox.catalog()["sku-1"]?["title"] == FeedRow("sku-1", 1).title)
        }
    }

    @Test("what history tells is in the report once, in the plan too, and stops nothing")
    func history() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            _ = try await bench.run()
            bench.clock.advance(.seconds(3600))
            let old = FeedRow("sku-1")
            let lines = [
                old.line.replacing("11.90 USD", with: "1.19 USD"),
                "SKU2-NEW" + FeedRow("sku-2").line.dropFirst("sku-2".count),
                FeedRow("sku-3", 5).line,
            ]
            try bench.drop("b.csv", Array((FeedRow.columns + "\n" + lines.joined(separator: "\n") + "\n").utf8), at: 60)
            try bench.drop(FeedFile("late.csv", [FeedRow("sku-3", 2)]), at: -60)
            let told = [
                "I10 b.csv:3 SKU2-NEW as sku-2, sent from a.csv:3", "P13 b.csv:2 sku-1 1.19 USD, sent last: 11.9 USD (−90 %)",
            ]
            func found(_ report: SyncReport) -> [String] {
                report.findings.filter { ["I10", "P13", "X07"].contains($0.rule) }.flatMap { finding in
                    finding.examples.map { "\(finding.rule) \($0.file):\($0.row) \($0.productID) \($0.value)" }
                }
            }
            let plan = try await bench.plan()
            #expect(found(plan) == told)
            let report = try await bench.run()
            #expect(found(report) == told && report.rows.sent == 3 && report.rows.superseded == 1 && report.items.accepted == 3, "\(report.text())")
            #expect(bench.sink.syncEvents.count { if case .findingsCounted(rule: "P13", _, count: 1) = $0 { true } else { false } } == 1)
            // The next file says nothing new of them: the new price is the known one now, the new id a known one.
            try bench.drop("c.csv", Array((FeedRow.columns + "\n" + lines.joined(separator: "\n").replacing("Dimmable", with: "Warm") + "\n").utf8), at: 120)
            bench.clock.advance(.seconds(3600))
            let next = try await bench.run()
            #expect(found(next) == [] && next.rows.sent == 3)
            try bench.drop(FeedFile("later.csv", [FeedRow("sku-3", 2)]), at: 90)
            #expect(found(try await bench.run()) == ["X07 later.csv:2 sku-3 older than c.csv:4"])
        }
    }

    @Test("the plan says what the run will say of each row, and calls refused rows what they are")
    func foretold() async throws {
        var faults = FaultPlan()
        faults.refusals.titleWords = ["replica"]
        try await withBench(sandbox: { $0.faults = faults }) { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...4) + [FeedRow("sku-5", word: "replica")]), at: 600)
            _ = try await bench.run()
            try bench.drop(FeedFile("late.csv", [FeedRow("sku-1", 2)]), at: 0)
            try bench.drop(FeedFile("b.csv", [FeedRow("sku-2"), FeedRow("sku-3", 2), FeedRow("sku-4", flaw: .price), FeedRow("sku-5", word: "replica"), FeedRow("new")]), at: 700)
            let plan = try await bench.plan()
            let report = try await bench.run()
            #expect(plan.rows.read == 6 && plan.rows.rejected == 1 && plan.rows.superseded == 1 && plan.rows.unchanged == 2 && plan.rows.pending == 2)
            #expect(plan.stillRefused == 1 && plan.balanced && plan.error == nil)
            #expect(plan.text().contains("1 of the unchanged rows Meta has refused as they are"))
            #expect(report.rows.superseded == plan.rows.superseded && report.rows.unchanged == plan.rows.unchanged && report.rows.sent == plan.rows.pending)
            #expect(report.stillRefused == plan.stillRefused && report.findings == plan.findings)
        }
    }

    @Test("the plan says where a run would stop, with the same words and the same code")
    func stop() async throws {
        try await withBench { bench in
            bench.configuration.validation.maxRejectedShare = 0.2
            bench.configuration.validation.rejectedFloor = 1
            try bench.drop(FeedFile("a.csv", .numbered(1...2) + [FeedRow("sku-3", flaw: .price)]), at: 0)
            let plan = try await bench.plan()
            #expect(plan.exitCode == .validationFailed && plan.state == .planned && plan.rows.held == 2 && plan.balanced && plan.batches.prepared == 0)
            #expect(plan.text().contains("A run would stop here: shop: 1 of 3 rows (33.3 %) were rejected"))
            let report = try await bench.run()
            #expect(report.error == plan.error && report.rows == plan.rows && report.exitCode == plan.exitCode)
        }
    }

    @Test("the plan foretells the batches of the run, to the byte", arguments: [0, 1, 2])
    func plan(_ spare: Int) async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("probe.csv", .numbered(1...2)), at: 0)
            let probe = try await bench.run()
            let bytes = try #require(try await bench.record(of: probe).transform?.bytes)
            bench.configuration.delivery.batchBytes = bytes - 1 + spare
            try bench.drop(FeedFile("a.csv", .numbered(1...8, revision: 2)), at: 1)
            let plan = try await bench.plan()
            let report = try await bench.run()
            #expect(plan.batches.prepared == report.batches.prepared && plan.rows.pending == report.rows.sent && plan.balanced)
            #expect(report.batches.prepared == (spare == 0 ? 8 : 4))
        }
    }
}
