public import Events

/// One of the changes behind a number, and the run and span in which it happened: the way from a graph to a trace.
public struct Exemplar: Sendable, Hashable {
    /// What was added or observed, in the metric's base unit.
    public let value: Double
    public let time: Timestamp
    public let context: TraceContext

    public init(value: Double, time: Timestamp, context: TraceContext) {
        self.value = value
        self.time = time
        self.context = context
    }

    /// The labels as every format names them: 63 characters in all, within OpenMetrics' 128.
    var labels: [(name: String, value: String)] {
        [("trace_id", context.traceText)] + (context.span == 0 ? [] : [("span_id", context.spanText)])
    }
}
