public import Events

/// Who is told of events and spans as values and not as lines, for exporters with a form of their own. Must neither wait nor throw: what it cannot
/// take it answers with false, and the hub counts it as dropped.
public protocol RecordSink: Sendable {
    /// What `telemetry_dropped_total{sink}` calls it.
    var name: TelemetrySink { get }

    func take(_ record: LogRecord) -> Bool
    func take(_ span: SpanRecord) -> Bool
}

/// What a log line says, before it is one. Its texts are as they came: whoever sends them looks for credentials first, with the hub's `scan`
/// of that moment.
public struct LogRecord: Sendable, Equatable {
    public let time: Timestamp
    public let level: Level
    public let event: String
    public let message: String
    public let scope: EventScope
    public let fields: [Signal.Field]
    public let context: TraceContext?
    public let sequence: Int

    init(_ signal: Signal, event: String, at time: Timestamp, in scope: EventScope, _ context: TraceContext?, sequence: Int) {
        self.time = time
        level = signal.level
        self.event = event
        message = signal.message
        self.scope = scope
        fields = signal.fields
        self.context = context
        self.sequence = sequence
    }
}
