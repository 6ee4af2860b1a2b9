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

    /// - Parameter identity: of the ledger that the totals are in. Not of the process or the machine: a series for each run would be one too many, and two
    ///   processes that tell the same totals tell the same series.
    func otlp(_ transport: any HTTPTransport, identity: () throws -> String) throws -> OTLPExporter? {
        guard let configuration = try otlpConfiguration() else { return nil }
        let identity = try identity()
        return OTLPExporter(
            configuration, transport: transport, world: world.delivery, version: Version.text,
            process: [
                ("service.version", Version.text), ("service.instance.id", identity), ("host.name", ProcessInfo.processInfo.hostName), ("telemetry.sdk.name", "vitrine"),
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
    /// Sends what has gathered, to whom it may concern.
    /// - Parameter pipelines: whose gauges this process knows; nil: lines and spans only.
    func deliver(isLast: Bool, of pipelines: [String]?, within bound: Duration = CloudWatchExporter.bound) async {
        let reporter = telemetry.reporter
        async let aws: Void? = cloudWatch?.deliver(isLast: isLast, within: bound, reporter: reporter)
        if let otlp {
            let figures = pipelines.flatMap { tellsOwnFigures ? OTLPFigures(of: telemetry.hub.registry) : totals(of: $0, for: .otlp) }
            await otlp.deliver(figures, scan: telemetry.hub.scan, isLast: isLast, within: bound, reporter: reporter)
        }
        _ = await aws
    }

    /// Until its task is cancelled: requests that are full go while a run is at work, so that many lines need no large memory and no long end.
    func deliverFullRequests() async {
        guard let otlp else { return }
        for await _ in otlp.due { await otlp.deliver(nil, scan: telemetry.hub.scan, isLast: false, reporter: telemetry.reporter) }
    }

    /// The totals with what has come since. Nil, and told, where the ledger cannot take it: figures of this process alone would be a fall of what the
    /// receiver has, so it gets none this time.
    func totals(of pipelines: [String], for sink: TelemetrySink) -> OTLPFigures? {
        guard let figures else { return nil }
        let snapshot = telemetry.hub.registry.snapshot()
        do { return try figures.keep(snapshot, worked: Set(pipelines)) } catch {
            let stop = RunStop(appError: error)
            telemetry.reporter.report(
                TelemetryEvent.exportDropped(sink: sink, lost: snapshot.families.count, culprit: "\(stop.culprit): \(stop.detail)", remedy: stop.remedy))
            return nil
        }
    }

    /// At the end of each run: the figures as a file and to a Pushgateway, their totals going on from the ledger. What goes wrong is told and counted, and
    /// no more.
    func tellFigures(of pipelines: [String], within bound: Duration = Pushgateway.bound) async {
        await push(pipelines, within: bound)
        writeTextfile(pipelines)
    }

    private func push(_ pipelines: [String], within bound: Duration) async {
        guard let pushgateway, let totals = totals(of: pipelines, for: .pushgateway) else { return }
        // Waited for, and over within its bound; not in the task that may have been told to stop.
        _ = await Task { [telemetry] in
            await pushgateway.push(totals.snapshot, pipelines: pipelines, within: min(bound, Pushgateway.bound), reporter: telemetry.reporter)
        }.value
    }

    /// The last of all, also where there is no file: the count of what was lost before is not to be lost too.
    private func writeTextfile(_ pipelines: [String]) {
        guard let figures, let totals = totals(of: pipelines, for: .textfile), let textfile else { return }
        do { try figures.write(totals.snapshot, to: textfile) } catch {
            let stop = RunStop(appError: error)
            telemetry.reporter.report(TelemetryEvent.textfileFailed(culprit: stop.culprit, reason: stop.detail, remedy: stop.remedy))
            _ = self.totals(of: pipelines, for: .textfile)
        }
    }
}

// MARK: - The end of a process

/// The time that a process has for its last words.
struct LastMoments: Sendable {
    /// All of it: the longest that a run takes longer when those who are to be told do not answer.
    static let usual = Duration.seconds(30)
    /// Of a process that was told to stop: it has to be gone within five seconds.
    static let hurried = Duration.seconds(4)
    /// Of that, for people.
    static let hurriedPeople = Duration.seconds(2)

    let isHurried: Bool
    private let end: Timestamp
    private let now: @Sendable () -> Timestamp

    init(isHurried: Bool, now: @escaping @Sendable () -> Timestamp) {
        self.isHurried = isHurried
        self.now = now
        end = now() + (isHurried ? Self.hurried : Self.usual)
    }

    /// Never below zero.
    var left: Duration { max(.zero, end - now()) }
}

extension AppSession {
    /// Tells people, and then everybody else, so that what is said of the telling is told too; the textfile last, with the counts of what was lost on the way.
    /// - Returns: the time that is left for `sayRest`.
    func sayLastWords(of pipelines: [String]) async -> LastMoments {
        let moments = LastMoments(isHurried: Task.isCancelled, now: factory.world.now)
        await tellPeople(within: moments.isHurried ? LastMoments.hurriedPeople : AlertOffice.bound)
        await tellMachines(of: pipelines, moments)
        return moments
    }

    /// A person's word has changed something, which is not to wait for the next run to be seen. The person does not wait long either.
    func tellOfWord(of pipeline: String) async {
        guard figures != nil, let settings = loaded.settings.pipelines.first(where: { $0.name == pipeline }) else { return }
        await lookAfterRun(at: settings)
        await tellMachines(of: [pipeline], LastMoments(isHurried: true, now: factory.world.now))
    }

    private func tellMachines(of pipelines: [String], _ moments: LastMoments) async {
        telemetry.hub.endSpans()
        // Waited for, and over within its bound. Not in the task that may have been told to stop: what a run has to say of its end is to arrive all the same.
        await Task {
            async let pushed: Void = push(pipelines, within: moments.left)
            await deliver(isLast: true, of: pipelines, within: moments.left)
            await pushed
        }.value
        writeTextfile(pipelines)
    }

    /// What was said since: it goes where there is time left, and is counted as lost where there is none.
    func sayRest(_ moments: LastMoments) async {
        telemetry.hub.flush()
        guard (otlp?.waiting ?? 0) + (cloudWatch?.logs?.waiting ?? 0) > 0 else { return }
        await Task { await deliver(isLast: true, of: nil, within: moments.left) }.value
    }
}

extension TelemetrySettings.Prometheus {
    var secrets: [SecretReference] { [bearerToken, login?.password].compactMap(\.self) }
}
