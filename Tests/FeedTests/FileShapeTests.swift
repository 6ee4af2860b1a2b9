import Testing

@testable import Feed

/// A file that is refused as a whole: by which rule, on which line, and how many rows it costs.
struct RefusalCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let rule: RuleID
    let line: Int
    let rows: Int
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ rule: RuleID, line: Int, rows: Int) { self.init(name, Array(text.utf8), rule, line: line, rows: rows) }

    init(_ name: String, _ bytes: [UInt8], _ rule: RuleID, line: Int, rows: Int) {
        self.name = name
        self.bytes = bytes
        self.rule = rule
        self.line = line
        self.rows = rows
    }
}

private let good = file([:])
private let row = String(good.split(separator: "\n")[1])
private let head = requiredHeader + "\n"

private let refusals: [RefusalCase] = [
    .init("no byte", "", .f01, line: 0, rows: 0),
    .init("UTF-16 with mark", [0xFF, 0xFE] + Array(good.utf8).flatMap { [$0, 0] }, .f02, line: 1, rows: 0),
    .init("UTF-16 without mark", Array(good.utf8).flatMap { [0, $0] }, .f02, line: 1, rows: 0),
    .init("UTF-32", Array(good.utf8).flatMap { [$0, 0, 0, 0] }, .f02, line: 1, rows: 0),
    .init("a NUL", head + row + "\n" + row + "\n\u{0}", .f02, line: 4, rows: 3),
    .init("Windows-1256", Array((head + row + "\n").utf8) + [0xE3, 0xD5] + Array(row.utf8), .f02, line: 3, rows: 2),
    .init("a column is missing", "id,title\n1,a\n2,b\n", .f03, line: 1, rows: 2),
    .init("raw Airbyte", "_airbyte_ab_id,_airbyte_emitted_at,_airbyte_data\n1,2,3\n", .f03, line: 1, rows: 1),
    .init("a name twice", requiredHeader + ",ID \n" + row + ",1\n", .f04, line: 1, rows: 1),
    .init("a name is empty", requiredHeader + ",\n" + row + ",\n", .f04, line: 1, rows: 1),
    .init("tabs", good.replacing(",", with: "\t"), .f09, line: 1, rows: 1),
    .init("bars", good.replacing(",", with: "|"), .f09, line: 1, rows: 1),
    .init("open quote", head + row + "\n\"" + row + "\n" + row + "\n", .f08, line: 3, rows: 2),
    .init("open quote in a later field", head + row + "\na,\"b\nc\",d,\"" + row + "\n", .f08, line: 4, rows: 2),
    .init("text behind a quote", head + "\"a\" b," + row + "\n" + row + "\n", .f08, line: 2, rows: 1),
    .init("long field", head + row + "\n" + String(repeating: "x", count: 70_000) + "," + row + "\n", .f10, line: 3, rows: 2),
    .init("long quoted field", head + "\"" + String(repeating: "x\n", count: 40_000) + "\"," + row + "\n", .f10, line: 2, rows: 1),
    .init("lone CR", good.replacing("\n", with: "\r"), .f14, line: 1, rows: 0),
]

@Suite("Files")
struct FileShapeTests {
    @Test("are refused with rule, line, remedy and rows, at every block size", arguments: refusals)
    fileprivate func refused(_ test: RefusalCase) async throws {
        for block in [2 << 20, 64, 7] {
            var options = FeedOptions()
            options.blockBytes = block
            let found = try await scan(test.bytes, options: options, workers: 2)
            let refusal = try #require(found.refusal)
            #expect(refusal.rule == test.rule && refusal.line == test.line, "\(refusal), block \(block)")
            #expect(!refusal.remedy.isEmpty && !refusal.message.isEmpty)
            #expect(found.rowCount == test.rows && found.rejectedCount == test.rows && found.rows.isEmpty, "block \(block)")
            #expect(found.tally.count(of: test.rule, severity: .file) == 1)
        }
    }

    @Test(
        "are accepted in these shapes",
        arguments: [
            good, "\u{FEFF}" + good, good.replacing("\n", with: "\r\n"), String(good.dropLast()), "\n\r\n" + good, head + "\n\r\n" + row + "\n\n\n",
            good.replacing("image_link", with: "Image Link"), head.uppercased() + row + "\r\n",
            good.replacing(",", with: ";"),
            requiredHeader.replacing(",", with: ";") + ";_line;_rules;_hint\n" + row.replacing(",", with: ";") + ";7;T01;Fill in\n",
        ])
    func accepted(_ text: String) async throws {
        let found = try await scan(text)
        #expect(found.refusal == nil)
        #expect(found.rowCount == 1 && found.rejectedCount == 0)
        #expect(found.header.unknown == [])
    }

    @Test("a header alone is noted, not refused") func headerAlone() async throws {
        let found = try await scan(head)
        #expect(found.refusal == nil && found.rowCount == 0)
        #expect(found.tally.count(of: .f01, severity: .info) == 1)
    }

    @Test("unknown columns are named, expected ones are not") func unknown() async throws {
        let found = try await scan(file(["colour": "red", "_airbyte_raw_id": "x", "_ab_cdc_lsn": "1"]))
        #expect(found.header.unknown == ["colour"])
        #expect(found.tally.count(of: .f05) == 1)
    }

    @Test("a quote amid an unquoted field is a character like any other", arguments: [2 << 20, 7, 64])
    func strayQuote(_ block: Int) async throws {
        var options = FeedOptions()
        options.blockBytes = block
        let stray = row.replacing("Walnut", with: "12\" walnut")
        let text = head + row + "\n" + stray + "\n" + "\"sku\n2\"" + row.dropFirst(5) + "\n" + row + "\n"
        let found = try await scan(text, options: options, workers: 2)
        #expect(found.refusal == nil)
        #expect((0..<found.rows.count).map { found.rows[$0].line } == [2, 3, 4, 6])
    }

    @Test("too few and too many fields are told apart") func ragged() async throws {
        let found = try await scan(head + row + "\na,b\n" + row + ",x\n")
        let examples = found.tally.entries.first { $0.rule == .f07 }?.examples ?? []
        #expect(examples.map(\.value) == ["2 fields, the header has 10: shorter", "11 fields, the header has 10: longer"])
        #expect(examples.map(\.row) == [3, 4])
        #expect(found.rejectedCount == 2)
    }

    @Test("a file over the limit is refused unread") func large() async throws {
        var options = FeedOptions()
        options.maxFileBytes = 100
        #expect(try await scan(good, options: options).refusal?.rule == .f10)
    }
}
