/// All that the composition root decides about alerts.
public struct AlertPolicy: Sendable, Equatable {
    public var rules: [AlertRule]
    /// The most messages in any hour; at least 1. What is above it is told later, with the number of those held back.
    public var hourlyCap: Int
    /// Shown in every message, `https://…`.
    public var dashboard: String?

    public init(rules: [AlertRule], hourlyCap: Int = 20, dashboard: String? = nil) {
        self.rules = rules
        self.hourlyCap = max(1, hourlyCap)
        self.dashboard = dashboard
    }

    /// Runs of a pipeline that the rules must be able to look back on.
    var runsToKeep: Int { rules.reduce(Self.fewestRuns) { max($0, $1.window.of, $1.window.good) } }

    /// Runs kept whatever the rules say, so that a late verdict finds the run it amends.
    static let fewestRuns = 10
}

extension AlertRule {
    /// The rules that ship switched on. A single refused item is no matter for them: that is for the report.
    /// - Parameter channels: every channel there is.
    public static func shipped(channels: [String]) -> [AlertRule] {
        [
            AlertRule(
                name: "access", trigger: .ends([.token, .permission]), remind: .seconds(12 * 3600), severity: .critical, channels: channels),
            AlertRule(name: "books", trigger: .ends([.books]), remind: .seconds(24 * 3600), severity: .critical, channels: channels),
            AlertRule(
                name: "stopped", trigger: .ends([.validationFailed, .held, .settings, .cannotWrite]), remind: .seconds(24 * 3600), severity: .warning, channels: channels),
            AlertRule(
                name: "many-refused", trigger: .figure("items_refused", above: .share(0.05, of: "items_sent"), atLeast: 20),
                window: RunWindow(bad: 1, of: 1, good: 2), severity: .warning, channels: channels),
            AlertRule(
                name: "no-success", trigger: .noSuccessFor(.seconds(26 * 3600)), remind: .seconds(24 * 3600), severity: .critical,
                channels: channels),
            AlertRule(
                name: "unknown", trigger: .unknownOlderThan(.seconds(26 * 3600)), remind: .seconds(24 * 3600), severity: .warning,
                channels: channels),
            AlertRule(
                name: "token-ends", trigger: .endsWithin(.token, .seconds(14 * 86_400)), remind: .seconds(3 * 86_400), severity: .warning,
                channels: channels),
            AlertRule(
                name: "api-version-ends", trigger: .endsWithin(.apiVersion, .seconds(30 * 86_400)), remind: .seconds(7 * 86_400),
                severity: .warning, channels: channels),
        ]
    }
}
