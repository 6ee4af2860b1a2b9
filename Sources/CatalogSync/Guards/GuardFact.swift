import Engine
import Feed

/// What one guard saw in a run, when it spoke. In the journal, in the hold that a person ends, and as a finding in the report.
public struct GuardFact: Sendable, Codable, Equatable {
    /// The rule's id, such as `V06`.
    public var rule: String
    public var severity: String
    /// Items it is about.
    public var items: Int
    /// In one sentence, with the limit.
    public var words: String
    /// What was never seen or does not belong here: hosts, currencies, words. At most `GuardFact.mostValues`.
    public var values: [String]
    var examples: [FindingSummary.Example]

    static let mostValues = 100

    /// Whether a person who let `other` go has let this one go too. What got a little more with the files that came since is the same matter.
    func isWithin(_ other: GuardFact) -> Bool {
        rule == other.rule && Set(values).isSubset(of: other.values) && items <= other.items + max(other.items / 4, Self.smallGrowth)
    }

    /// Items that may come on top of what was released, however few those were.
    private static let smallGrowth = 10

    /// Spoken, and let go by a person before.
    func isReleased(by released: [GuardFact]) -> Bool { released.contains(where: isWithin) }

    var summary: FindingSummary { FindingSummary(rule: rule, severity: severity, count: items, examples: examples) }
}

/// Why a run was held, and what it would have done.
public struct HoldFacts: Sendable, Codable, Equatable {
    public var guards: [GuardFact]
    /// What would have been sent.
    public var items: Int
    public var batches: Int
    public var stop: StopFacts
}

extension HoldFacts {
    /// Nil: the run goes on.
    /// - Parameters:
    ///   - released: what a person has let go. What is held again has it with it, so that one word more lets all of it go.
    ///   - runID: empty for a dry run.
    init?(_ spoken: [GuardFact], released: [GuardFact], pipeline: String, runID: String, items: Int, batches: Int) {
        let guards = spoken.filter { $0.severity == Severity.hold.rawValue }
        let news = guards.filter { !$0.isReleased(by: released) }
        guard !news.isEmpty else { return nil }
        let what = news.map { "\($0.words) (\($0.rule))" }.joined(separator: "; ")
        let would = "It would \(runID.isEmpty ? "send" : "have sent") \(items) \(items == 1 ? "item" : "items") in \(batches) \(batches == 1 ? "batch" : "batches")"
        self.init(
            guards: guards, items: items, batches: batches,
            stop: StopFacts(
                code: .tryAgainLater, reason: Hold.reason, culprit: pipeline, detail: "\(what). \(would)",
                remedy: runID.isEmpty ? Self.remedyBefore(news, pipeline) : Self.remedy(runID)))
    }

    private static func remedy(_ runID: String) -> String {
        "Look at the products named. If they are right: vitrine release \(runID) --reason TEXT. If not: vitrine discard \(runID) --reason TEXT takes the files away."
    }

    private static func remedyBefore(_ news: [GuardFact], _ pipeline: String) -> String {
        let isSizeOnly = news.allSatisfy { [RuleID.x02.rawValue, RuleID.x03.rawValue].contains($0.rule) }
        return "Look at the products named: the run would wait for a person."
            + (isSizeOnly ? " If so much is meant: vitrine run \(pipeline) --expect-full" : "")
    }
}
