public import Events

/// Why a rule did or did not speak.
public struct RuleExplanation: Sendable, Equatable, Codable {
    public var rule: String
    public var spoke: Bool
    /// Whole sentences, for people.
    public var words: String
}

extension RuleVerdict {
    /// Of this verdict alone; what an open incident or a silence makes of it is in `IncidentBook.explain`.
    public var explanation: RuleExplanation {
        let lead = switch standing {
        case .bad: "Speaks"
        case .good: "Silent, all is well"
        case .undecided: "Silent, neither good nor bad is proved"
        }
        return RuleExplanation(rule: rule.name, spoke: standing == .bad, words: "\(lead): \(reason).")
    }
}

extension RuleJudge {
    /// For each rule, in their order, why it does or does not speak of the last of these runs.
    public static func explain(_ rules: [AlertRule], runs: [RunFacts], facts: PipelineFacts?, at now: Timestamp) -> [RuleExplanation] {
        let verdicts = verdicts(rules, runs: runs, facts: facts, at: now)
        return rules.map { rule in
            verdicts.first { $0.rule.name == rule.name }?.explanation
                ?? RuleExplanation(rule: rule.name, spoke: false, words: "Silent: there is nothing yet that it could look at.")
        }
    }
}
