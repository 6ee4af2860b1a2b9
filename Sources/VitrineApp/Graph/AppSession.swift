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
    private let textfile: TextfileWriter?

    /// - Parameter isServing: a daemon tells stderr all along, whatever else it writes to.
    init(loaded: LoadedSettings, options: CommonOptions, world: World, isServing: Bool = false) throws {
        self.loaded = loaded
        factory = PipelineFactory(loaded: loaded, world: world)
        ledger = try factory.ledger()
        transport = try CurlTransport(configuration: TransportConfiguration(environment: Environment.all))
        let isTerminal = isatty(STDERR_FILENO) == 1
        progress = isTerminal && !options.noProgress && !isServing && options.output == .text ? ProgressView() : nil
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
        sinks.stderrLevel = options.logLevel ?? (!isServing && (progress != nil || logs.file != nil) ? .error : .info)
        sinks.secrets = factory.secrets()
        sinks.progress = progress
        telemetry = AppTelemetry(pipelines: loaded.settings.pipelines.map(\.name), options: sinks, clock: world.now)
        textfile = loaded.settings.telemetry.prometheus.textfile.map { [ledger] in TextfileWriter(path: loaded.path($0), ledger: ledger) }
        if textfile != nil { try seedFigures() }
    }

    /// Other settings over the same sinks, ledger and transport.
    private init(_ session: AppSession, _ loaded: LoadedSettings) {
        self.loaded = loaded
        factory = PipelineFactory(loaded: loaded, world: session.factory.world)
        telemetry = session.telemetry
        ledger = session.ledger
        progress = session.progress
        transport = session.transport
        textfile = session.textfile
    }

    /// - Parameter known: pipelines of earlier settings, whose series stay.
    func renewed(_ loaded: LoadedSettings, known: Set<String>) throws -> AppSession {
        let session = AppSession(self, loaded)
        let pipelines = known.union(loaded.settings.pipelines.map(\.name))
        telemetry.hub.renew(.vitrine(pipelines: pipelines.sorted()), scan: CredentialScan(secrets: session.factory.secrets()))
        try session.seedFigures(besides: known)
        return session
    }

    func sync(_ pipeline: PipelineSettings) throws -> CatalogSync {
        try factory.sync(pipeline, telemetry, ledger: ledger, transport: transport)
    }

    func end() {
        telemetry.hub.flush()
        transport.shutdown()
    }

    /// For short runs: the figures for node_exporter's textfile collector, under their name at once.
    /// - Parameter pipelines: those that this process has worked on.
    func writeTextfile(of pipelines: some Sequence<String>) throws {
        try textfile?.write(telemetry.hub.registry.snapshot(), worked: Set(pipelines))
    }

    /// Gauges that tell of the past start with what the ledger knows of it.
    func seedFigures(besides known: Set<String> = []) throws {
        for pipeline in loaded.settings.pipelines where !known.contains(pipeline.name) {
            try FigureSeed(pipeline: pipeline.name, ledger: ledger).sow(in: telemetry.hub.registry)
        }
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
