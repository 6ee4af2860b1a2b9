import Engine
import Events
import Foundation
import Testing

@testable import CatalogSync

/// A report in which every text from outside is `text`.
func hostileReport(_ text: String, examples: Int = 2) -> SyncReport {
    let row = QuotedRow([.init(column: text, value: text, blamed: true), .init(column: "title", value: text, blamed: false)], telling: [1])
    var report = SyncReport(runID: "run-1", pipeline: text, state: .doneWithErrors, startedAt: ManualClock.start)
    report.rows.read = 9
    report.rows.rejected = 9
    report.findings = [
        FindingSummary(
            rule: "P02", severity: "error", count: 9,
            examples: Array(repeating: .init(file: text, row: 3, productID: text, column: "price", value: text, original: row), count: examples)),
        FindingSummary(rule: text, severity: "warn", count: 1, examples: [.init(file: text, row: 3, productID: text, column: text, value: text)]),
    ]
    report.refusals = [
        .init(family: text, count: 3, examples: Array(repeating: .init(file: text, row: 2, productID: text, message: text, original: row), count: examples))
    ]
    report.refusedFiles = [.init(file: text, rule: text, line: 1, message: text, remedy: text)]
    report.rejectedFiles = [.init(file: text, rows: 9, place: "rejected/run-1/\(text)")]
    report.error = .init(code: "settings", reason: text, culprit: text, detail: text, remedy: text)
    report.settled = [.init(runID: text, state: .done, rows: .init(), items: .init())]
    return report
}

/// Texts that would do harm if they were taken as they are.
let attacks: [String] = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "\"\u{301} onfocus=alert(1) autofocus x=\"\u{301}",
    "<\u{338}b>", "&lt;b&gt;&amp;", "</style><script>", "]]>--><!--", "javascript:alert(1)", "{{pipeline}}{{{style}}}", "\u{1B}[31mred\u{1B}[0m\u{7}",
    "line\r\nSet-Cookie: a=b\r\n\r\nbody", "\u{202E}gpj.exe\u{2066}", "a\u{0}b\u{2028}c\u{FEFF}", "\u{9B}31m", "حقيبة \u{202E}abc", "\u{E0041}\u{E007F}",
]

@Suite("What people read of a report")
struct ReportTextTests {
    private static let presentation = Presentation(productLink: ProductLink("https://admin.shop.example/p/{id}?from=vitrine"))

