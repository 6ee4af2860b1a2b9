import CatalogSync
import Engine
import Events
import Glibc
import ObjectStore
import Settings
import Telemetry
import Transport

/// What one command that works on pipelines needs: settings, sinks, ledger, transport.
final class AppSession: Sendable {
    let loaded: LoadedSettings
    let factory: PipelineFactory
    let telemetry: AppTelemetry
    let ledger: Ledger
    let progress: ProgressView?
    private let transport: CurlTransport

    init(loaded: LoadedSettings, options: CommonOptions, world: World) throws {
        self.loaded = loaded
        factory = PipelineFactory(loaded: loaded, world: world)
        ledger = try factory.ledger()
        transport = try CurlTransport(configuration: TransportConfiguration(environment: Environment.all))
        let isTerminal = isatty(STDERR_FILENO) == 1
        progress = isTerminal && !options.noProgress && options.output == .text ? ProgressView() : nil
        var sinks = AppTelemetry.Options()
        let logs = loaded.settings.telemetry.logs
        if let file = logs.file {
            let path = loaded.path(file)
            try FolderStore.makeFolders(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
            sinks.file = try FileLineSink(path: path, turnover: .init(size: logs.rotateSize, keep: logs.rotateKeep, clock: world.now))
        }
        sinks.fileLevel = Level(name: logs.level) ?? .info
        sinks.stderrIsTerminal = isTerminal
        // With a progress line, or a file that keeps them, lines in between are for whoever asks for them.
        sinks.stderrLevel = options.logLevel ?? (progress != nil || logs.file != nil ? .error : .info)
        sinks.secrets = factory.secrets()
        sinks.progress = progress
        telemetry = AppTelemetry(pipelines: loaded.settings.pipelines.map(\.name), options: sinks, clock: world.now)
    }

    func sync(_ pipeline: PipelineSettings) throws -> CatalogSync {
        try factory.sync(pipeline, telemetry, ledger: ledger, transport: transport)
    }

    func end() {
        telemetry.hub.flush()
        transport.shutdown()
    }

    /// For short runs: the figures for node_exporter's textfile collector, under their name at once.
    func writeTextfile() throws {
        guard let path = loaded.settings.telemetry.prometheus.textfile.map(loaded.path) else { return }
        let text = PrometheusText.render(telemetry.hub.registry.snapshot())
        try AtomicFile.write(text, to: path)
    }

    /// What the settings ask for and this version does not do yet. Silence would be a lie.
    var notices: [String] {
        let settings = loaded.settings
        var notices: [String] = []
        if !settings.alerts.rules.isEmpty { notices.append("alerts.rules") }
        if settings.telemetry.cloudWatch.enabled { notices.append("telemetry.cloudwatch") }
        if settings.telemetry.otlp.endpoint != nil { notices.append("telemetry.otlp") }
        if settings.telemetry.prometheus.pushgateway != nil { notices.append("telemetry.prometheus.pushgateway") }
        if settings.pipelines.contains(where: { $0.deadMan != nil }) { notices.append("dead_man") }
        return notices.isEmpty ? [] : ["", "Set but not built in this version: \(notices.joined(separator: ", "))"]
    }
}
