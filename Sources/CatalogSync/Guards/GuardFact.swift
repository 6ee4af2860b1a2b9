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
