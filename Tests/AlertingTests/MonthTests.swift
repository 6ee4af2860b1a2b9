import Events
import Testing
@testable import Alerting

/// November 2026 of a shop that runs every hour: what people hear, and when.
@Suite("A month of runs")
struct MonthTests {
    /// Hours of one kind, from `day` at `hour` on. What no span names is good.
    struct Span {
        let day: Int
        let hour: Int
        /// One letter an hour: see `run(_:)`.
        let hours: String
    }

    static let script = [
        // Two bad runs in a quiet week: told once, and that it is over.
        Span(day: 3, hour: 10, hours: "rr"),
        // A bad morning that grows, doubles, and shows a second kind of error.
        Span(day: 5, hour: 6, hours: "rrrRRRnnr"),
        // Flapping for a day and a half, by a rule that takes two bad runs of three and waits for three good ones.
        Span(day: 8, hour: 0, hours: "wgwgwgwgwgwgwgwgwgwgwgwgwgwgwgwgwgwgw"),
        // The other side is down for five hours: its errors at single items are no news, that nothing succeeds is.
        Span(day: 12, hour: 2, hours: "ooooo"),
        // The token dies over a night: one message, a reminder after 12 hours, and nothing of all that fails with it.
        Span(day: 15, hour: 18, hours: "tttttttttttttttt"),
        // Somebody knows: silenced from 9 to 15.
        Span(day: 20, hour: 9, hours: "rrrr"),
        // Silenced again, but it outlives the silence.
        Span(day: 22, hour: 9, hours: "rrrrrrrrr"),
        // A file nobody can read, mended two hours later.
        Span(day: 25, hour: 7, hours: "vvu"),
        // Nothing to do is no news, neither good nor bad.
        Span(day: 27, hour: 1, hours: "ruuug"),
        // Verdicts that come late, at half past six, make the run of three o'clock bad.
        Span(day: 29, hour: 6, hours: "L"),
    ]

    static let expected = """
        03T10 many-refused opened
        03T13 many-refused resolved
        05T06 many-refused opened
        05T09 many-refused worse
        05T12 many-refused new_family
        05T16 many-refused resolved
        08T02 warnings opened
        09T15 warnings resolved
        12T04 no-success opened
        12T07 no-success resolved
        15T18 access opened
        16T06 access reminder
        16T10 access resolved
        22T15 many-refused opened
        22T19 many-refused resolved
        25T07 stopped opened
        25T09 stopped resolved
        27T01 many-refused opened
        27T06 many-refused resolved
        29T06 many-refused opened
        29T07 many-refused resolved
        """

    @Test("exactly these messages go out, and then")
    func month() throws {
        var month = try Month()
        for hour in 0..<(30 * 24) { month.pass(hour) }
        #expect(month.told.joined(separator: "\n") == Self.expected)
        #expect(month.badRuns == 68, "a mail for every bad run would be so many")
        #expect(month.told.count == 21)
        #expect(month.book.open.isEmpty)
    }

    @Test("the same month read twice says everything once: a run that is judged again is no new run")
    func twice() throws {
        var month = try Month()
        month.repeats = true
        for hour in 0..<(30 * 24) { month.pass(hour) }
        #expect(month.told.joined(separator: "\n") == Self.expected)
    }
}

private struct Month {
    var book = IncidentBook()
    var told: [String] = []
    var badRuns = 0
    var repeats = false
    private var lastSuccess = start
    private var runs: [String: RunFacts] = [:]
    private let letters: [Int: Character]
    private let policy: AlertPolicy

    static let start = Timestamp(year: 2026, month: 11, day: 1)

    init() throws {
        var letters: [Int: Character] = [:]
        for span in MonthTests.script {
            for (offset, letter) in span.hours.enumerated() { letters[(span.day - 1) * 24 + span.hour + offset] = letter }
        }
        self.letters = letters
        var rules = AlertRule.shipped(channels: ["ops"])
        for index in rules.indices where rules[index].name == "no-success" { rules[index].trigger = .noSuccessFor(.seconds(3 * 3600)) }
        rules.append(
            AlertRule(
                name: "warnings", trigger: .figure("handle_warnings", above: .number(10), atLeast: nil), window: RunWindow(bad: 2, of: 3, good: 3),
                channels: ["ops"]))
        policy = AlertPolicy(rules: rules)
        for day in [20, 22] {
            let from = Self.start + .seconds((day - 1) * 86_400 + 9 * 3600)
            let silence = try Silence(pipeline: "shop", since: from, until: from + .seconds(6 * 3600), author: "ana", reason: "new pictures are on their way")
            try book.add(silence, at: Self.start)
        }
    }

    mutating func pass(_ hour: Int) {
        let now = Self.start + .seconds(hour * 3600)
        var letter = letters[hour] ?? "g"
        let late = letter == "L" ? runs["h\(hour - 3)"] : nil
        if letter == "L" { letter = "g" }
        let run = Self.run(letter, hour: hour, at: now)
        runs[run.runID] = run
        if [.done, .doneWithErrors, .nothingToDo].contains(run.state) { lastSuccess = now }
        if !"gu".contains(letter) { badRuns += 1 }
        let facts = PipelineFacts(pipeline: "shop", lastSuccess: lastSuccess)
        note(book.observe(run, facts: facts, policy: policy, at: now).notices)
        if repeats { note(book.observe(run, facts: facts, policy: policy, at: now).notices) }
        let halfPast = now + .seconds(1800)
        if var late {
            late.figures["items_refused"] = 40
            badRuns += 1
            note(book.observe(late, facts: nil, policy: policy, at: halfPast).notices)
            note(book.observe(late, facts: nil, policy: policy, at: halfPast).notices)
        }
        note(book.look([facts], policy: policy, at: halfPast).notices)
    }

    private mutating func note(_ notices: [AlertNotice]) {
        told += notices.map { "\($0.at.rfc3339.dropFirst(8).prefix(5)) \($0.incident.rule) \($0.kind.rawValue)" }
    }

    /// g good · r 30 of 100 refused · R 70 refused · n 30 refused, one of them for a new reason · w many warnings · o outage · t dead token · v refused as a whole
    /// · u nothing to do
    private static func run(_ letter: Character, hour: Int, at time: Timestamp) -> RunFacts {
        let refused: Double = letter == "R" ? 70 : "rnot".contains(letter) ? 30 : 0
        var families = refused > 0 ? [ErrorFamily(key: "Image too small", count: Int(refused))] : []
        if letter == "n" { families.append(ErrorFamily(key: "Price is missing", count: 1)) }
        let state: RunFacts.State =
            switch letter {
            case "o", "t": .failed
            case "v": .validationFailed
            case "u": .nothingToDo
            case "g", "w": .done
            default: .doneWithErrors
            }
        return .run(
            state, id: "h\(hour)", at: time, figures: ["items_refused": refused, "items_sent": letter == "u" ? 0 : 100, "handle_warnings": letter == "w" ? 50 : 0],
            ends: letter == "t" ? [.token] : letter == "v" ? [.validationFailed] : [], isOutage: letter == "o", families: families)
    }
}
