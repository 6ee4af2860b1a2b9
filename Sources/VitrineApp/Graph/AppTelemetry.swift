import Engine
import Events
import Gzip
import Settings
import Telemetry

/// The sinks of one process.
struct AppTelemetry: Sendable {
    let hub: TelemetryHub
    let reporter: Reporter
    let runLogs: RunLogKeeper
    private let file: FileLineSink?

    struct Options: Sendable {
        /// Nil: no lines on stderr.
        var stderrLevel: Level?
        var stderrIsTerminal = false
        var file: FileLineSink?
        var fileLevel = Level.info
        var secrets: [Secret] = []
        var progress: ProgressView?
        var cloudWatch: CloudWatchTelemetry?
        var otlp: OTLPExporter?
        var libraryMetrics: LibraryMetrics?
    }

    init(_ values: GivenLabelValues, options: Options, clock: @escaping @Sendable () -> Timestamp) {
        let runLog = RunLogSink { chunk in try? gzip(chunk) }
        file = options.file
        runLogs = RunLogKeeper(sink: runLog)
        var outputs = [LineOutput(runLog, form: .json, minimumLevel: .info)]
        if let level = options.stderrLevel {
            outputs.append(LineOutput(StreamLineSink(), form: options.stderrIsTerminal ? .human : .json, minimumLevel: level))
        }
        if let file = options.file { outputs.append(LineOutput(file, form: .json, minimumLevel: options.fileLevel)) }
        outputs += options.cloudWatch?.outputs(minimumLevel: .info) ?? []
        hub = TelemetryHub(
            registry: MetricRegistry(values, created: clock(), library: options.libraryMetrics), outputs: outputs,
            metricSinks: options.cloudWatch?.metricSinks ?? [], recordSinks: options.otlp.map { [$0] } ?? [], scan: CredentialScan(secrets: options.secrets), clock: clock)
        if let progress = options.progress {
            reporter = Reporter(sink: SinkPair(first: hub, second: progress))
        } else {
            reporter = Reporter(sink: hub)
        }
    }
}

extension AppTelemetry {
    /// At the end of the process.
    func close() {
        hub.flush()
        _ = file?.close()
    }

    /// For SIGHUP: logrotate has moved the file away.
    func reopenFiles() { file?.reopen() }
}

/// The run log sink as the engine knows it.
struct RunLogKeeper: RunLogCollector {
    let sink: RunLogSink

    func open(runID: String) { sink.open(runID: runID) }
    func lost(runID: String) -> Int { sink.lost(runID: runID) }
    func take(runID: String) -> [UInt8]? { sink.take(runID: runID)?.bytes }
}

private struct SinkPair: EventSink {
    let first: any EventSink
    let second: any EventSink

    func receive(_ event: some Event, in scope: EventScope) {
        first.receive(event, in: scope)
        second.receive(event, in: scope)
    }
}
