public import Events
import Synchronization

/// The sink behind every `Reporter`: one event becomes a line for each output, changes in the registry, and what it says of spans. Nothing here throws, and nothing
/// that goes wrong here reaches the run: it is counted.
public final class TelemetryHub: EventSink {
    /// Lines that sinks hold back are handed on at the first event this long after the last time, and whenever something begins that takes time. Who has idle times calls `flush()` too.
    public static let flushInterval = Duration.seconds(1)

    /// Another one after `renew`.
    public var registry: MetricRegistry { state.withLock { $0.registry } }
    /// Knows every secret this hub was ever told of; for exporters that have to look for themselves.
    public var scan: CredentialScan { state.withLock { $0.scan } }
    private let outputs: [LineOutput]
    private let metricSinks: [any MetricSink]
    private let recordSinks: [any RecordSink]
    private let clock: @Sendable () -> Timestamp
    private let state: Mutex<State>

    private struct State {
        var registry: MetricRegistry
        var lines: [Level: Counter]
        var signal = Signal()
        var scan: CredentialScan
        var json: LogLineEncoder
        var human: HumanLineEncoder
        var spans: SpanTracker
        var sequence = 0
        var lastFlush: Timestamp
    }

    /// - Parameters:
    ///   - metricSinks: get each change beside the registry.
    ///   - recordSinks: get each event at `info` or above, and each span that has ended, as values.
    ///   - scan: knows the secrets of the settings.
    ///   - clock: the time of day, for the lines.
    ///   - spanID: a number for each span, not 0.
    public init(
        registry: MetricRegistry, outputs: [LineOutput], metricSinks: [any MetricSink] = [], recordSinks: [any RecordSink] = [],
        scan: CredentialScan = CredentialScan(), clock: @escaping @Sendable () -> Timestamp,
        spanID: @escaping @Sendable () -> UInt64 = { .random(in: 1 ... .max) }
    ) {
        self.outputs = outputs
        self.metricSinks = metricSinks
        self.recordSinks = recordSinks
        self.clock = clock
        registry.library?.look(for: scan)
        state = Mutex(
            State(
                registry: registry, lines: Self.lineCounters(of: registry), scan: scan, json: LogLineEncoder(scan: scan), human: HumanLineEncoder(scan: scan),
                spans: SpanTracker(makeID: spanID), lastFlush: clock()))
    }

    /// Other settings: pipelines that are new get their series, secrets that are new are looked for, and nothing that was there goes: a run may be at
    /// work under the earlier settings. No event is lost or counted twice.
    public func renew(_ values: GivenLabelValues, scan: CredentialScan) {
        state.withLock { state in
            state.registry.library?.look(for: scan)
            state.registry = state.registry.extended(with: values)
            state.lines = Self.lineCounters(of: state.registry)
            state.scan = state.scan.united(with: scan)
            state.json = LogLineEncoder(scan: state.scan)
            state.human = HumanLineEncoder(scan: state.scan)
        }
    }

    private static func lineCounters(of registry: MetricRegistry) -> [Level: Counter] {
        Dictionary(
            uniqueKeysWithValues: Level.allCases.compactMap { level in
                registry.counter(.logLines, LabelValue(.level, level.name)).map { (level, $0) }
            })
    }

    public func receive(_ event: some Event, in scope: EventScope) {
        state.withLock { state in
            state.signal.reset()
            event.describe(to: &state.signal)
            let now = clock()
            let (context, ended) = state.spans.take(state.signal, in: scope, at: now)
            for change in state.signal.changes {
                state.registry.apply(change, pipeline: scope.pipeline, in: context, at: now)
                for sink in metricSinks { sink.take(change, pipeline: scope.pipeline) }
            }
            let isWritten = outputs.contains { $0.minimumLevel <= state.signal.level }
            if isWritten { write(event.name.rawValue, scope, context, now, &state) }
            // What begins now may hang, or its process be killed: whoever looks then finds all lines before it.
            if case .begin? = state.signal.span?.step { flushOutputs(state.registry) }
            guard !recordSinks.isEmpty else { return }
            if state.signal.level >= .info {
                if !isWritten { state.sequence += 1 }
                hand(LogRecord(state.signal, event: event.name.rawValue, at: now, in: scope, context, sequence: state.sequence), state.registry)
            }
            for span in ended { hand(span, state.registry) }
        }
    }

    /// At the end of the process, before the last delivery: spans that are still open end here.
    public func endSpans() {
        state.withLock { state in
            for span in state.spans.endAll(at: clock()) { hand(span, state.registry) }
        }
    }

    private func hand(_ record: LogRecord, _ registry: MetricRegistry) {
        for sink in recordSinks where !sink.take(record) { Self.countDropped(1, by: sink.name, in: registry) }
    }

    private func hand(_ span: SpanRecord, _ registry: MetricRegistry) {
        for sink in recordSinks where !sink.take(span) { Self.countDropped(1, by: sink.name, in: registry) }
    }

    /// Hands on what the sinks hold back.
    public func flush() {
        let registry = state.withLock { state in
            state.lastFlush = clock()
            return state.registry
        }
        flushOutputs(registry)
    }

    private func write(_ event: String, _ scope: EventScope, _ context: TraceContext?, _ now: Timestamp, _ state: inout State) {
        let level = state.signal.level
        state.sequence += 1
        state.lines[level]?.add()
        var hasJSON = false
        var hasHuman = false
        for output in outputs where output.minimumLevel <= level {
            let taken: Bool
            switch output.form {
            case .json:
                if !hasJSON { state.json.encode(state.signal, event: event, at: now, in: scope, context, sequence: state.sequence) }
                hasJSON = true
                taken = state.json.withLine { output.sink.write($0, in: scope) }
            case .human:
                if !hasHuman { state.human.encode(state.signal, at: now, in: scope) }
                hasHuman = true
                taken = state.human.withLine { output.sink.write($0, in: scope) }
            }
            if !taken { Self.countDropped(1, by: output.sink.name, in: state.registry) }
        }
        if now - state.lastFlush >= Self.flushInterval {
            state.lastFlush = now
            flushOutputs(state.registry)
        }
    }

    private func flushOutputs(_ registry: MetricRegistry) {
        for output in outputs {
            let lost = output.sink.flush()
            if lost > 0 { Self.countDropped(lost, by: output.sink.name, in: registry) }
        }
    }

    private static func countDropped(_ count: Int, by sink: TelemetrySink, in registry: MetricRegistry) {
        registry.counter(.telemetryDropped, LabelValue(.sink, sink.rawValue))?.add(UInt64(count))
    }
}
