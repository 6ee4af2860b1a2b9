/// What a rule says at one moment, and why.
public struct RuleVerdict: Sendable, Equatable {
    public enum Standing: String, Sendable {
        /// People are to hear of it.
        case bad
        /// All is well, and it is proved.
        case good
        /// Neither is proved: what was open stays open, what was closed stays closed.
        case undecided
    }

    public var rule: AlertRule
    public var pipeline: String
    /// The run that was judged; nil for a deadline.
    public var runID: String?
    public var standing: Standing
    /// What can become worse: the figure of a figure rule. Nil where there is only yes or no.
    public var figure: Double?
    /// One sentence: what was seen, against what.
    public var reason: String
    /// What is bad, each told once; for an end its name.
    public var families: [ErrorFamily]
}

extension RuleVerdict: CustomStringConvertible {
    public var description: String { "\(rule.name): \(standing.rawValue): \(reason)" }
}
