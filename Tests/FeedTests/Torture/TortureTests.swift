import Foundation
import Testing

@testable import Feed

@Suite("Torture files")
struct TortureTests {
    @Test("are read right or refused with rule, line and remedy, at every block size", arguments: Torture.cases)
    func each(_ test: TortureCase) async throws {
        for block in [2 << 20, test.bytes.count < 64 << 10 ? 7 : 4096] {
            var options = test.options
            options.blockBytes = block
            let found = try await scan(test.bytes, options: options, workers: 2)
            try check(test, found, options, "block \(block)")
        }
        guard test.bytes.count < 64 << 10 else { return }  // blocks of seven bytes take their time
        #expect(try await FuzzChecks(feed: NastyFeed(bytes: test.bytes, options: test.options), seed: 1).complaints() == [])
    }

    private func check(_ test: TortureCase, _ found: FileScan, _ options: FeedOptions, _ place: Comment) throws {
        if case .refused(let rule, let line, let saying) = test.expectation {
            let refusal = try #require(found.refusal, place)
            #expect(refusal.rule == rule && refusal.line == line, "\(place): \(refusal)")
            #expect((refusal.message + " " + refusal.value).contains(saying) && !refusal.remedy.isEmpty, "\(place): \(refusal)")
            #expect(found.rejectedCount == found.rowCount && found.rows.isEmpty, place)
            return
        }
        #expect(found.refusal == nil, place)
        let stopped = try rejected(test, found, options)
        switch test.expectation {
        case .refused: break
        case .rejected(let rows): #expect(stopped == rows, place)
        case .warned(let rules):
            #expect(stopped.isEmpty && found.rejectedCount == 0, place)
            for rule in rules { #expect(found.tally.count(of: rule) > 0, "\(place): \(rule.rawValue)") }
        case .read(let items):
            #expect(stopped.isEmpty && found.rejectedCount == 0, place)
            try #require(found.rows.count == items.count, place)
            var reader = RowReader(scan: found, source: MemoryByteSource(test.bytes), options: options)
            for (row, wanted) in items.enumerated() {
                var json: [UInt8] = []
                _ = try reader.encode(row, into: &json)
                let item = try JSONDecoder().decode([String: ItemValue].self, from: Data(json))
                for (key, value) in wanted { #expect(item[key]?.text.map { Array($0.utf8) } == Array(value.utf8), "\(place), row \(row): \(item)") }
            }
        }
    }

    /// Lines of rejected rows, with the rules that reject them in the order of the fields.
    private func rejected(_ test: TortureCase, _ found: FileScan, _ options: FeedOptions) throws -> [Int: [RuleID]] {
        var reader = RowReader(scan: found, source: MemoryByteSource(test.bytes), options: options)
        var rows: [Int: [RuleID]] = [:]
        for row in 0..<found.rows.count where found.rows[row].isRejected {
            let detail = try reader.detail(row)
            rows[detail.line] = detail.findings.filter { $0.severity >= .error }.map(\.rule).sorted { $0.ordinal < $1.ordinal }
        }
        return rows
    }

    @Test("are a hundred at least, and each has a name of its own") func count() {
        #expect(Torture.cases.count >= 100)
        #expect(Set(Torture.cases.map(\.testDescription)).count == Torture.cases.count)
    }

    @Test("are told of in docs/reference/bad-input.md (RECORD_GOLDEN=1 writes it anew)")
    func page() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let file = root.appending(path: "docs/reference/bad-input.md")
        let page = try await BadInputPage.markdown(Torture.cases)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil { try Data(page.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == page)
    }
}
