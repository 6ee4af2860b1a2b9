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
    let state: AppState
    let ledger: Ledger
    let progress: ProgressView?
    private let transport: CurlTransport
    /// Nil where nobody wants figures that go on from process to process.
    let figures: KeptFigures?
    /// For node_exporter's textfile collector; nil: there is none.
    let textfile: String?
    let pushgateway: Pushgateway?
    /// Nil where CloudWatch is not switched on.
    let cloudWatch: CloudWatchTelemetry?
    /// A daemon's ledger that goes into its bucket only when a run has ended: totals of what came since would fall where the process dies, so a receiver
    /// gets the process's own figures, as a series of their own with the time they began.
    let tellsOwnFigures: Bool
    /// Nil where there is no OpenTelemetry receiver.
    let otlp: OTLPExporter?
    let alerts: AlertOffice

    /// - Parameter isServing: a daemon tells stderr all along, whatever else it writes to.
    /// - Throws: what stands in the way of the state, too: 75 where another process works on one in a bucket.
    static func open(loaded: LoadedSettings, options: CommonOptions, world: World, isServing: Bool = false) async throws -> AppSession {
        let factory = PipelineFactory(loaded: loaded, world: world)
        let state = try await factory.openState()
        do {
            let session = try AppSession(factory, state, options, isServing)
            await session.catchUpEarly()
            return session
        } catch {
            await state.bucket?.leave()
            throw error
        }
    }

    /// For a person's word that the ledger has no part in: a daemon may be at work on a state in a bucket, whose ledger stays there.
    static func openForWords(loaded: LoadedSettings, options: CommonOptions, world: World) throws -> AppSession {
        let factory = PipelineFactory(loaded: loaded, world: world)
        let state = try factory.sharedState()
        try FolderStore.makeFolders(state.folder)
        return try AppSession(factory, state, options, false)
    }

    private init(_ factory: PipelineFactory, _ state: AppState, _ options: CommonOptions, _ isServing: Bool) throws {
        self.factory = factory
        self.state = state
        let (loaded, world) = (factory.loaded, factory.world)
        self.loaded = loaded
        ledger = try Ledger(folder: state.folder)
        transport = try CurlTransport(configuration: TransportConfiguration(environment: Environment.all))
        progress = isatty(STDERR_FILENO) == 1 && !options.noProgress && !isServing && options.output == .text ? ProgressView() : nil
        var options = options
        if isServing { options.logLevel = options.logLevel ?? .info }
        cloudWatch = try factory.cloudWatch()
        let tellsOwnFigures = isServing && state.bucket != nil
        self.tellsOwnFigures = tellsOwnFigures
        otlp = try factory.otlp(transport) { [ledger] in
            let dice = (world.random(), world.random())
            return try tellsOwnFigures ? RandomName(dice.0, dice.1).text : ledger.identity(dice)
        }
        telemetry = try AppTelemetry(
            loaded, options, secrets: factory.secrets(), progress: progress, cloudWatch: cloudWatch, otlp: otlp, clock: world.now)
        factory.aws.report(to: telemetry.hub)
        alerts = AlertOffice(factory: factory, state: state, ledger: ledger, reporter: telemetry.reporter, lookForSecrets: { [telemetry, factory] in telemetry.renew(for: factory) })
        pushgateway = factory.pushgateway(transport)
        textfile = loaded.settings.telemetry.prometheus.textfile.map(loaded.path)
        figures = state.hasLedger && (textfile != nil || pushgateway != nil || otlp != nil) ? KeptFigures(ledger: ledger, now: world.now) : nil
        if figures != nil { try seedFigures() }
    }

    /// Other settings over the same sinks, ledger and transport.
    private init(_ session: AppSession, _ loaded: LoadedSettings) {
        self.loaded = loaded
        factory = PipelineFactory(loaded: loaded, world: session.factory.world, after: session.factory)
        telemetry = session.telemetry
        state = session.state
        ledger = session.ledger
        progress = session.progress
        transport = session.transport
        figures = session.figures
        textfile = session.textfile
        pushgateway = session.pushgateway
        cloudWatch = session.cloudWatch
        otlp = session.otlp
        tellsOwnFigures = session.tellsOwnFigures
        alerts = AlertOffice(
            factory: factory, state: state, ledger: ledger, reporter: telemetry.reporter, lookForSecrets: { [telemetry, factory] in telemetry.renew(for: factory) })
    }

    /// - Parameter known: pipelines of earlier settings, whose figures go on.
    func renewed(_ loaded: LoadedSettings, known: Set<String>) throws -> AppSession {
        let session = AppSession(self, loaded)
        telemetry.renew(for: session.factory)
        try session.seedFigures(besides: known)
        return session
    }

    /// - Parameter witness: told of the runs.
    func sync(_ pipeline: PipelineSettings, witness: (any RunWitness)? = nil) throws -> CatalogSync {
        try factory.sync(pipeline, telemetry, ledger: ledger, transport: transport, witness: witness)
    }

    /// Whether figures of the process's end go into the ledger.
    var keepsFigures: Bool { figures != nil }

    /// The pause in force, if the pipeline has one; a run that asks does not begin, and says so. A pause whose time is over is taken away.
    func pause(of pipeline: String, now: Timestamp) async throws -> Pause? {
        guard let pause = try await factory.pauses.entry(pipeline) else { return nil }
        let reporter = telemetry.reporter.scoped(pipeline: pipeline)
        guard pause.isInForce(at: now) else {
            try await factory.pauses.lift(pipeline)
            reporter.report(PauseEvent.resumed(pause, author: nil, reason: "its time is over"))
            return nil
        }
        reporter.report(PauseEvent.runRefused(pause))
        return pause
    }

    /// The held run of a pipeline that waits for a person.
    func hold(of name: String) async throws -> Hold? {
        guard let pipeline = loaded.settings.pipelines.first(where: { $0.name == name }) else { return nil }
        return try await HoldShelf(store: factory.synced(pipeline), pipeline: name).waiting()
    }

    func syncWithoutCalls(_ pipeline: PipelineSettings) throws -> CatalogSync {
        try factory.syncWithoutCalls(pipeline, telemetry, ledger: ledger, transport: transport)
    }

    func end() {
        telemetry.close()
        transport.shutdown()
        alerts.end()
        factory.aws.shutdown()
    }

    /// Gauges that tell of the past start with what the ledger knows of it.
    func seedFigures(besides known: Set<String> = []) throws {
        for pipeline in loaded.settings.pipelines where !known.contains(pipeline.name) {
            try FigureSeed(pipeline: pipeline.name, ledger: ledger).sow(in: telemetry.hub.registry)
        }
    }

    /// What the settings ask for and this version does not do yet. Silence would be a lie.
    var notices: [String] {
        let keys = withoutEffect
        return keys.isEmpty ? [] : ["", "Set but not built in this version: \(keys.joined(separator: ", "))"]
    }

    /// Keys of the settings that are set and do nothing in this version.
    var withoutEffect: [String] {
        []
    }
}
