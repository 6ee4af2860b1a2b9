public import Events
import ProtobufWire
import Synchronization
public import Transport

/// Collects lines and spans as they come, and delivers them with the figures of the moment when it is told to. Taking never waits; a delivery has its bound
/// in time. What is lost is told and counted in `telemetry_dropped_total{sink="otlp"}`.
public final class OTLPExporter: RecordSink {
    public let name = TelemetrySink.otlp
    /// The longest that a run waits for it.
    public static let bound = Duration.seconds(30)
    /// Values that wait, and bytes of them as they are counted here.
    public static let mostWaiting = 40_000
    public static let mostBytes = 32 << 20
    /// Values of one request, and bytes before packing.
    static let mostOfARequest = 2_000
    static let largestRequest = 4 << 20

    private let configuration: OTLPConfiguration
    private let sender: OTLPSender
    private let world: DeliveryWorld
    private let origin: OTLP.Origin
    private let logs: Mutex<DeliveryQueue<LogRecord>>
    private let spans: Mutex<DeliveryQueue<SpanRecord>>
    private let turn = DeliveryTurn()
    private let isDue: AsyncStream<Void>.Continuation
    /// Speaks whenever a request is full, for whoever delivers; for one task.
    public let due: AsyncStream<Void>

    /// - Parameters:
    ///   - process: said of this process beside what the configuration says, such as `service.version`; OpenTelemetry's names.
    ///   - mostWaiting: smaller in tests.
    public init(
        _ configuration: OTLPConfiguration, transport: any HTTPTransport, world: DeliveryWorld, version: String, process: [(key: String, value: String)],
        mostWaiting: Int = mostWaiting
    ) {
        self.configuration = configuration
        self.world = world
        sender = OTLPSender(transport: transport, world: world, userAgent: "vitrine/\(version) OTel-OTLP-Exporter-Swift/\(version)")
        let known = Set(configuration.resource.map(\.key))
        let resource = configuration.resource + process.filter { !known.contains($0.key) }
        origin = OTLP.Origin(resource: resource.map { .init($0.key, .text($0.value)) }, scope: "vitrine", version: version)
        logs = Mutex(DeliveryQueue(mostElements: mostWaiting, mostBytes: Self.mostBytes) { $0.message.utf8.count + Self.size($0.fields) })
        spans = Mutex(DeliveryQueue(mostElements: mostWaiting, mostBytes: Self.mostBytes) { Self.size($0.fields) })
        (due, isDue) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Lines and spans that are not delivered yet.
    public var waiting: Int { logs.withLock(\.count) + spans.withLock(\.count) }

    public func take(_ record: LogRecord) -> Bool {
        guard configuration.targets[.logs] != nil else { return true }
        return logs.withLock { logs in
            guard logs.append(record) else { return false }
            if logs.count % Self.mostOfARequest == 0 { isDue.yield() }
            return true
        }
    }

    public func take(_ span: SpanRecord) -> Bool {
        guard configuration.targets[.traces] != nil else { return true }
        return spans.withLock { spans in
            guard spans.append(span) else { return false }
            if spans.count % Self.mostOfARequest == 0 { isDue.yield() }
            return true
        }
    }

    /// About what a value takes with its frame.
    private static func size(_ fields: [Signal.Field]) -> Int {
        fields.reduce(400) { size, field in
            if case .text(let text) = field.value { size + 48 + text.utf8.count } else { size + 48 }
        }
    }

    /// Sends what there is, for at most `bound`; the three signals at once, so that together they take no longer.
    /// - Parameters:
    ///   - figures: go along; nil: lines and spans only.
    ///   - isLast: the process ends; what is not delivered now is dropped.
    ///   - reporter: is told of what is lost, and once for a delivery of what failed.
    public func deliver(_ figures: OTLPFigures?, scan: CredentialScan, isLast: Bool, within bound: Duration = bound, reporter: Reporter) async {
        await turn.take()
        let form = OTLPRecords(scan: scan)
        let tally = OTLPTally()
        await DeliveryWindow.run(within: bound, waiting: world.sleep) { [self] in
            await withTaskGroup { group in
                group.addTask { await self.drain(.traces, self.spans, tally) { OTLP.traces($0.map(form.span), from: self.origin) } }
                group.addTask { await self.drain(.logs, self.logs, tally) { OTLP.logs($0.map(form.record), from: self.origin) } }
                if let figures { group.addTask { await self.deliver(figures, tally) } }
            }
        }
        if isLast {
            let left = logs.withLock { $0.take().count } + spans.withLock { $0.take().count }
            tally.drop(left + tally.unsentFigures)
        }
        tally.report(waiting: waiting, to: reporter)
        await turn.give()
    }

    /// Requests one after the other until the queue is empty or one of them has to wait.
    private func drain<Element: Sendable>(
        _ signal: OTLPConfiguration.Signal, _ queue: borrowing Mutex<DeliveryQueue<Element>>, _ tally: OTLPTally, _ body: ([Element]) -> [UInt8]
    ) async {
        guard let target = configuration.targets[signal] else { return }
        while true {
            let batch = queue.withLock { $0.take(atMost: Self.mostOfARequest, bytes: Self.largestRequest) }
            guard !batch.isEmpty else { return }
            let end = await sender.send(body(batch), to: target) { tally.note($0) }
            tally.count(end, of: batch.count)
            if case .later = end { return tally.drop(queue.withLock { $0.putBack(batch) }) }
        }
    }

    /// They are cumulative: what did not arrive is in the next ones.
    private func deliver(_ figures: OTLPFigures, _ tally: OTLPTally) async {
        guard let target = configuration.targets[.metrics] else { return }
        let metrics = OTLPMetrics.metrics(figures.snapshot, tellsStart: figures.tellsStart, at: figures.time ?? world.now())
        guard !metrics.isEmpty else { return }
        tally.unsentFigures = metrics.count
        let end = await sender.send(OTLP.metrics(metrics, from: origin), to: target) { tally.note($0) }
        if case .later = end { return }
        tally.unsentFigures = 0
        tally.count(end, of: metrics.count)
    }
}

/// How a delivery went, over its three signals.
final class OTLPTally: Sendable {
    private struct State {
        var lost = 0
        var reason: (culprit: String, remedy: String)?
        var warning: String?
        var unsentFigures = 0
        var failed = false
    }

