import Alerting
import CatalogSync
import Engine
import Events
import Settings
import Telemetry

/// Alerts as one process works on them: the desk with its rules and channels, and what it has to know. Trouble with alerts is told as events and
/// never reaches a run.
final class AlertOffice: Sendable {
    let desk: AlertDesk
    let policy: AlertPolicy
    private let reader: PipelineFactsReader?
    private let link: AlertLink
    private let reporter: Reporter
    private let factory: PipelineFactory
    private let state: AppState
    /// False: there is no rule and no digest, so nothing is kept and nothing is told.
    let isAtWork: Bool

    /// How long people are told at the end of a process: a part of `LastMoments.usual`.
    static let bound = Duration.seconds(15)

    /// - Parameters:
    ///   - lookForSecrets: after a channel's password was fetched, before it is used.
    ///   - ledger: nil: nothing is remembered yet.
    init(factory: PipelineFactory, state: AppState, ledger: Ledger?, reporter: Reporter, lookForSecrets: @escaping @Sendable () -> Void) {
        let loaded = factory.loaded, alerts = loaded.settings.alerts
        let policy = AlertPolicy(loaded)
        let digest = DigestPlan(loaded)
        let link = AlertLink(reporter: reporter)
        isAtWork = !policy.rules.isEmpty || digest != nil
        let channels = alerts.channels.map { ($0.name, ConfiguredChannel(settings: $0, factory: factory, link: link, lookForSecrets: lookForSecrets)) }
        let fallbacks = alerts.channels.compactMap { channel in
            channel.fallback.map { second in
                let carriesLetters = alerts.channels.first { $0.name == second }?.kind.carriesLetters ?? false
                return (channel.name, AlertFallback(channel: second, after: channel.fallbackAfter, carriesLetters: carriesLetters))
            }
        }
        let writer = ledger.map { DigestWriter(factory: factory, ledger: $0) }
        desk = AlertDesk(
            folder: AlertFolder(path: state.folder), keeper: state, policy: policy, channels: Dictionary(uniqueKeysWithValues: channels),
            fallbacks: Dictionary(uniqueKeysWithValues: fallbacks), digest: digest,
            write: { order throws(DeliveryFailure) in
                guard let writer else { return try await AlertDesk.noLetter(order) }
                return try await writer.letter(order)
            }, reporter: reporter, now: factory.world.now,
            random: factory.world.random)
        let looksAtFiles = policy.rules.contains { if case .noFileFor = $0.trigger { true } else { false } }
        reader = ledger.map { PipelineFactsReader(factory: factory, ledger: $0, looksAtFiles: looksAtFiles) }
        self.policy = policy
        self.state = state
        self.factory = factory
        self.reporter = reporter
        self.link = link
    }

    func end() { link.shutdown() }

    /// Nil where nobody is to be told.
    func deadMan(of pipeline: PipelineSettings) -> DeadManSwitch? {
        guard let url = pipeline.deadMan, let transport = try? link.get() else { return nil }
        return DeadManSwitch(url: url, transport: transport, now: factory.world.now)
    }

    /// A run has come to an end, or an ended one is amended. What is to be told is on the disk when this returns.
    /// - Parameter isStored: whether the report can be asked for later.
    /// - Returns: what people are told because of it, for its report.
    func observe(_ report: SyncReport, of pipeline: PipelineSettings, isAmendment: Bool, isStored: Bool = true) async -> [String] {
        guard isAtWork, let run = facts(of: report, isStored: isStored) else { return [] }
        // What is late says nothing of deadlines: those are for the present. Where they cannot be looked at, the run is told of all the same.
        // Nobody lists the landing zone at the end of a run: that is for `look`.
        let facts = isAmendment ? nil : await reported { try await reader?.facts(of: pipeline, ending: report, waiting: .notKnown) } ?? nil
        return await reported {
            try await state.changing { [desk] in
                let notices = try desk.observe(run, facts: facts)
                return try desk.rulesTold(of: run, with: notices)
            }
        } ?? []
    }

    func facts(of report: SyncReport, isStored: Bool = true) -> Alerting.RunFacts? {
        let config = factory.loaded.settings.file
        return Alerting.RunFacts(report, isStored: isStored, config: config == CommonOptions().config ? nil : config, at: factory.world.now())
    }

    /// - Parameter waiting: where it was looked at; nil: it is looked at now.
    func pipelineFacts(of pipeline: PipelineSettings, waiting: WaitingFiles? = nil) async throws -> PipelineFacts {
        guard let reader else { return PipelineFacts(pipeline: pipeline.name) }
        let seen = if let waiting { waiting } else { await reader.waitingFiles(of: pipeline) }
        return try await reader.facts(of: pipeline, waiting: seen)
    }

    /// Time has gone on: deadlines, reminders, the digest of the day.
    /// - Parameter waiting: by pipeline; what is missing there is not known. Nil: it is looked at now.
    func look(waiting: [String: WaitingFiles]? = nil) async {
        guard isAtWork else { return }
        await reported {
            var facts: [PipelineFacts] = []
            for pipeline in factory.loaded.settings.pipelines {
                facts.append(try await pipelineFacts(of: pipeline, waiting: waiting.map { $0[pipeline.name] ?? .notKnown }))
            }
            try await state.changing { [desk, facts] in
                try desk.look(facts)
                try desk.queueDigest()
            }
        }
    }

    /// Sends what is due. Not within a change of the state: that is done again where another process was quicker, and so would be the messages.
    /// - Returns: when there is something to do next; nil where nothing waits.
    @discardableResult
    func deliver() async -> Timestamp? {
        guard isAtWork else { return nil }
        return await reported { try await desk.deliver().next } ?? nil
    }

    @discardableResult
    private func reported<Value>(_ work: () async throws -> Value) async -> Value? {
        do { return try await work() } catch let error as AlertStoreError {
            reporter.report(AlertEvent.stateFailed(culprit: error.culprit, remedy: error.remedy))
        } catch {
            let stop = RunStop(appError: error)
            if stop.reason == "told_to_stop" { return nil }
            reporter.report(AlertEvent.stateFailed(culprit: "\(stop.culprit): \(stop.detail)", remedy: stop.remedy))
        }
        return nil
    }
}
