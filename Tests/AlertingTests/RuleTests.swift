import Events
import Testing
@testable import Alerting

@Suite("Rules")
struct RuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let trigger: AlertTrigger
        let run: RunFacts
        let standing: RuleVerdict.Standing
        let words: String
        var testDescription: String { name }
    }

    static let share = AlertTrigger.figure("items_refused", above: .share(0.05, of: "items_sent"), atLeast: 20)

    static let cases: [Case] = [
        Case(
            name: "above a number", trigger: .figure("handle_errors", above: .number(0), atLeast: nil), run: .run(figures: ["handle_errors": 1]),
            standing: .bad, words: "handle_errors is 1, above 0"),
        Case(
            name: "at the number is not above it", trigger: .figure("handle_errors", above: .number(3), atLeast: nil),
            run: .run(figures: ["handle_errors": 3]), standing: .good, words: "not above 3"),
        Case(
            name: "above a share", trigger: share, run: .run(figures: ["items_refused": 25, "items_sent": 100]), standing: .bad,
            words: "25 of 100 items_sent (25 %), above 5 %"),
        Case(
            name: "above a share, and too few to matter", trigger: share, run: .run(figures: ["items_refused": 19, "items_sent": 20]),
            standing: .good, words: "fewer than at_least 20"),
        Case(
            name: "a share of nothing", trigger: share, run: .run(figures: ["items_refused": 0, "items_sent": 0]), standing: .undecided,
            words: "has no share"),
        Case(
            name: "a figure that is not there", trigger: .figure("items_refuse", above: .number(0), atLeast: nil),
            run: .run(figures: ["items_refused": 25, "rows_read": 9]), standing: .undecided, words: "no figure `items_refuse`; there are items_refused"),
        Case(
            name: "a failed run proves nothing good", trigger: .figure("handle_errors", above: .number(0), atLeast: nil),
            run: .run(.failed, figures: ["handle_errors": 0]), standing: .undecided, words: "ended as failed"),
        Case(
            name: "but it can prove something bad", trigger: .figure("handle_errors", above: .number(0), atLeast: nil),
            run: .run(.failed, figures: ["handle_errors": 7]), standing: .bad, words: "is 7"),
        Case(
            name: "a run without work proves nothing of items", trigger: .figure("handle_errors", above: .number(0), atLeast: nil),
            run: .run(.nothingToDo, figures: ["handle_errors": 0]), standing: .undecided, words: "nothing_to_do"),
        Case(
            name: "a dead token", trigger: .ends([.token, .permission]), run: .run(.failed, ends: [.token]), standing: .bad,
            words: "access token is not accepted"),
        Case(
            name: "another end than those watched", trigger: .ends([.held]), run: .run(.failed, ends: [.token]), standing: .undecided, words: "none of held"),
        Case(
            name: "a run without work never asked whether the token lives", trigger: .ends([.token]), run: .run(.nothingToDo), standing: .undecided,
            words: "none of token"),
        Case(
            name: "a run without work shows that the held files are gone", trigger: .ends([.held]), run: .run(.nothingToDo), standing: .good,
            words: "none of held"),
        Case(name: "a plan", trigger: .ends([.held]), run: .run(.planned, ends: [.held]), standing: .undecided, words: "a plan sends nothing"),
    ]

    @Test("one run", arguments: cases)
    func oneRun(_ given: Case) throws {
        let rule = AlertRule(name: "r", trigger: given.trigger, channels: ["ops"])
        let verdict = try #require(RuleJudge.verdicts([rule], runs: [given.run], facts: nil, at: .noon).first)
        #expect(verdict.standing == given.standing, "\(verdict.reason)")
        #expect(verdict.reason.contains(given.words), "\(verdict.reason)")
    }

    /// b: bad, g: good, -: proves nothing. Upper case in `expected`: B opens, G closes.
    @Test(
        "a window of runs",
        arguments: [
            (RunWindow(bad: 2, of: 3, good: 2), "bgbgg", "--B-G"),
            (RunWindow(bad: 2, of: 3, good: 2), "bggb", "--G-"),
            (RunWindow(bad: 2, of: 3, good: 2), "b---b", "----B"),
            (RunWindow(bad: 3, of: 3, good: 1), "bbbg", "--BG"),
            (RunWindow(bad: 1, of: 1, good: 3), "bgggb", "B--GB"),
            (RunWindow(bad: 2, of: 3, good: 2), "g", "G"),
        ])
    func windows(window: RunWindow, runs: String, expected: String) {
        let rule = AlertRule(name: "r", trigger: .figure("errors", above: .number(0), atLeast: nil), window: window, channels: [])
        var history: [RunFacts] = []
        var seen = ""
        for (number, letter) in runs.enumerated() {
            history.append(.run(letter == "-" ? .failed : .done, id: "r\(number)", figures: ["errors": letter == "b" ? 1 : 0]))
            let standing = RuleJudge.verdicts([rule], runs: history, facts: nil, at: .noon).first?.standing
            seen += standing == .bad ? "B" : standing == .good ? "G" : "-"
        }
        #expect(seen == expected)
    }

    static let deadlines: [(AlertTrigger, Double, RuleVerdict.Standing)] = [
        (.noSuccessFor(.seconds(10_800)), 2.9, .good), (.noSuccessFor(.seconds(10_800)), 3, .bad),
        (.noFileFor(.seconds(21_600), within: nil), 5.9, .good), (.noFileFor(.seconds(21_600), within: nil), 6, .bad),
        (.unknownOlderThan(.seconds(86_400)), 23, .good), (.unknownOlderThan(.seconds(86_400)), 25, .bad),
    ]

    @Test("deadlines", arguments: deadlines)
    func deadline(trigger: AlertTrigger, hours: Double, standing: RuleVerdict.Standing) {
        let since = Timestamp.noon + .seconds(-hours * 3600)
        let facts = PipelineFacts(pipeline: "shop", lastSuccess: since, lastFile: since, oldestUnknown: since)
        let rule = AlertRule(name: "r", trigger: trigger, channels: [])
        #expect(RuleJudge.verdicts([rule], runs: [], facts: facts, at: .noon).map(\.standing) == [standing])
    }

    @Test("what was taken long ago says nothing of what waits unseen; what was taken lately is proof enough", arguments: [(7.0, RuleVerdict.Standing.undecided), (1.0, .good)])
    func unseen(hours: Double, standing: RuleVerdict.Standing) {
        let facts = PipelineFacts(pipeline: "shop", lastFile: .noon + .seconds(-hours * 3600), isWaitingKnown: false)
        let rule = AlertRule(name: "r", trigger: .noFileFor(.seconds(21_600), within: nil), channels: [])
        #expect(RuleJudge.verdicts([rule], runs: [], facts: facts, at: .noon).map(\.standing) == [standing])
    }

    @Test("a paused pipeline owes neither files nor successes, but its open verdicts")
    func paused() {
        let facts = PipelineFacts(pipeline: "shop", lastSuccess: .distantPast, lastFile: .distantPast, oldestUnknown: .distantPast, isPaused: true)
        let rules = [AlertTrigger.noSuccessFor(.seconds(1)), .noFileFor(.seconds(1), within: nil), .unknownOlderThan(.seconds(1))]
            .map { AlertRule(name: "r", trigger: $0, channels: []) }
        #expect(RuleJudge.verdicts(rules, runs: [], facts: facts, at: .noon).map(\.standing) == [.undecided, .undecided, .bad])
    }

    /// November 2026: the 21st is a Saturday. Open Monday to Friday, 8 to 18.
    static let spans: [(day: Int, hour: Int, toDay: Int, toHour: Int, active: Int)] = [
        (20, 17, 23, 9, 2), (20, 18, 23, 8, 0), (16, 0, 23, 0, 50), (23, 9, 23, 8, 0),
    ]

    @Test("only active hours count", arguments: spans)
    func activeHours(span: (day: Int, hour: Int, toDay: Int, toHour: Int, active: Int)) {
        let office = ActiveHours(from: 8 * 60, to: 18 * 60, weekdays: [1, 2, 3, 4, 5])
        let from = Timestamp(year: 2026, month: 11, day: span.day, hour: span.hour)
        let to = Timestamp(year: 2026, month: 11, day: span.toDay, hour: span.toHour)
        #expect(office.elapsed(from: from, to: to) == .seconds(span.active * 3600))
    }

    @Test("hours over midnight belong to the day on which they begin")
    func overMidnight() {
        let night = ActiveHours(from: 22 * 60, to: 4 * 60, weekdays: [5])
        let saturday = Timestamp(year: 2026, month: 11, day: 21)
        #expect(night.elapsed(from: saturday, to: saturday + .seconds(86_400)) == .seconds(4 * 3600))
    }

    @Test("the report's numbers, by path")
    func figures() {
        let json = #"{"run_id":"r","items":{"sent":7,"refused":2},"balanced":true,"error":null,"findings":[{"a":1},{}],"duration_seconds":1.5}"#
        let expected = ["items_sent": 7, "items_refused": 2, "balanced": 1, "findings_count": 2, "duration_seconds": 1.5]
        #expect(ReportFigures.read(json: Array(json.utf8)) == expected)
        #expect(ReportFigures.read(json: Array("no json".utf8)).isEmpty)
    }

    @Test(
        "a family is a message without what differs",
        arguments: [
            ("Image 12 of SKU-0042 is too small", "Image # of SKU-# is too small"),
            ("The value 'نعم' isn't allowed for \"colour\"", "The value … isn't allowed for …"),
            ("a\r\nb\u{1b}[31mc", "a b [#mc"), ("", "no message"), ("السعر ٢٥٠ خطأ", "السعر # خطأ"),
        ])
    func families(message: String, key: String) { #expect(ErrorFamily.key(of: message) == key) }

    @Test("explain has a sentence for every rule, in their order")
    func explain() {
        let rules = AlertRule.shipped(channels: ["ops"])
        let run = RunFacts.run(.doneWithErrors, figures: ["items_refused": 30, "items_sent": 100])
        let facts = PipelineFacts(pipeline: "shop", lastSuccess: .noon + .seconds(-7200))
        let told = RuleJudge.explain(rules, runs: [run], facts: facts, at: .noon)
        #expect(told.map(\.rule) == rules.map(\.name))
        #expect(told.filter(\.spoke).map(\.rule) == ["many-refused"])
        #expect(told[3].words == "Speaks: items_refused is 30 of 100 items_sent (30 %), above 5 %.")
        #expect(told[4].words == "Silent, all is well: a run ended well 2 h ago, at 2026-11-21T10:00:00.000Z; the limit is 26 h.")
        let nothing = RuleJudge.explain(rules, runs: [], facts: nil, at: .noon)
        #expect(nothing.allSatisfy { !$0.spoke && $0.words.contains("nothing yet") })
    }
}
