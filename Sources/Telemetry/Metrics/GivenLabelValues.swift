/// The values of the labels that are bounded but not known when this is compiled. The composition root gives them at start; afterwards
/// the set of series is fixed.
public struct GivenLabelValues: Sendable {
    public var pipelines: [String]
    public var rules: [Rule]
    public var quotas: [String]
    public var apis: [String]
    public var channels: [String]
    public var version: String

    /// A validation rule and a severity that it has by itself or under the present settings: that series exists from the start. Another severity of
    /// the same rule is counted too, and shows once it is not zero.
    public struct Rule: Sendable, Hashable {
        public let id: String
        public let severity: String

        public init(id: String, severity: String) {
            self.id = id
            self.severity = severity
        }
    }

    public init(pipelines: [String] = [], rules: [Rule] = [], quotas: [String] = [], apis: [String] = [], channels: [String] = [], version: String = "0") {
        self.pipelines = pipelines
        self.rules = rules
        self.quotas = quotas
        self.apis = apis
        self.channels = channels
        self.version = version
    }

    /// What either has; the version is this one's.
    func united(with other: GivenLabelValues) -> GivenLabelValues {
        GivenLabelValues(
            pipelines: pipelines + other.pipelines, rules: rules + other.rules, quotas: quotas + other.quotas, apis: apis + other.apis,
            channels: channels + other.channels, version: version
        ).eachOnce
    }

    private var eachOnce: GivenLabelValues {
        var values = self
        (values.pipelines, values.quotas, values.apis, values.channels) = (Array(Set(pipelines)), Array(Set(quotas)), Array(Set(apis)), Array(Set(channels)))
        values.rules = Array(Set(rules))
        return values
    }
}
