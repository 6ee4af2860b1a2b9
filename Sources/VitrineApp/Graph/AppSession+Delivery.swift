import Engine
import Events
import FoundationEssentials
import Settings
import Telemetry
import Transport

extension PipelineFactory {
    /// Nil where the settings do not switch it on. - Throws: `TransportError` where libcurl cannot be started.
    func cloudWatch() throws -> CloudWatchTelemetry? {
        let settings = loaded.settings.telemetry.cloudWatch
        guard settings.enabled else { return nil }
        return CloudWatchTelemetry(
            session: try aws.session(), namespace: settings.namespace, logGroup: settings.logGroup, stream: Environment.processName.replacing(":", with: "/"),
            retention: settings.logRetention, world: aws.world)
    }

    /// Nil where neither the settings nor OpenTelemetry's variables name a receiver. - Throws: `OTLPConfigurationError`.
    func otlpConfiguration() throws(OTLPConfigurationError) -> OTLPConfiguration? {
        try OTLPConfiguration(endpoint: loaded.settings.telemetry.otlp.endpoint, environment: Environment.all)
    }

    func otlp(_ transport: any HTTPTransport) throws(OTLPConfigurationError) -> OTLPExporter? {
        guard let configuration = try otlpConfiguration() else { return nil }
        // The machine and not the process: a series for each run would be one too many.
        let host = ProcessInfo.processInfo.hostName
        return OTLPExporter(
            configuration, transport: transport, world: world.delivery, version: Version.text,
            process: [
                ("service.version", Version.text), ("service.instance.id", host), ("host.name", host), ("telemetry.sdk.name", "vitrine"),
                ("telemetry.sdk.language", "swift"), ("telemetry.sdk.version", Version.text),
            ])
    }

    func pushgateway(_ transport: any HTTPTransport) -> Pushgateway? {
        loaded.settings.telemetry.prometheus.pushgateway.map { Pushgateway(url: $0, transport: transport, world: world.delivery) }
    }
}

extension World {
    var delivery: DeliveryWorld { DeliveryWorld(now: now, sleep: sleep, random: random) }
}

extension AppSession {
    /// How long a process that was told to stop waits for CloudWatch or a receiver: it has to be gone within five seconds.
    static let hurriedDelivery = Duration.seconds(3)
    /// And afterwards for a Pushgateway.
    static let hurriedPush = Duration.seconds(1)

    /// Sends what has gathered, to whom it may concern.
    func deliver(isLast: Bool, within bound: Duration = CloudWatchExporter.bound, figures: OTLPFigures? = nil) async {
        let reporter = telemetry.reporter
        async let aws: Void? = cloudWatch?.deliver(isLast: isLast, within: bound, reporter: reporter)
        if let otlp {
            let figures = figures ?? OTLPFigures(of: telemetry.hub.registry)
            await otlp.deliver(figures, scan: CredentialScan(secrets: factory.secrets()), isLast: isLast, within: bound, reporter: reporter)
        }
        _ = await aws
    }

    /// Until its task is cancelled: requests that are full go while a run is at work, so that many lines need no large memory and no long end.
    func deliverFullRequests() async {
        guard let otlp else { return }
        for await _ in otlp.due {
            await otlp.deliver(nil, scan: CredentialScan(secrets: factory.secrets()), isLast: false, reporter: telemetry.reporter)
        }
    }

    /// At the end of the process. Not in the task that may have been told to stop: what a run has to say of its end is to arrive all the same.
    /// - Parameter pipelines: of a short run, those it has worked on: its figures go on from the ledger. Nil: they are as they are.
    func deliverLast(of pipelines: [String]? = nil) async {
        guard cloudWatch != nil || otlp != nil else { return }
        let bound = Task.isCancelled ? Self.hurriedDelivery : CloudWatchExporter.bound
        telemetry.hub.endSpans()
        var figures = OTLPFigures(of: telemetry.hub.registry)
        if let pipelines, let totals = try? self.figures?.keep(telemetry.hub.registry.snapshot(), worked: Set(pipelines)) {
            figures = OTLPFigures(snapshot: totals, tellsStart: false)
        }
        // Waited for, and over within its bound.
        await Task { [figures] in await deliver(isLast: true, within: bound, figures: figures) }.value
    }

    /// At the end of each run: the figures as a file and to a Pushgateway, their totals going on from the ledger.
    /// - Throws: where the file cannot be written; a gateway that is gone is told and counted, and no more.
    func tellFigures(of pipelines: [String]) async throws {
        guard let figures else { return }
        let totals = try figures.keep(telemetry.hub.registry.snapshot(), worked: Set(pipelines))
        guard let pushgateway else { return }
        let bound = Task.isCancelled ? Self.hurriedPush : Pushgateway.bound
        // Waited for, and over within its bound; not in the task that may have been told to stop.
        let arrived = await Task { [telemetry] in await pushgateway.push(totals, pipelines: pipelines, within: bound, reporter: telemetry.reporter) }.value
        // So that the count of what was lost is not lost too.
        if !arrived { _ = try figures.keep(telemetry.hub.registry.snapshot(), worked: Set(pipelines)) }
    }
}

extension TelemetrySettings.Prometheus {
    var secrets: [SecretReference] { [bearerToken, login?.password].compactMap(\.self) }
}
