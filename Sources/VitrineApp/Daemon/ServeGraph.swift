import CatalogSync
import Engine
import Events
import Logging
import ObjectStore
import ServiceLifecycle
import Settings
import Telemetry

/// All of `vitrine serve`, put together: the endpoints, and the daemon behind them.
final class ServeGraph: Sendable {
    /// What is left of the drain after this long is cancelled once more. A run gives up within 5 s.
    static let drainLimit = Duration.seconds(10)

    let daemon: Daemon
    private let listening = Listening()
    private let manager: ServiceManager?
    /// Nil where the state is a bucket: whoever works on that has its lease already.
    private let lease: (any Lease)?
    private let group: ServiceGroup

    /// - Parameters:
    ///   - pages: what is not the server's own; nil: the status page.
    ///   - more: services that begin last and end first.
    /// - Throws: 78 for settings, 75 where another process serves the same state, 73 where the state cannot be written.
    init(
        session: AppSession, world: World, pages: (any PageResponder)? = nil,
        more: (Daemon) -> [any Service] = { _ in [] }
    ) async throws {
        lease = try await Self.takeLease(session, now: world.now())
        try session.seedFigures()
        await session.seedPresent()
        try await session.fetchSecrets(session.loaded.settings.telemetry.prometheus.secrets)
        manager = ServiceManager(environment: Environment.all, now: world.now)
        let address = session.loaded.settings.telemetry.prometheus.listen.flatMap(ListenAddress.init)
        daemon = Daemon(
            session: session, memory: try await Self.memory(session), world: world, pause: { await Self.pause(of: $0, session, world) }, manager: manager,
            whenReady: { [listening] in if address != nil { await listening.wait() } })
        let web = try address.map { [daemon, listening] in try Self.web(session, daemon, pages ?? StatusPages(daemon: daemon, world: world), at: $0, listening, now: world.now) }
        let logger = Logger(label: "serve", to: session.telemetry.reporter)
        // They stop in the reverse order: the endpoints answer until the runs have given up.
        let shipping = TelemetryDelivery(daemon: daemon, world: world).map { [$0] } ?? []
        let services: [any Service] = (web.map { [$0] } ?? []) + shipping + [AlertService(daemon: daemon, world: world), daemon] + more(daemon)
        // The daemon ends by itself where it has lost its state, and all others with it.
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: $0 is Daemon ? .gracefullyShutdownGroup : .cancelGroup) }, logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.drainLimit
        group = ServiceGroup(configuration: configuration)
    }

    /// The port that is listened on; 0 where none is.
    var port: Int { listening.port }

    /// Serves until its task is cancelled, or the daemon has lost its state; then drains.
    /// - Returns: the time that is left for the last words.
    @discardableResult
    func run() async throws -> LastMoments {
        // Unstructured, because a cancelled group has no time to drain; it is waited for here, and told to stop here.
        let serving = Task { [group] in try await group.run() }
        let end = await withTaskCancellationHandler {
            await serving.result
        } onCancel: {
            // Unstructured, because a handler cannot wait; it ends at once.
            Task { [group] in await group.triggerGracefulShutdown() }
        }
        let moments = await daemon.session.sayLastWords(of: daemon.session.pipelineNames)
        await lease?.release()
        try end.get()
        return moments
    }

    /// A pause that cannot be read holds: who paused had a reason.
    private static func pause(of pipeline: String, _ session: AppSession, _ world: World) async -> String? {
        do {
            if let pause = try await session.factory.pauses.inForce(pipeline, at: world.now()) { return pause.words }
        } catch {
            return RunStop(any: error).description
        }
        // Where that cannot be read, the run finds out and says so, as for any trouble with its store.
        return try? await session.hold(of: pipeline)?.words
    }

    private static func takeLease(_ session: AppSession, now: Timestamp) async throws -> (any Lease)? {
        guard session.state.bucket == nil else { return nil }
        let folder = session.loaded.path(session.loaded.settings.state)
        let holder = LeaseHolder(runID: "serve", process: Environment.processName)
        switch try await FolderStore(root: folder).lease(".lease-serve", for: holder, now: now) {
        case .granted(let lease): return lease
        case .held(let other):
            throw RunStop(
                .tryAgainLater, reason: "lease_held", culprit: folder, detail: "process \(other?.process ?? "unknown") serves from it already",
                remedy: "Stop that one first, or give this one a state and pipelines of its own.")
        }
    }

    /// What is known of each pipeline from before.
    private static func memory(_ session: AppSession) async throws -> [String: ScheduleMemory] {
        var memory: [String: ScheduleMemory] = [:]
        for pipeline in session.loaded.settings.pipelines {
            // A store that cannot be listed now is no reason not to serve: its first run says what is wrong.
            let marks = try? await session.factory.synced(pipeline).list(prefix: RunFolder.openMarks(of: pipeline.name))
            memory[pipeline.name] = ScheduleMemory(
                lastStart: try session.ledger.runs(pipeline: pipeline.name, limit: 1).first?.startedAt, hasOpenRun: marks?.isEmpty == false)
        }
        return memory
    }

    private static func web(
        _ session: AppSession, _ daemon: Daemon, _ pages: any PageResponder, at address: ListenAddress, _ listening: Listening,
        now: @escaping @Sendable () -> Timestamp
    ) throws -> WebServer {
        let gate = try session.gatekeeper()
        let tls = try session.endpointTLS()
        let scrape = Scrape(of: session.telemetry.hub)
        let reporter = session.telemetry.reporter
        let health = Probes(
            heartbeats: daemon.heartbeats, isDraining: { daemon.isDraining },
            hasLedger: { [ledger = session.ledger] in (try? ledger.check()) != nil })
        let desk = WebDesk(gate: gate, health: health, scrape: { scrape.bytes(as: $0) }, pages: pages, reporter: reporter, now: now)
        return WebServer(desk: desk, address: address, tls: tls) { port in
            reporter.report(DaemonEvent.listening(url: address.url(port: port, isSecure: tls != nil), needsLogin: !gate.isOpen))
            listening.began(port: port)
        }
    }
}

extension AppSession {
    /// - Throws: 78 where a secret is not where the settings say.
    fileprivate func gatekeeper() throws -> Gatekeeper {
        let settings = loaded.settings.telemetry.prometheus
        do {
            let token = try settings.bearerToken?.resolve(in: factory.secretSources)
            let login = try settings.login.map { (user: $0.user, password: try $0.password.resolve(in: factory.secretSources)) }
            return Gatekeeper(token: token, login: login)
        } catch let error as SettingsError {
            throw RunStop(error)
        }
    }
}
