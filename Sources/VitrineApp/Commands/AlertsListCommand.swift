import Alerting
import CatalogSync
public import Engine
import Events
import Settings

/// `vitrine alerts list` and `vitrine alerts show`
public struct AlertsListCommand: Sendable {
    private let wanted: String?
    private let isShown: Bool
    private let pipeline: String?
    private let options: CommonOptions
    private let world: World

    /// All open incidents, silences, and messages that wait.
    public init(pipeline: String?, options: CommonOptions, world: World = .real) {
        (wanted, isShown) = (nil, false)
        self.pipeline = pipeline
        self.options = options
        self.world = world
    }

    /// One incident.
    /// - Parameter wanted: its id, the beginning of it, or the name of its rule.
    public init(showing wanted: String, options: CommonOptions, world: World = .real) {
        (self.wanted, isShown) = (wanted, true)
        pipeline = nil
        self.options = options
        self.world = world
    }

    private struct ListDocument: Encodable {
        struct Waiting: Encodable {
            let channel: String
            let rule: String
            let pipeline: String
            let kind: String
            let queued_at: Timestamp
            let attempts: Int
            @Present var failing_since: Timestamp?
            let next_attempt_at: Timestamp
        }

        struct Rule: Encodable {
            let name: String
            let severity: String
            let channels: [String]
        }

        var incidents: [IncidentDocument] = []
        var silences: [SilenceDocument] = []
        var waiting: [Waiting] = []
        var rules: [Rule] = []
    }

    private struct ShowDocument: Encodable {
        @Present var incident: IncidentDocument?
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, ListDocument()) }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unansweredShow(_ stop: RunStop) -> Outcome { .failure(stop, ShowDocument(incident: nil)) }

    public func execute() async -> Outcome {
        do {
            let alerts = try await AlertsAtHand(options, world: world)
            defer { alerts.end() }
            if let pipeline { _ = try alerts.loaded.pipelines(named: pipeline) }
            let state = try alerts.office.desk.state()
            return isShown ? try shown(state) : listed(state, alerts.office.policy)
        } catch {
            let stop = RunStop(alerts: error)
            return isShown ? .failure(stop, ShowDocument(incident: nil)) : .failure(stop, ListDocument())
        }
    }

    // MARK: list

    private func listed(_ state: AlertState, _ policy: AlertPolicy) -> Outcome {
        let now = world.now()
        let incidents = state.book.open.filter { pipeline == nil || $0.pipeline == pipeline }
        let silences = state.book.silences.filter { $0.until > now }
        var document = ListDocument()
        document.incidents = incidents.map { IncidentDocument($0, silences: silences, at: now) }
        document.silences = silences.map(SilenceDocument.init)
        document.waiting = state.outbox.entries.map { entry in
            .init(
                channel: entry.channel, rule: entry.notice.incident.rule, pipeline: entry.notice.incident.pipeline, kind: entry.notice.kind.rawValue,
                queued_at: entry.queuedAt, attempts: entry.attempts, failing_since: entry.failingSince, next_attempt_at: entry.notBefore)
        }
        document.rules = policy.rules.map { .init(name: $0.name, severity: $0.severity.rawValue, channels: $0.channels) }
        return Outcome(code: .success, text: text(incidents, silences, document), json: JSONDocument.bytes(document))
    }

    private func text(_ incidents: [Incident], _ silences: [Silence], _ document: ListDocument) -> String {
        let now = world.now()
        var lines = incidents.isEmpty ? ["No incident is open."] : []
        for incident in incidents {
            lines += ["\(incident.severity.rawValue)  \(incident.pipeline): \(incident.rule)  open since \(incident.openSince.rfc3339)  id \(incident.fingerprint)"]
            lines += ["    \(Shown.isolated(incident.reason))", "    \(Self.standing(incident, silences, at: now))"]
        }
        if !silences.isEmpty { lines += ["", "Silences:"] }
        for silence in silences {
            lines.append("  \(silence.id)  \(Shown.line(silence.matcher)) until \(silence.until.rfc3339), by \(Shown.line(silence.author)): \(Shown.line(silence.reason))")
        }
        let byChannel = Dictionary(grouping: document.waiting, by: \.channel)
        if !byChannel.isEmpty { lines += ["", "Messages on their way:"] }
        for (channel, waiting) in byChannel.sorted(by: { $0.key < $1.key }) {
            let failing = waiting.first?.failing_since.map { ", which cannot be reached since \($0.rfc3339); tried again at \(waiting[0].next_attempt_at.rfc3339)" } ?? ""
            lines.append("  \(waiting.count) for \(channel)\(failing)")
        }
        if let first = incidents.first { lines += ["", "More of one: vitrine alerts show \(first.fingerprint)"] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func standing(_ incident: Incident, _ silences: [Silence], at now: Timestamp) -> String {
        if let cause = incident.mutedBy { return "not told, since its cause is: \(Shown.line(cause))" }
        if let silence = silences.first(where: { $0.matches(incident, at: now) }) { return "silenced by \(Shown.line(silence.author)) until \(silence.until.rfc3339)" }
        guard let told = incident.lastTold else { return "not told yet" }
        return "last told at \(told.rfc3339), \(incident.messages) \(incident.messages == 1 ? "message" : "messages") so far"
    }

    // MARK: show

    private func shown(_ state: AlertState) throws -> Outcome {
        let wanted = wanted ?? ""
        let found = state.book.open.filter { $0.fingerprint.hasPrefix(wanted) || $0.rule == wanted }
        guard let incident = found.first, found.count == 1 else {
            throw RunStop(
                .usage, reason: "incident", culprit: Shown.line(wanted),
                detail: found.isEmpty ? "no open incident has this id or rule" : "\(found.count) open incidents match", remedy: "See their ids: vitrine alerts list")
        }
        let now = world.now()
        var lines = [
            "\(incident.pipeline): \(incident.rule), \(incident.severity.rawValue)", "  \(Shown.isolated(incident.reason))", "",
            "  id          \(incident.fingerprint)", "  open since  \(incident.openSince.rfc3339)", "  last seen   \(incident.lastSeen.rfc3339)",
            "  bad runs    \(incident.runsSeen)" + (incident.lastRunID.map { ", the last one \($0)" } ?? ""),
            "  telling     \(Self.standing(incident, state.book.silences, at: now))",
        ]
        if !incident.families.isEmpty { lines += ["", "  What was said:"] }
        for family in incident.families {
            lines.append("    \(family.count) × \(Shown.isolated(family.key)), \(family.runs) \(family.runs == 1 ? "run" : "runs") since \(family.firstSeen.rfc3339)")
            for example in family.examples {
                lines += ["        \(Shown.isolated(example.file)):\(example.row)  \(Shown.isolated(example.subject))", "            \(Shown.isolated(example.message))"]
            }
        }
        if let run = incident.lastRunID {
            lines += ["", "  Look further: vitrine report \(run)", "  Why:          vitrine alerts explain \(run)"]
        }
        let document = ShowDocument(incident: IncidentDocument(incident, silences: state.book.silences, at: now))
        return Outcome(code: .success, text: lines.joined(separator: "\n") + "\n", json: JSONDocument.bytes(document))
    }
}
