/// What one event says, ready for every sink. A sink keeps one `Signal` and resets it for each event, so that a line costs no allocation.
public struct Signal: Sendable {
    public private(set) var level = Level.info
    /// One plain sentence for people.
    public private(set) var message = ""
    public private(set) var fields: [Field] = []
    public private(set) var changes: [MetricChange] = []
    /// Nil for most events. What the event says of itself in message and fields is said of the span too, when it ends.
    public private(set) var span: SpanChange?

    public struct Field: Sendable, Equatable {
        public let name: FieldName
        public let value: Value
    }

    public enum Value: Sendable, Equatable {
        case integer(Int)
        /// Finite; a sink writes anything else as null.
        case number(Double)
        case flag(Bool)
        case text(String)
    }

    public struct MetricChange: Sendable, Equatable {
        public let metric: MetricName
        public let kind: Kind
        public let value: Double
        /// The labels beside `pipeline`. Kept as two places and not as an array, so that a change costs no allocation.
        public let first: LabelValue?
        public let second: LabelValue?

        public var labels: [LabelValue] { [first, second].compactMap(\.self) }

        /// `revise`: what sums of single runs were told is more or less by so much. A counter, which only rises, takes no part in it.
        public enum Kind: Sendable, Equatable { case add, set, observe, revise }

        public init(_ kind: Kind, _ metric: MetricName, _ value: Double, _ first: LabelValue? = nil, _ second: LabelValue? = nil) {
            self.metric = metric
            self.kind = kind
            self.value = value
            self.first = first
            self.second = second
        }
    }

    public init() {}

    public mutating func reset() {
        level = .info
        message = ""
        fields.removeAll(keepingCapacity: true)
        changes.removeAll(keepingCapacity: true)
        span = nil
    }

    public mutating func say(_ level: Level, _ message: String) {
        self.level = level
        self.message = message
    }

    public mutating func field(_ name: FieldName, _ value: Int) { fields.append(Field(name: name, value: .integer(value))) }
    public mutating func field(_ name: FieldName, _ value: Double) { fields.append(Field(name: name, value: .number(value))) }
    public mutating func field(_ name: FieldName, _ value: Bool) { fields.append(Field(name: name, value: .flag(value))) }
    public mutating func field(_ name: FieldName, _ value: String) { fields.append(Field(name: name, value: .text(value))) }

    /// Leaves the field out where nothing is known.
    public mutating func field(_ name: FieldName, _ value: Int?) { if let value { field(name, value) } }
    public mutating func field(_ name: FieldName, _ value: String?) { if let value { field(name, value) } }

    /// Adds to a counter. The label `pipeline` comes from the scope and is never given here.
    public mutating func add(_ metric: MetricName, _ amount: Int = 1, _ first: LabelValue? = nil, _ second: LabelValue? = nil) {
        changes.append(MetricChange(.add, metric, Double(amount), first, second))
    }

    /// Says that a figure of one run, which was told before, is another one by now; for sinks that keep sums of runs and can take back.
    public mutating func revise(_ metric: MetricName, by amount: Int, _ first: LabelValue? = nil, _ second: LabelValue? = nil) {
        changes.append(MetricChange(.revise, metric, Double(amount), first, second))
    }

    /// Sets a gauge.
    public mutating func set(_ metric: MetricName, _ value: Double, _ first: LabelValue? = nil, _ second: LabelValue? = nil) {
        changes.append(MetricChange(.set, metric, value, first, second))
    }

    /// Adds one observation to a histogram, in the metric's base unit.
    public mutating func observe(_ metric: MetricName, _ value: Double, _ first: LabelValue? = nil, _ second: LabelValue? = nil) {
        changes.append(MetricChange(.observe, metric, value, first, second))
    }

    /// With this event something begins that takes time.
    public mutating func begin(_ kind: SpanKind, _ key: String? = nil) { span = SpanChange(kind, .begin, key: key) }

    /// With this event it has ended.
    public mutating func end(_ kind: SpanKind, _ key: String? = nil, failed: Bool = false) { span = SpanChange(kind, .end(failed: failed), key: key) }

    /// Something that took time and is over, known only now.
    public mutating func whole(_ kind: SpanKind, seconds: Double, of key: String? = nil, failed: Bool = false) {
        span = SpanChange(kind, .whole(seconds: seconds, failed: failed), key: key)
    }
}
