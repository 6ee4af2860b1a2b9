import Alerting
import CatalogSync
import Engine
import Events
import Settings

/// What the commands about alerts work with: the desk over the state that runs and the daemon share.
struct AlertsAtHand {
    let loaded: LoadedSettings
    let office: AlertOffice
    /// What the desk changes is to be changed within its `changing`.
    let state: AppState
    private let telemetry: AppTelemetry?
    private let factory: PipelineFactory

    /// - Parameters:
    ///   - tells: false: only reads, and says nothing to any sink.
    ///   - asksLedger: false: nothing of the past is needed, and where the ledger lies in a bucket it stays there.
    init(_ options: CommonOptions, world: World, tells: Bool = false, asksLedger: Bool = true) async throws {
        loaded = try LoadedSettings.load(options.config)
        let factory = PipelineFactory(loaded: loaded, world: world)
        let telemetry = tells ? try AppTelemetry(loaded, options, secrets: factory.secrets(), clock: world.now) : nil
        if let telemetry { factory.aws.report(to: telemetry.hub) }
        state = try factory.sharedState()
        try await state.fetch()
        let ledger = asksLedger ? try await factory.ledgerIfAny() : nil
        office = AlertOffice(factory: factory, state: state, ledger: ledger, reporter: telemetry?.reporter ?? .silent, lookForSecrets: { telemetry?.renew(for: factory) })
        self.telemetry = telemetry
        self.factory = factory
    }

    func end() {
        telemetry?.close()
        office.end()
        factory.aws.shutdown()
    }
}

extension RunStop {
    init(alerts error: AlertStoreError) {
        self.init(.cannotWrite, reason: "alerts", culprit: error.culprit, detail: "the state of the alerts cannot be kept", remedy: error.remedy)
    }

    init(alerts error: any Error) {
        switch error {
        case let error as AlertStoreError: self.init(alerts: error)
        case let error as SilenceError: self.init(.usage, reason: "silence", culprit: "the silence", detail: error.culprit, remedy: error.remedy)
        default: self.init(appError: error)
        }
    }
}

/// An incident for machines.
struct IncidentDocument: Codable, Equatable {
    let id: String
    let pipeline: String
    let rule: String
    let severity: String
    let open_since: Timestamp
    let last_seen: Timestamp
    @Present var last_told: Timestamp?
    @Present var resolved_at: Timestamp?
    let reason: String
    @Present var figure: Double?
    let runs_seen: Int
    @Present var last_run_id: String?
    @Present var muted_by: String?
    /// The silence that keeps it quiet.
    @Present var silenced_by: String?
    let messages: Int
    let families: [Family]

    struct Family: Codable, Equatable {
        let family: String
        let count: Int
        let runs: Int
        let first_seen: Timestamp
        let last_seen: Timestamp
        let examples: [Example]
    }

    struct Example: Codable, Equatable {
        let file: String
        let row: Int
        let product_id: String
        let message: String
        @Present var batch: String?
        @Present var handle: String?
    }

    init(_ incident: Incident, silences: [Silence], at now: Timestamp) {
        id = incident.fingerprint
        pipeline = incident.pipeline
        rule = incident.rule
        severity = incident.severity.rawValue
        open_since = incident.openSince
        last_seen = incident.lastSeen
        reason = incident.reason
        runs_seen = incident.runsSeen
        messages = incident.messages
        families = incident.families.map { family in
            Family(
                family: family.key, count: family.count, runs: family.runs, first_seen: family.firstSeen, last_seen: family.lastSeen,
                examples: family.examples.map {
                    Example(file: $0.file, row: $0.row, product_id: $0.subject, message: $0.message, batch: $0.batch, handle: $0.handle)
                })
        }
        _last_told = Present(wrappedValue: incident.lastTold)
        _resolved_at = Present(wrappedValue: incident.resolvedAt)
        _figure = Present(wrappedValue: incident.figure)
        _last_run_id = Present(wrappedValue: incident.lastRunID)
        _muted_by = Present(wrappedValue: incident.mutedBy)
        _silenced_by = Present(wrappedValue: silences.first { $0.matches(incident, at: now) }?.id)
    }
}

/// A silence for machines.
struct SilenceDocument: Codable, Equatable {
    let id: String
    @Present var rule: String?
    @Present var pipeline: String?
    @Present var family: String?
    let since: Timestamp
    let until: Timestamp
    let author: String
    let reason: String

    init(_ silence: Silence) {
        id = silence.id
        since = silence.since
        until = silence.until
        author = silence.author
        reason = silence.reason
        _rule = Present(wrappedValue: silence.rule)
        _pipeline = Present(wrappedValue: silence.pipeline)
        _family = Present(wrappedValue: silence.family)
    }
}

extension Silence {
    /// `rule many-refused, pipeline shop`
    var matcher: String {
        [rule.map { "rule \($0)" }, pipeline.map { "pipeline \($0)" }, family.map { "errors with '\($0)'" }].compactMap(\.self).joined(separator: ", ")
    }
}
