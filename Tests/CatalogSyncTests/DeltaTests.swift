import Engine
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
}
