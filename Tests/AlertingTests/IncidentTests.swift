import Events
import Testing
@testable import Alerting

@Suite("Incidents")
struct IncidentTests {
    static let errors = AlertRule(name: "errors", trigger: .figure("errors", above: .number(0), atLeast: nil), channels: ["ops"])

    private func run(_ number: Int, errors: Double, pipeline: String = "shop", families: [ErrorFamily] = []) -> RunFacts {
        var run = RunFacts.run(id: "r\(number)", at: .noon + .seconds(number * 60), figures: ["errors": errors], families: families)
        run.pipeline = pipeline
        return run
    }

    @Test("above the cap the worst are told, with how many wait; they are told when there is room, and not at all if they are over by then")
    func cap() {
        var book = IncidentBook()
        var critical = Self.errors
        critical.name = "worst"
        critical.severity = .critical
        critical.trigger = .figure("errors", above: .number(5), atLeast: nil)
        let policy = AlertPolicy(rules: [Self.errors, critical], hourlyCap: 2)
        var page = book.observe(run(0, errors: 1, pipeline: "a"), facts: nil, policy: policy, at: .noon)
        #expect(page.notices.map(\.incident.pipeline) == ["a"])
        page = book.observe(run(0, errors: 9, pipeline: "b"), facts: nil, policy: policy, at: .noon)
        #expect(page.notices.map(\.incident.rule) == ["worst"])
        #expect(page.notices.map(\.heldBack) == [1])
        page = book.observe(run(0, errors: 1, pipeline: "c"), facts: nil, policy: policy, at: .noon)
        #expect(page.notices.isEmpty && page.heldBack == 2)
        #expect(book.explain(run(0, errors: 1, pipeline: "c"), facts: nil, policy: policy, at: .noon)[0].words.contains("Held back"))
        _ = book.observe(run(1, errors: 0, pipeline: "c"), facts: nil, policy: policy, at: .noon + .seconds(60))
        page = book.look([], policy: policy, at: .noon + .seconds(3599))
        #expect(page.notices.isEmpty)
        page = book.look([], policy: policy, at: .noon + .seconds(3600))
        #expect(page.notices.map { "\($0.incident.pipeline) \($0.incident.rule) \($0.kind.rawValue)" } == ["b errors opened"])
    }

    @Test("told again at twice the figure last told, not below")
    func worse() {
        var book = IncidentBook()
        let policy = AlertPolicy(rules: [Self.errors])
        let kinds = [10, 19, 20, 39, 40, 41, 0].enumerated().map { number, errors in
            book.observe(run(number, errors: Double(errors)), facts: nil, policy: policy, at: .noon + .seconds(number * 60)).notices.map(\.kind)
        }
        #expect(kinds == [[.opened], [], [.worse], [], [.worse], [], [.resolved]])
    }

