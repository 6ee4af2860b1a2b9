import Engine
import Feed
import Foundation
import ObjectStore
import Sandbox
import Synchronization
import Testing

@testable import CatalogSync

@Suite("Checks before anything is sent")
struct ValidationTests {
    private static let many = FeedFile("a.csv", .numbered(1...30) + (1...30).map { FeedRow("bad-\($0)", flaw: .price) })

    @Test("too many rejected rows: nothing is sent, the files stay, only refused ones move")
    func share() async throws {
        try await withBench { bench in
            bench.configuration.validation = .init()
            try bench.drop(Self.many, at: 0)
            try bench.drop(FeedFile("no.csv", .numbered(1...2), isRefused: true), at: 1)
            let report = try await bench.run()
            #expect(report.state == .validationFailed && report.exitCode == .validationFailed && report.error?.reason == "rejected_share")
            #expect(report.error?.remedy.contains("--accept-rejected --reason") == true)
            #expect(report.rows.held == 30 && report.rows.rejected == 32 && report.rows.sent == 0 && report.balanced, "\(report.text())")
            #expect(bench.posts.isEmpty)
            #expect(try await bench.dataFiles() == ["a.csv"])
            #expect(try await bench.names(in: "rejected/\(report.runID)/") == ["no.csv", "no.csv.reason.json"])
            let reason = try await bench.landing.get("rejected/\(report.runID)/no.csv.reason.json", limit: 4096)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(reason)) as? [String: Any])
            #expect(object["rule"] as? String == "F03" && object["file"] as? String == "no.csv" && object["run_id"] as? String == report.runID)
            #expect((object["message"] as? String)?.contains("price") == true && (object["remedy"] as? String)?.isEmpty == false)
            #expect(try await bench.openMarks().isEmpty)

