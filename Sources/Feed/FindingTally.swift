/// Findings counted by rule and severity, with the first few of each in row order.
public struct FindingTally: Sendable, Equatable {
    /// Examples kept of each rule.
    public static let exampleLimit = 5

    public struct Entry: Sendable, Equatable {
        public let rule: RuleID
        public let severity: Severity
        public internal(set) var count: Int
        public internal(set) var examples: [Finding]
    }

    private struct Key: Hashable {
        let rule: RuleID
        let severity: Severity
    }

    private var entriesByKey: [Key: Entry] = [:]

    public init() {}

    /// In the order of the rule catalogue, the graver first; only what was found.
    public var entries: [Entry] {
        entriesByKey.values.sorted { ($0.rule.ordinal, $1.severity) < ($1.rule.ordinal, $0.severity) }
    }

    public var isEmpty: Bool { entriesByKey.isEmpty }

    public func count(of rule: RuleID) -> Int { entriesByKey.values.reduce(0) { $0 + ($1.rule == rule ? $1.count : 0) } }

    public func count(of rule: RuleID, severity: Severity) -> Int { entriesByKey[Key(rule: rule, severity: severity)]?.count ?? 0 }

    /// Counts a finding that is not `off`.
    public mutating func add(_ finding: Finding) {
        add(rule: finding.rule, severity: finding.severity, count: 1, examples: [finding])
    }

    public mutating func add(rule: RuleID, severity: Severity, count: Int, examples: [Finding]) {
        guard severity != .off, count > 0 else { return }
        let key = Key(rule: rule, severity: severity)
        var entry = entriesByKey[key] ?? Entry(rule: rule, severity: severity, count: 0, examples: [])
        entry.count += count
        entry.examples += examples.prefix(Self.exampleLimit - entry.examples.count)
        entriesByKey[key] = entry
    }

    /// Adds what a later part of the input found.
    public mutating func merge(_ other: FindingTally) {
        for entry in other.entries { add(rule: entry.rule, severity: entry.severity, count: entry.count, examples: entry.examples) }
    }
}