    @Test("a message knows its families: which are new, since when, and how they go on")
    func families() throws {
        var book = IncidentBook()
        let policy = AlertPolicy(rules: [Self.errors])
        _ = book.observe(run(0, errors: 3, families: [ErrorFamily(key: "A", count: 3)]), facts: nil, policy: policy, at: .noon)
        let later = Timestamp.noon + .seconds(60)
        let second = run(1, errors: 4, families: [ErrorFamily(key: "A", count: 2), ErrorFamily(key: "B", count: 2)])
        let notice = try #require(book.observe(second, facts: nil, policy: policy, at: later).notices.first)
        #expect(notice.kind == .newFamily)
        let (a, b) = (try #require(notice.incident.families.first { $0.key == "A" }), try #require(notice.incident.families.first { $0.key == "B" }))
        #expect(a.isTold && !b.isTold)
        #expect(a.firstSeen == .noon && a.lastSeen == later && a.runs == 2 && a.count == 2 && a.previousCount == 3)
        #expect(notice.incident.runsSeen == 2)
        #expect(book.open[0].families.map(\.isTold) == [true, true])
    }

    @Test("more families than a message shows: each is news once, whatever order they come in, and the marks kept are bounded")
    func manyFamilies() {
        var book = IncidentBook()
        let policy = AlertPolicy(rules: [Self.errors], hourlyCap: 1_000)
        func see(_ number: Int, _ families: [Int]) -> [AlertNotice.Kind] {
            let seen = families.map { ErrorFamily(key: "error \($0)", count: 1) }
            return book.observe(run(number, errors: 25, families: seen), facts: nil, policy: policy, at: .noon + .seconds(number * 60)).notices.map(\.kind)
        }
        let all = Array(0..<25)
        #expect(see(0, all) == [.opened])
        for number in 1...6 { #expect(see(number, Array(all[(number * 4)...] + all[..<(number * 4)])) == [], "run \(number)") }
        #expect(see(7, [99] + all) == [.newFamily])
        #expect(see(8, all + [99]) == [])
        #expect(book.open[0].families.count == Incident.familyLimit)
        for number in 9..<60 { _ = see(number, (0..<20).map { number * 100 + $0 }) }
        #expect(book.open[0].knownFamilies.count == Incident.knownLimit && see(60, [7_777]) == [])
    }

    @Test("a late verdict opens what it shows, is no news where the run was known to be bad, and can close")
    func late() {
        var book = IncidentBook()
        let policy = AlertPolicy(rules: [Self.errors])
        var said: [[AlertNotice.Kind]] = []
        func see(_ number: Int, _ errors: Double) {
            said.append(book.observe(run(number, errors: errors), facts: nil, policy: policy, at: .noon + .seconds(number * 60)).notices.map(\.kind))
        }
        see(0, 0)
        see(1, 0)
        see(0, 4)  // amended: bad after all
        see(0, 4)
        see(2, 0)
        see(0, 5)  // a little more of what was told and is over
        see(0, 10)  // far more
        see(0, 0)  // Meant otherwise: all runs are good again
        #expect(said == [[], [], [.opened], [], [.resolved], [], [.opened], [.resolved]])
    }

    @Test("a resolution that a silence hides is told when it ends; what comes back meanwhile is no news at all")
    func silencedResolution() throws {
        var book = IncidentBook()
        let policy = AlertPolicy(rules: [Self.errors])
        #expect(book.observe(run(0, errors: 1), facts: nil, policy: policy, at: .noon).notices.count == 1)
        let end = Timestamp.noon + .seconds(7200)
        try book.add(Silence(rule: "errors", since: .noon, until: end, author: "ana", reason: "known"), at: .noon)
        #expect(book.observe(run(1, errors: 0), facts: nil, policy: policy, at: .noon + .seconds(60)).notices.isEmpty)
        #expect(book.observe(run(2, errors: 1), facts: nil, policy: policy, at: .noon + .seconds(120)).notices.isEmpty)
        #expect(book.observe(run(3, errors: 0), facts: nil, policy: policy, at: .noon + .seconds(180)).notices.isEmpty)
        #expect(book.look([], policy: policy, at: end).notices.map(\.kind) == [.resolved])
        #expect(book.incidents.isEmpty)
    }

    @Test("a silence of one family says nothing of another")
    func silencedFamily() throws {
        var book = IncidentBook()
        let policy = AlertPolicy(rules: [Self.errors])
        try book.add(Silence(family: "Image", since: .noon, until: .noon + .seconds(7200), author: "ana", reason: "known"), at: .noon)
        let one = run(0, errors: 1, families: [ErrorFamily(key: "Image too small", count: 1)])
        #expect(book.observe(one, facts: nil, policy: policy, at: .noon).notices.isEmpty)
        #expect(book.explain(one, facts: nil, policy: policy, at: .noon)[0].words.contains("Silenced by ana until"))
        let two = run(1, errors: 1, families: [ErrorFamily(key: "Price is missing", count: 1)])
        #expect(book.observe(two, facts: nil, policy: policy, at: .noon + .seconds(60)).notices.map(\.kind) == [.opened])
    }

    @Test("silences that nobody answers for, that match everything or never end are refused")
    func badSilences() {
        func refusal(_ rule: String?, hours: Int, author: String = "ana", reason: String = "known") -> String? {
            do throws(SilenceError) {
                _ = try Silence(rule: rule, since: .noon, until: .noon + .seconds(hours * 3600), author: author, reason: reason)
                return nil
            } catch { return error.culprit }
        }
        #expect(refusal(nil, hours: 1) == "the silence matches everything")
        #expect(refusal("r", hours: 0) == "the silence ends before it begins")
        #expect(refusal("r", hours: 24 * 91) == "the silence lasts longer than 90 days")
        #expect(refusal("r", hours: 1, author: " ") == "the silence has no author or no reason")
        #expect(refusal("r", hours: 1, reason: "") == "the silence has no author or no reason")
        #expect(refusal("r", hours: 1) == nil)
    }

    @Test("a dead token mutes the item errors it causes, and only in its own pipeline")
    func inhibition() {
        var book = IncidentBook()
        let policy = AlertPolicy(rules: [Self.errors] + AlertRule.shipped(channels: ["ops"]))
        var dead = run(0, errors: 5)
        (dead.state, dead.ends) = (.failed, [.token])
        let page = book.observe(dead, facts: nil, policy: policy, at: .noon)
        #expect(page.notices.map(\.incident.rule) == ["access"])
        #expect(page.muted.map(\.rule) == ["errors"])
        #expect(book.observe(run(0, errors: 5, pipeline: "other"), facts: nil, policy: policy, at: .noon).notices.map(\.incident.rule) == ["errors"])
        // The token lives again and the errors are still there: now they are news.
        let after = book.observe(run(1, errors: 5), facts: nil, policy: policy, at: .noon + .seconds(60))
        #expect(after.notices.map { "\($0.incident.rule) \($0.kind.rawValue)" } == ["access resolved", "errors opened"])
    }

    @Test("a backtest says what these rules would have said")
    func backtest() {
        let runs = [0, 3, 0, 0, 8].enumerated().map { run($0.offset, errors: Double($0.element)) }
        #expect(IncidentBook.backtest(runs, policy: AlertPolicy(rules: [Self.errors])).map(\.kind) == [.opened, .resolved, .opened])
    }

    @Test("an incident of a rule that was taken out of the settings is forgotten, and the runs kept are bounded")
    func forgetting() {
        var book = IncidentBook()
        _ = book.observe(run(0, errors: 1), facts: nil, policy: AlertPolicy(rules: [Self.errors]), at: .noon)
        _ = book.look([], policy: AlertPolicy(rules: []), at: .noon)
        #expect(book.incidents.isEmpty)
        for number in 1..<200 { _ = book.observe(run(number, errors: 0), facts: nil, policy: AlertPolicy(rules: []), at: .noon) }
        #expect(book.history["shop"]?.count == AlertPolicy.fewestRuns)
    }
}