            let accepted = try await bench.run { $0.acceptRejected = "season's end" }
            #expect(accepted.state == .done && accepted.items.accepted == 30 && accepted.balanced, "\(accepted.text())")
            #expect(try await bench.dataFiles().isEmpty)
            #expect(bench.sink.syncEvents.contains { if case .rejectedAccepted("season's end") = $0 { true } else { false } })
        }
    }

    @Test("strict stops at a single row, until it is accepted")
    func strict() async throws {
        try await withBench { bench in
            bench.configuration.validation.strict = true
            try bench.drop(FeedFile("a.csv", [FeedRow("sku-1"), FeedRow("sku-2", flaw: .ragged)]), at: 0)
            #expect(try await bench.run().error?.reason == "strict")
            #expect(bench.posts.isEmpty)
            #expect(try await bench.run { $0.acceptRejected = "known" }.state == .done)
        }
    }

    @Test("only refused files: validation failed, and they move")
    func nothingUsable() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2), isRefused: true), at: 0)
            try bench.drop("b.csv.gz", Array("no gzip".utf8), at: 1)
            try bench.drop("c.csv", [], at: 2)
            let report = try await bench.run()
            #expect(report.state == .validationFailed && report.error?.reason == "no_usable_file" && report.files.rejected == 3)
            #expect(report.refusedFiles.map(\.rule).sorted() == ["F01", "F03", "F11"])
            #expect(try await bench.dataFiles().isEmpty)
            #expect(report.rows.read == 2 && report.rows.rejected == 2 && report.balanced)
        }
    }

    @Test("a refused file beside a good one makes the run done_with_errors")
    func oneRefused() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2), isRefused: true), at: 0)
            try bench.drop(FeedFile("b.csv", .numbered(1...2)), at: 1)
            let report = try await bench.run()
            #expect(report.state == .doneWithErrors && report.exitCode == .doneWithErrors && report.rows.rejected == 2 && report.items.accepted == 2)
            #expect(report.files == { var files = SyncReport.Files(); files.found = 2; files.taken = 2; files.rejected = 1; files.archived = 1; return files }())
        }
    }

    @Test("a header and no rows: nothing to do, and the file is archived")
    func headerOnly() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", []), at: 0)
            let report = try await bench.run()
            #expect(report.state == .nothingToDo && report.exitCode == .success && report.balanced)
            #expect(try await bench.dataFiles().isEmpty)
            #expect(try await bench.names(in: "archive/").count == 1)
            #expect(bench.sandbox.calls().isEmpty)
        }
    }

    @Test("an empty landing zone: nothing to do, no calls, no open mark")
    func empty() async throws {
        try await withBench { bench in
            let report = try await bench.run()
            #expect(report.state == .nothingToDo && report.exitCode == .success && report.balanced && bench.sandbox.calls().isEmpty)
            #expect(try await bench.openMarks().isEmpty)
        }
    }

    @Test("the file of rejected rows opens in a spreadsheet, and mended and dropped back it is taken")
    func rejectedFile() async throws {
        try await withBench { bench in
            let rows = [FeedRow("sku-1"), FeedRow("sku-2", flaw: .price), FeedRow("sku-3", flaw: .noID), FeedRow("sku-4", flaw: .ragged)]
            try bench.drop(FeedFile("north/a.csv", rows), at: 0)
            let report = try await bench.run()
            let key = "rejected/\(report.runID)/north/a.csv.rejected.csv"
            let bytes = try await bench.landing.get(key, limit: 1 << 20)
            #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
            let lines = String(decoding: bytes.dropFirst(3), as: UTF8.self).split(separator: "\n").map(String.init)
            #expect(lines[0] == "_line,_rules,_hint,_run," + FeedRow.columns)
            #expect(lines.dropFirst().map { String($0.prefix(5)) } == ["3,P02", "4,I01", "5,F07"])
            for (line, row) in zip(lines.dropFirst(), rows.dropFirst()) { #expect(line.hasSuffix("," + row.line), "\(line)") }

            let mended = lines.dropLast().joined(separator: "\n").replacing("ask us", with: "11.90 USD").replacing(",,Walnut", with: ",sku-3,Walnut")
                .replacing(",P02,", with: ",,") + "\n"
            try bench.drop("mended.csv", [0xEF, 0xBB, 0xBF] + Array(mended.utf8), at: 60)
            let second = try await bench.run()
            #expect(second.rows.read == 2 && second.items.accepted >= 1 && second.files.rejected == 0 && second.balanced, "\(second.text())")
            #expect(bench.sandbox.catalog()["sku-2"] != nil)
        }
    }

    @Test("rows of one id that contradict each other are rejected where I07 is an error, and the books know them")
    func contradiction() async throws {
        try await withBench { bench in
            bench.configuration.feed.severities[.i07] = .error
            try bench.drop(FeedFile("a.csv", [FeedRow("sku-1"), FeedRow("twin", 1), FeedRow("twin", 2), FeedRow("sku-2")]), at: 0)
            let report = try await bench.run()
            #expect(report.rows.rejected == 2 && report.rows.superseded == 0 && report.rows.sent == 2 && report.balanced, "\(report.text())")
            #expect(try await bench.receipts(of: report).filter { $0.end == .rejected }.map(\.rules) == [["I07"], ["I07"]])
            #expect(bench.sandbox.catalog()["twin"] == nil)
            let text = String(decoding: try await bench.landing.get("rejected/\(report.runID)/a.csv.rejected.csv", limit: 1 << 20), as: UTF8.self)
            #expect(text.split(separator: "\n").count == 3)
            #expect(try bench.subject("twin")?.state == .rejected)
        }
    }
}

@Suite("What validate tells, and when")
struct ValidationTellingTests {
    @Test("a store that fails on the way costs a line at most: nothing is told twice however often the stage is done")
    func again() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...4) + [FeedRow("bad-1", flaw: .price)]), at: 0)
            try bench.drop(FeedFile("b.csv", .numbered(1...2, revision: 2)), at: 1)
            let failures = Mutex(3)
            let store = TappedStore(base: bench.synced) { (call, moment, key) throws(StoreError) in
                guard call == .put, moment == .before, key.hasSuffix(RowKeeper.stopped), failures.withLock({ left in
                    left -= 1
                    return left >= 0
                }) else { return }
                throw StoreError(.failed, culprit: "the test", detail: "not now", remedy: "Try again.")
            }
            for _ in 1...3 { #expect(await (try bench.sync(synced: store)).run(.init()).state == .failed) }
            let last = await (try bench.sync(synced: store)).run(.init())
            let runID = last.settled.first?.runID ?? last.runID
            let report = try #require(try bench.storedReport(runID))
            let told = bench.sink.syncEvents.reduce(into: (read: 0, rejected: 0, findings: 0)) { told, event in
                switch event {
                case .rowsValidated(_, let read, let rejected): (told.read, told.rejected) = (told.read + read, told.rejected + rejected)
                case .findingsCounted(_, _, let count): told.findings += count
                default: break
                }
            }
            #expect(told.read == report.rows.read && told.rejected == report.rows.rejected && told.read == 7)
            #expect(told.findings == report.findings.filter { $0.severity != "file" }.reduce(0) { $0 + $1.count })
            #expect(bench.sink.count(.rowRejected) == report.rows.rejected)
        }
    }
}
