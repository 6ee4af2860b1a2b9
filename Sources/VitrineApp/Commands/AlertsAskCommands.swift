import Alerting
import CatalogSync
public import Engine
import Events
import Investigation
import Settings

/// `vitrine alerts explain RUN`: why each rule did or did not speak.
public struct AlertsExplainCommand: Sendable {
    private let runID: String
    private let options: CommonOptions
    private let world: World

    /// - Parameter runID: or `last`.
    public init(runID: String, options: CommonOptions, world: World = .real) {
        self.runID = runID
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        struct Rule: Encodable {
            let rule: String
            let spoke: Bool
            let words: String
        }
        let run_id: String
        let pipeline: String
        let rules: [Rule]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(run_id: "", pipeline: "", rules: [])) }

    public func execute() async -> Outcome {
        do {
            let alerts = try await AlertsAtHand(options, world: world)
            defer { alerts.end() }
            let ledger = try await LedgerReader(loaded: alerts.loaded).ledger()
            guard let facts = runID == "last" ? try ledger.runs(pipeline: nil, limit: 1).first : try ledger.run(runID) else {
                throw RunStop(.usage, reason: "run", culprit: Shown.line(runID), detail: "no such run is known", remedy: "See: vitrine runs")
            }
            guard let run = alerts.office.facts(of: try SyncReport(json: Array(facts.report.utf8))) else {
                throw RunStop(.tryAgainLater, reason: "running", culprit: facts.runID, detail: "the run has not ended yet", remedy: "Ask again when it has.")
            }
            var pipelineFacts: PipelineFacts?
            if let pipeline = alerts.loaded.settings.pipelines.first(where: { $0.name == facts.pipeline }) {
                pipelineFacts = try await alerts.office.pipelineFacts(of: pipeline)
            }
            let told = try alerts.office.desk.explain(run, facts: pipelineFacts)
            return outcome(facts, told)
        } catch {
            return .failure(RunStop(alerts: error), Document(run_id: runID, pipeline: "", rules: []))
        }
    }

    private func outcome(_ run: Engine.RunFacts, _ told: [RuleExplanation]) -> Outcome {
        var lines = ["\(run.pipeline), run \(run.runID), \(run.state.inWords)", ""]
        let width = told.map(\.rule.count).max() ?? 0
        for rule in told.filter(\.spoke) + told.filter({ !$0.spoke }) {
            lines.append("  \(rule.rule)\(String(repeating: " ", count: width - rule.rule.count))  \(Shown.isolated(rule.words, limit: 1000))")
        }
        if told.isEmpty { lines.append("  There are no rules.") }
        let document = Document(
            run_id: run.runID, pipeline: run.pipeline, rules: told.map { .init(rule: $0.rule, spoke: $0.spoke, words: $0.words) })
        return Outcome(code: .success, text: lines.joined(separator: "\n") + "\n", json: JSONDocument.bytes(document))
    }
}

/// `vitrine alerts backtest --since 90d`: what these rules would have said.
public struct AlertsBacktestCommand: Sendable {
    private let since: String
    private let pipeline: String?
    private let options: CommonOptions
    private let world: World

    public init(since: String, pipeline: String?, options: CommonOptions, world: World = .real) {
        self.since = since
        self.pipeline = pipeline
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        struct Message: Encodable {
            let at: Timestamp
            let pipeline: String
            @Present var run_id: String?
            let rule: String
            let severity: String
            let kind: String
            let channels: [String]
            let reason: String
        }
        @Present var since: Timestamp?
        /// Runs looked at, and those of them that a mail for each bad run would have told of.
        var runs = 0
        var bad_runs = 0
        var messages: [Message] = []
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(since: nil)) }

    public func execute() async -> Outcome {
        do {
            let from = try world.now() + (.zero - CommandDuration.parse(since, of: "--since"))
            let alerts = try await AlertsAtHand(options, world: world)
            defer { alerts.end() }
            let pipelines = try alerts.loaded.pipelines(named: pipeline).map(\.name)
            let questions = Questions(ledger: try await LedgerReader(loaded: alerts.loaded).ledger())
            let reports = try pipelines.flatMap { try questions.runs(RunQuery(pipeline: $0, since: from, limit: RunQuery.mostAtOnce)) }
            let runs = reports.compactMap { alerts.office.facts(of: $0) }
            let notices = IncidentBook.backtest(runs, policy: alerts.office.policy)
            var document = Document(since: from)
            document.runs = runs.count
            document.bad_runs = runs.count { $0.state != .done && $0.state != .nothingToDo }
            document.messages = notices.map { notice in
                .init(
                    at: notice.at, pipeline: notice.incident.pipeline, run_id: notice.incident.lastRunID, rule: notice.incident.rule,
                    severity: notice.incident.severity.rawValue, kind: notice.kind.rawValue, channels: notice.channels, reason: notice.incident.reason)
            }
            return Outcome(code: .success, text: text(document, alerts.office.policy), json: JSONDocument.bytes(document))
        } catch {
            return .failure(RunStop(alerts: error), Document(since: nil))
        }
    }

    private func text(_ document: Document, _ policy: AlertPolicy) -> String {
        var lines = document.messages.map { message in
            "\(message.at.rfc3339)  \(message.pipeline): \(message.rule) \(message.kind)  → \(message.channels.isEmpty ? "nobody" : message.channels.joined(separator: ", "))\n    \(Shown.isolated(message.reason))"
        }
        if !lines.isEmpty { lines.append("") }
        let count = document.messages.count
        lines.append("\(document.runs) \(document.runs == 1 ? "run" : "runs"): \(count) \(count == 1 ? "message" : "messages"), where a mail for each bad run would have been \(document.bad_runs).")
        let counts = Dictionary(grouping: document.messages, by: \.rule).mapValues(\.count)
        for rule in policy.rules { lines.append("  \(rule.name): \(counts[rule.name] ?? 0)") }
        lines.append("Deadlines, silences and reminders between two runs are not in it: they are about time, not about runs.")
        return lines.joined(separator: "\n") + "\n"
    }
}
