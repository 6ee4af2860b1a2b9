import Events
import Feed
import Testing

@testable import CatalogSync
@testable import Engine

@Suite("What becomes of a winner")
struct WinnerJudgeTests {
    private static let time = ManualClock.start

    private static func winner(_ content: UInt64 = 1, at seconds: Int = 100, amount: Int64? = 25_000_000, unit: String? = "IQD") -> Winner {
        let traits = Traits(likeness: Fingerprint(7), amount: amount, unit: unit, standing: "in stock")
        let item = BatchItem(
            id: "a", file: "new.csv", row: 9, fileTime: time + .seconds(seconds), version: nil, content: Fingerprint(content), traits: traits, offset: 0,
            length: 0)
        return Winner(item: item, data: [], order: RowOrder(version: nil, fileTime: item.fileTime, file: item.file, row: item.row))
    }

    private static func known(
        _ state: SubjectState = .accepted, content: UInt64? = 1, at seconds: Int = 0, amount: Int64? = 25_000_000, unit: String? = "IQD",
        settings: String = "s"
    ) -> Subject {
        let isSent = content != nil
        let content = content.map { Fingerprint($0) }
        return Subject(
            id: "a", state: state, acceptedContent: state == .accepted ? content : nil, sentContent: content, settings: settings, runID: "r", file: "old.csv",
            row: 2, fileTime: time, version: nil, message: nil, since: time, sentFile: isSent ? "old.csv" : nil, sentRow: isSent ? 2 : nil,
            sentFileTime: isSent ? time + .seconds(seconds) : nil, sentVersion: nil,
            traits: isSent ? Traits(likeness: Fingerprint(7), amount: amount, unit: unit, standing: nil) : Traits())
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var winner = WinnerJudgeTests.winner()
        var known: Subject?
        var double: Subject?
        var skips = true
        var severities: [RuleID: Severity] = [:]
        let fate: String
        var findings: [String] = []
    }

    static let other: Subject = {
        var other = known()
        other.id = "b"
        return other
    }()

    static let cases: [Case] = [
        Case(testDescription: "never seen", fate: "send"),
        Case(testDescription: "as Meta has it", known: known(), fate: "unchanged"),
        Case(testDescription: "as Meta has refused it", known: known(.refused), fate: "still refused"),
        Case(testDescription: "as Meta has refused it, under other settings", known: known(.refused, settings: "t"), fate: "send"),
        Case(testDescription: "sent without a verdict", known: known(.unknown), fate: "send"),
        Case(testDescription: "never sent, only rejected", known: known(.rejected, content: nil), fate: "send"),
        Case(testDescription: "everything goes", known: known(), skips: false, fate: "send"),
        Case(
            testDescription: "older than sent", winner: winner(at: -1), known: known(), fate: "older than old.csv:2",
            findings: ["X07 new.csv:9 a older than old.csv:2"]),
        Case(
            testDescription: "older than sent, though everything goes", winner: winner(at: -1), known: known(), skips: false,
            severities: [.x07: .off], fate: "older than old.csv:2"),
        Case(
            testDescription: "a known product under a new id", double: other, fate: "send", findings: ["I10 new.csv:9 a as b, sent from old.csv:2"]),
        Case(testDescription: "a known product under an id that was sent before", known: known(content: 2), double: other, fate: "send"),
        Case(testDescription: "a rule that must not stop a row does not", double: other, severities: [.i10: .error], fate: "send",
            findings: ["I10 new.csv:9 a as b, sent from old.csv:2"]),
        Case(
            testDescription: "a price that fell by 90 %", winner: winner(2, amount: 2_500_000), known: known(), fate: "send",
            findings: ["P13 new.csv:9 a 2500 IQD, sent last: 25000 IQD (−90 %)"]),
        Case(
            testDescription: "a price that rose by 61 %", winner: winner(2, amount: 40_250_000), known: known(), fate: "send",
            findings: ["P13 new.csv:9 a 40250 IQD, sent last: 25000 IQD (+61 %)"]),
        Case(testDescription: "a price that moved by just 60 %", winner: winner(2, amount: 10_000_000), known: known(), fate: "send"),
        Case(testDescription: "a price in another currency", winner: winner(2, amount: 1_900, unit: "USD"), known: known(), fate: "send"),
        Case(testDescription: "a price that nobody remembers", winner: winner(2, amount: 1), known: known(amount: nil, unit: nil), fate: "send"),
        Case(testDescription: "a rule that is off", winner: winner(2, amount: 1), known: known(), severities: [.p13: .off], fate: "send"),
    ]

    @Test("is decided by what the ledger knows", arguments: cases)
    func judge(_ row: Case) {
        var options = FeedOptions()
        options.severities = row.severities
        let judge = WinnerJudge(skipsUnchanged: row.skips, settings: "s", maxPriceMove: 0.6, options: options)
        let verdict = judge.judge(row.winner, known: row.known, double: row.double)
        let fate =
            switch verdict.fate {
            case .send: "send"
            case .unchanged(let isRefused): isRefused ? "still refused" : "unchanged"
            case .superseded(let sent): "older than \(sent.file):\(sent.row)"
            }
        #expect(fate == row.fate)
        #expect(verdict.findings.map { "\($0.rule.rawValue) \($0.file):\($0.row) \($0.productID) \($0.value)" } == row.findings)
        #expect(verdict.findings.allSatisfy { $0.severity == .warn && !$0.hint.isEmpty && !$0.column.isEmpty })
    }
}
