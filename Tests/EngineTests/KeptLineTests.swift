import Events
import FoundationEssentials
import TestKit
import Testing

@testable import Engine

@Suite("Kept lines")
struct KeptLineTests {
    static let nasty = [
        "", "plain", "\"quoted\" and \\ and /", "line\nfeed\r\ttab", "\u{0}\u{1}\u{8}\u{b}\u{c}\u{1f}\u{7f}", "چراغی مێز", "👩‍👩‍👧 e\u{301} \u{2028}\u{feff}",
        "{\"a\":[1]},", "\\u0041", String(repeating: "x", count: 70_000),
    ]

    static let whole = Receipt(
        subject: "SKU-1", end: .refused, warned: true, file: "a.csv", row: 12, fileTime: Timestamp(nanoseconds: 1_795_247_700_123_000_000), version: "7",
        content: Fingerprint(0xabc), traits: Traits(likeness: Fingerprint(.max), amount: -1999, unit: "IQD", standing: "in stock"), parcel: "00001",
        handle: "h", messages: ["no", "not \"so\""], rules: ["I01"], cause: "family", newer: "b.csv:3", at: Timestamp(nanoseconds: 1_795_247_701_000_000_000))

    static let wholeText = #"{"at":"2026-11-21T07:55:01.000Z","batch":"00001","cause":"family","content":"abc","end":"refused","file":"a.csv","#
        + #""file_time":"2026-11-21T07:55:00.123Z","handle":"h","messages":["no","not \"so\""],"newer":"b.csv:3","product_id":"SKU-1","row":12,"rules":["I01"],"#
        + #""traits":{"amount":-1999,"likeness":"ffffffffffffffff","standing":"in stock","unit":"IQD"},"version":"7","warned":true}"#

    @Test("A receipt with all there is to say is this line, and reads back as it was")
    func golden() throws {
        #expect(text(of: [Self.whole]) == Self.wholeText + "\n")
        #expect(try read(Self.wholeText) == Self.whole)
    }

    @Test("A receipt with nothing but what it must have reads back as it was")
    func least() throws {
        let receipt = Receipt(subject: "", end: .rejected, file: "", row: 0, fileTime: .distantPast, at: .distantFuture)
        let read = try read(text(of: [receipt]).dropLast())
        #expect(read.subject.isEmpty && read.content == nil && read.traits == nil && read.messages.isEmpty && !read.warned)
    }

    @Test("Any text comes back byte for byte, and another reader of JSON reads the same", arguments: nasty)
    func texts(text: String) throws {
        var receipt = Self.whole
        receipt.subject = text
        receipt.messages = [text, "x", text]
        let line = self.text(of: [receipt])
        #expect(line.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        #expect(Array(try read(line.dropLast()).subject.utf8) == Array(text.utf8))
        #expect(try read(line.dropLast()) == receipt)
        struct Seen: Decodable { var product_id: String, messages: [String] }
        let seen = try JSONDecoder().decode(Seen.self, from: Data(line.utf8))
        #expect(Array(seen.product_id.utf8) == Array(text.utf8))
        #expect(seen.messages == receipt.messages)
    }

    @Test("A thousand receipts of all kinds read back as they were")
    func many() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<1_000 {
            let receipt = Receipt(
                subject: Self.nasty.randomElement(using: &random) ?? "", end: Receipt.End.allCases.randomElement(using: &random) ?? .held,
                warned: .random(using: &random), file: "f\(Int.random(in: 0...9, using: &random)).csv", row: .random(in: 0 ... .max, using: &random),
                fileTime: Timestamp(nanoseconds: .random(in: 0...4_000_000_000_000, using: &random) * 1_000_000), version: Bool.random(using: &random) ? "1" : nil,
                content: Bool.random(using: &random) ? Fingerprint(.random(in: 0 ... .max, using: &random)) : nil,
                traits: Bool.random(using: &random) ? Traits(amount: .random(in: .min ... .max, using: &random)) : nil,
                parcel: Bool.random(using: &random) ? "00001a" : nil, messages: Array(Self.nasty.prefix(.random(in: 0...8, using: &random))),
                rules: Bool.random(using: &random) ? ["A", "B"] : [], at: Timestamp(nanoseconds: 0))
            #expect(try read(text(of: [receipt]).dropLast()) == receipt)
        }
    }

    @Test("Names that are new, null, and the escapes of other writers are understood")
    func strange() throws {
        let line = #"{"aa":{"x":["}",{"y":"\"]"}],"z":1},"at":"2026-11-21T07:55:01Z","batch":null,"content":null,"end":"held","extra":[1,2],"file":"a\/b.csv","#
            + #""file_time":"2026-11-21T07:55:00Z","later":-1.5e3,"messages":["\ud83d\ude00\u00e9"],"product_id":"A","row":-3,"rules":[],"warned":false,"zz":true}"#
        let receipt = try read(line)
        #expect(receipt.file == "a/b.csv")
        #expect(receipt.messages == ["😀é"])
        #expect(receipt.row == -3)
        #expect(receipt.parcel == nil)
    }

    @Test("A line that was cut anywhere is an error that says where")
    func cut() {
        for count in 0..<Self.wholeText.utf8.count {
            #expect(throws: KeptLineError.self) { try read(Self.wholeText.utf8.prefix(count)) }
        }
        #expect(throws: KeptLineError(wanted: "end", place: Self.wholeText.utf8.count)) { try read(Self.wholeText + "}") }
    }

    @Test(
        "What does not fit is an error that names it",
        arguments: [
            (#""row":12"#, #""row":"12""#, "number"), (#""row":12"#, #""row":99999999999999999999"#, "number of 64 bits"), (#""row":12,"#, "", "\"row\""),
            (#""end":"refused""#, #""end":"gone""#, "word of \"end\" that is known"), (#""content":"abc""#, #""content":"xyz""#, "fingerprint in hexadecimal"),
            (#""at":"2026-11-21T07:55:01.000Z""#, #""at":"yesterday""#, "RFC 3339 time"), (#""warned":true"#, #""warned":1"#, "false"),
            (#""messages":["no","#, #""messages":["\x","#, "text"), (#""messages":["no","#, #""messages":["\ud800","#, "text"),
        ])
    func wrong(right: String, wrong: String, wanted: String) {
        let line = Self.wholeText.replacing(right, with: wrong)
        #expect(line != Self.wholeText)
        #expect { try read(line) } throws: { ($0 as? KeptLineError)?.wanted == wanted }
    }

    @Test("Rows in columns read back as they were")
    func columns() throws {
        var rows = UnchangedRows(file: "a.csv", fileTime: Timestamp(nanoseconds: 5_000_000))
        rows.append("A", row: 2, version: nil)
        rows.append("B", row: 3, version: "9")
        var writer = KeptLineWriter()
        writer.append(rows)
        var reader = KeptLineReader(writer.bytes, 0..<writer.bytes.count - 1)
        #expect(try reader.read() == rows)
    }

    private func text(of receipts: [Receipt]) -> String {
        var writer = KeptLineWriter()
        for receipt in receipts { writer.append(receipt) }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func read(_ text: some StringProtocol) throws -> Receipt { try read(text.utf8) }

    private func read(_ bytes: some Sequence<UInt8>) throws -> Receipt {
        // Not at the beginning of the bytes, as in a file.
        let all = Array("{}\n".utf8) + Array(bytes)
        var reader = KeptLineReader(all, 3..<all.count)
        return try reader.read()
    }
}
