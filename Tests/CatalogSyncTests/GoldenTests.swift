import Engine
import Foundation
import ObjectStore
import Sandbox
import Testing

@testable import CatalogSync

@Suite("The report")
struct GoldenTests {
    /// One run with an example of each thing a report can tell.
    @Test("of a run with everything in it")
    func everything() async throws {
        var faults = FaultPlan(rules: [FaultRule(.transient, when: .calls([2]))])
        faults.refusals.titleWords = ["replica"]
        try await withBench(sandbox: { $0.faults = faults }) { bench in
            bench.configuration.delivery.batchSize = 4
            try bench.drop(FeedFile("first.csv", .numbered(1...2)), at: 0)
            _ = try await bench.run { $0.runID = "20261121T080000Z-first" }
            try bench.drop(FeedFile("north/a.csv", .numbered(1...6) + [FeedRow("sku-7", flaw: .price), FeedRow("sku-8", flaw: .noID)]), at: 60)
            try bench.drop(FeedFile("b.csv", [FeedRow("sku-3", 2), FeedRow("sku-9", word: "replica"), FeedRow("sku-10")]), at: 61)
            try bench.drop(FeedFile("c.csv", [FeedRow("sku-11")], isRefused: true), at: 62)
            bench.clock.advance(.seconds(3600))
            let report = try await bench.run { $0.runID = "20261121T090000Z-golden" }
            try expectGolden("report.txt", report.text(hints: ["A hint."]))
            try expectGolden("report.json", String(decoding: try report.json(), as: UTF8.self))
            let page = try await bench.synced.get(bench.folder(of: report).reportPage, limit: 1 << 20)
            #expect(page == report.html(), "what lies in the run folder is what can be made of the stored report")
            try expectGolden("report.html", String(decoding: page, as: UTF8.self).replacing(PageStyle.sheet, with: "…"))
            let read = try SyncReport(json: try report.json())
            #expect(try read.json() == report.json())
        }
    }

    @Test("of a run that was stopped")
    func stopped() async throws {
        try await withBench(sandbox: { $0.faults = FaultPlan(rules: [FaultRule(.tokenExpired, when: .after(0))]) }) { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2)), at: 0)
            try expectGolden("stopped.txt", try await bench.run { $0.runID = "20261121T080000Z-golden" }.text())
        }
    }

    @Test("every figure that an alert rule can name is a number of the report")
    func figures() throws {
        let report = SyncReport(runID: "r", pipeline: "p", state: .done, startedAt: ManualClock.start)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(try report.json())) as? [String: Any])
        var found: Set<String> = []
        for (name, value) in object {
            if value is NSNumber, name != "balanced" { found.insert(name) }
            if let part = value as? [String: Any] { for (inner, number) in part where number is NSNumber { found.insert(name + "_" + inner) } }
        }
        #expect(found == SyncReport.figures)
    }
}

/// Compares with a file beside the tests. `RECORD_GOLDEN=1` writes it anew, to be read in review.
func expectGolden(_ name: String, _ text: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil { try Data(text.utf8).write(to: file) }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
}
