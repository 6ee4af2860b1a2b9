/// Findings counted by rule, with the first few of each in row order.
public struct FindingTally: Sendable, Equatable {
    /// Examples kept of each rule.
    public static let exampleLimit = 5

    public struct Entry: Sendable, Equatable {
        public let rule: RuleID
        public let severity: Severity
        public internal(set) var count: Int
        public internal(set) var examples: [Finding]
    }

    private var byRule: [RuleID: Entry] = [:]

    public init() {}

    /// In the order of the rule catalogue; only rules with findings.
    public var entries: [Entry] { RuleID.allCases.compactMap { byRule[$0] } }

    public subscript(rule: RuleID) -> Entry? { byRule[rule] }

    public func count(of rule: RuleID) -> Int { byRule[rule]?.count ?? 0 }

    public var isEmpty: Bool { byRule.isEmpty }

    /// Counts a finding that is not `off`.
    public mutating func add(_ finding: Finding) {
        add(rule: finding.rule, severity: finding.severity, count: 1, examples: [finding])
    }

    public mutating func add(rule: RuleID, severity: Severity, count: Int, examples: [Finding]) {
        guard severity != .off, count > 0 else { return }
        var entry = byRule[rule] ?? Entry(rule: rule, severity: severity, count: 0, examples: [])
        entry.count += count
        entry.examples += examples.prefix(Self.exampleLimit - entry.examples.count)
        byRule[rule] = entry
    }

    /// Adds what a later part of the input found.
    public mutating func merge(_ other: FindingTally) {
        for entry in other.entries { add(rule: entry.rule, severity: entry.severity, count: entry.count, examples: entry.examples) }
    }
}