    /// The tags of a page, without what stands in their attributes.
    private static func skeleton(_ page: [UInt8]) -> [String] {
        let text = String(decoding: page, as: UTF8.self).replacing(#/<style>[^<]*<\/style>/#, with: "<style></style>")
        return text.matches(of: #/<[^>]*>/#.matchingSemantics(.unicodeScalar)).map { String($0.output.replacing(#/"[^"]*"/#.matchingSemantics(.unicodeScalar), with: "\"\"")) }
    }

    @Test("has the same tags and attributes whatever stands in files, ids and messages", arguments: attacks)
    func markup(attack: String) {
        let page = hostileReport(attack).html(for: Self.presentation)
        #expect(Self.skeleton(page) == Self.skeleton(hostileReport("harmless").html(for: Self.presentation)))
        #expect(!page.contains { ($0 < 0x20 && $0 != 10) || $0 == 0x7F })
    }

    @Test("has the same lines in a terminal, none of which colours, moves or turns what follows", arguments: attacks)
    func terminal(attack: String) {
        let text = hostileReport(attack).text(for: Self.presentation)
        #expect(text.split(separator: "\n").count == hostileReport("harmless").text(for: Self.presentation).split(separator: "\n").count)
        for scalar in text.unicodeScalars {
            #expect(scalar == "\n" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && !(0x202A...0x202E).contains(scalar.value))
        }
        for line in text.split(separator: "\n") { #expect(line.count { $0 == "\u{2068}" } == line.count { $0 == "\u{2069}" }, "\(line)") }
    }

    @Test("is bounded, whatever is thrown at it")
    func bounded() {
        let huge = String(repeating: "long ", count: 200_000) + String(repeating: "\u{301}", count: 100_000)
        var report = hostileReport(huge)
        report.refusals = (0..<500).map { .init(family: "family \($0) \(huge)", count: 1, examples: report.refusals[0].examples) }
        report.refusedFiles = Array(repeating: report.refusedFiles[0], count: 2_000)
        #expect(report.html(for: Self.presentation).count < 1_000_000)
        #expect(report.text(for: Self.presentation).utf8.count < 200_000)
        #expect(report.text().hasSuffix("books balance\n") || report.text().contains("\nBOOKS DO NOT BALANCE"))
    }

    @Test("keeps Arabic titles and ids from scrambling the line they stand in")
    func rightToLeft() {
        let text = hostileReport("حقيبة ظهر 12").text()
        #expect(text.contains("\u{2068}حقيبة ظهر 12\u{2069}, line 3, product \u{2068}حقيبة ظهر 12\u{2069}"))
        let page = String(decoding: hostileReport("حقيبة").html(), as: UTF8.self)
        #expect(page.contains("<bdi>حقيبة</bdi>") && page.contains(#"<dd dir="auto">حقيبة</dd>"#))
    }

    @Test("leads to the product in the shop, and an id cannot lead elsewhere", arguments: [
        ("sku-7", "https://admin.shop.example/p/sku-7?from=vitrine"), ("a/../b?c#d", "https://admin.shop.example/p/a%2F..%2Fb%3Fc%23d?from=vitrine"),
        ("\"><x", "https://admin.shop.example/p/%22%3E%3Cx?from=vitrine"), ("قلم", "https://admin.shop.example/p/%D9%82%D9%84%D9%85?from=vitrine"),
    ])
    func link(id: String, address: String) { #expect(Self.presentation.productLink?.address(of: id) == address) }

    @Test("takes no template without one {id} behind the host of a web address", arguments: [
        "https://{id}.shop.example/", "https://shop.example", "javascript:{id}", "//shop.example/{id}", "https://a/{id}/{id}", "ftp://a/{id}", "https:///{id}",
        "https://a/\"{id}", "", "{id}",
    ])
    func noLink(template: String) { #expect(ProductLink(template) == nil) }

    @Test("groups by what there is to do, the largest first, and says how many more there are and where")
    func groups() throws {
        var report = SyncReport(runID: "r", pipeline: "p", state: .done, startedAt: ManualClock.start)
        func finding(_ rule: String, _ count: Int) -> FindingSummary {
            .init(rule: rule, severity: "error", count: count, examples: (1...5).map { .init(file: "a.csv", row: $0, productID: "id-\($0)", column: "", value: "v") })
        }
        // T02 and D02 have one hint.
        report.findings = [finding("P02", 20), finding("T02", 15), finding("D02", 373)]
        report.rejectedFiles = [.init(file: "a.csv", rows: 393, place: "rejected/r/a.csv.rejected.csv")]
        let digest = ReportDigest(report)
        #expect(digest.stopped.map(\.count) == [20, 15, 373] || digest.stopped.map(\.count).first == 373)
        #expect(digest.stopped.map(\.count) == digest.stopped.map(\.count).sorted(by: >))
        #expect(Set(digest.stopped.map(\.remedy)).count == digest.stopped.count)
        let text = report.text()
        #expect(text.contains("and 17 more, see rejected/r/a.csv.rejected.csv"))
    }

    @Test("shows a text on one line, cut, with what is hidden in it spelled out", arguments: [
        ("plain", "plain"), ("a\nb\tc\r", "a\\nb\\tc\\r"), ("\u{202E}x", "\\u{202E}x"), ("می‌روم", "می‌روم"), ("\u{1B}[1m", "\\u{1B}[1m"),
    ])
    func shown(text: String, line: String) { #expect(Shown.line(text) == line) }

    @Test("cuts at characters")
    func cut() {
        #expect(Shown.line("abcdef", limit: 3) == "abc…")
        #expect(Shown.line("abc", limit: 3) == "abc")
        #expect(Shown.line("e\u{301}e\u{301}e\u{301}", limit: 3) == "e\u{301}e\u{301}e\u{301}")
        #expect(Shown.line(String(repeating: "\u{301}", count: 1 << 20), limit: 10).unicodeScalars.count <= 41)
    }

    @Test("says how a run went in a sentence", arguments: [
        (RunState.done, 6, 6, 0, "Meta accepted all 6 products sent."), (.done, 1, 1, 0, "Meta accepted the one product sent."),
        (.doneWithErrors, 1200, 1199, 0, "Meta accepted 1,199 of 1,200 products and refused 1."),
        (.done, 0, 0, 3, "Nothing was sent. 3 rows were stopped by our checks."), (.nothingToDo, 0, 0, 0, "There was no new file."),
    ])
    func sentence(state: RunState, sent: Int, accepted: Int, rejected: Int, words: String) {
        var report = SyncReport(runID: "r", pipeline: "p", state: state, startedAt: ManualClock.start)
        report.files.taken = state == .nothingToDo ? 0 : 1
        report.items.sent = sent
        report.items.accepted = accepted
        report.items.refused = sent - accepted
        report.rows.rejected = rejected
        #expect(report.inWords == words)
    }

    @Test("reads reports of the version before, which quote nothing")
    func earlier() throws {
        var report = hostileReport("x")
        report.findings[0].examples[0].original = nil
        var object = try #require(try JSONSerialization.jsonObject(with: Data(report.json())) as? [String: Any])
        object["rejected_files"] = nil
        object["findings"] = [["rule": "P02", "severity": "error", "count": 1, "examples": [["file": "a", "row": 1, "product_id": "i", "value": "v"]]]]
        object["refusals"] = [["family": "f", "count": 1, "examples": [["file": "a", "row": 1, "product_id": "i", "message": "m"]]]]
        let read = try SyncReport(json: Array(try JSONSerialization.data(withJSONObject: object)))
        #expect(read.findings[0].examples[0].original == nil && read.refusals[0].examples[0].original == nil && read.rejectedFiles.isEmpty)
    }
}