    private let state = Mutex(State())

    /// Metrics of this delivery that have not arrived.
    var unsentFigures: Int {
        get { state.withLock(\.unsentFigures) }
        set { state.withLock { $0.unsentFigures = newValue } }
    }

    /// A try that failed, of a request that may still be taken.
    func note(_ end: OTLPSender.End) {
        if case .later(let culprit, let remedy) = end { state.withLock { $0.reason = (culprit, remedy) } }
    }

    func count(_ end: OTLPSender.End, of number: Int) {
        state.withLock { state in
            switch end {
            case .taken: return
            case .partly(let rejected, let message):
                state.lost += min(rejected, number)
                if rejected > 0 { state.reason = ("the receiver rejected a part: \(message)", "Look at the receiver's own log.") } else { state.warning = message }
            case .refused(let culprit, let remedy):
                state.lost += number
                state.reason = (culprit, remedy)
            case .later(let culprit, let remedy):
                state.failed = true
                state.reason = (culprit, remedy)
            }
        }
    }

    func drop(_ number: Int) { state.withLock { $0.lost += number } }

    /// - Parameter waiting: what is kept for the next time.
    func report(waiting: Int, to reporter: Reporter) {
        let (lost, reason, warning, failed) = state.withLock { ($0.lost, $0.reason, $0.warning, $0.failed || $0.unsentFigures > 0) }
        let culprit = reason?.culprit ?? "the receiver took longer than a run may wait"
        let remedy = reason?.remedy ?? "Check the network between here and the receiver."
        if lost > 0 { reporter.report(TelemetryEvent.exportDropped(sink: .otlp, lost: lost, culprit: culprit, remedy: remedy)) }
        if failed, lost == 0 { reporter.report(TelemetryEvent.exportFailed(sink: .otlp, kept: waiting, culprit: culprit, remedy: remedy)) }
        if let warning { reporter.report(TelemetryEvent.exportWarned(sink: .otlp, message: warning)) }
    }
}
