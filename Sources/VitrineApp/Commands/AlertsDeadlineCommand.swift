import Alerting
import CatalogSync
public import Engine
import Events
import Settings

/// `vitrine alerts deadline`: an exit code for who watches from outside, where nothing here runs any more that could tell.
public struct AlertsDeadlineCommand: Sendable {
    private let pipeline: String?
    private let limit: String?
    private let options: CommonOptions
    private let world: World

    /// - Parameter limit: `26h`, in place of the rules.
    public init(pipeline: String?, limit: String?, options: CommonOptions, world: World = .real) {
        self.pipeline = pipeline
        self.limit = limit
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        struct Deadline: Encodable {
            let pipeline: String
            let rule: String
            let missed: Bool
            let words: String
        }
        var at: Timestamp
        var missed = false
        var deadlines: [Deadline] = []
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(at: .now)) }

    public func execute() async -> Outcome {
        do {
            let alerts = try await AlertsAtHand(options, world: world)
            defer { alerts.end() }
            let pipelines = try alerts.loaded.pipelines(named: pipeline)
            let rules = try rules(alerts)
            var document = Document(at: world.now())
            for pipeline in pipelines {
                let facts = try await alerts.office.pipelineFacts(of: pipeline)
                for verdict in RuleJudge.verdicts(rules, runs: [], facts: facts, at: world.now()) {
                    // Nothing known: who watches from outside must not take that for good news.
                    let missed = verdict.standing == .bad || verdict.standing == .undecided && !facts.isPaused
                    document.deadlines.append(.init(pipeline: pipeline.name, rule: verdict.rule.name, missed: missed, words: verdict.reason))
                }
            }
            return outcome(document)
        } catch {
            return .failure(RunStop(alerts: error), Document(at: world.now()))
        }
    }

    private func rules(_ alerts: AlertsAtHand) throws -> [AlertRule] {
        if let limit { return [AlertRule(name: "--within", trigger: .noSuccessFor(try CommandDuration.parse(limit, of: "--within")), channels: [])] }
        let rules = alerts.office.policy.rules.filter { rule in
            switch rule.trigger {
            case .noSuccessFor, .noFileFor: true
            case .figure, .ends, .unknownOlderThan, .endsWithin: false
            }
        }
        guard rules.isEmpty else { return rules }
        throw RunStop(
            .settings, reason: "no_deadline", culprit: alerts.loaded.settings.file, detail: "no rule has a deadline",
            remedy: "Give one here: --within 26h, or add a rule with no_success_for.")
    }

    private func outcome(_ document: Document) -> Outcome {
        var document = document
        let missed = document.deadlines.filter(\.missed)
        document.missed = !missed.isEmpty
        let lines = document.deadlines.map { "\($0.missed ? "MISSED" : "ok    ")  \($0.pipeline): \($0.rule): \($0.words)" }
        let text = lines.joined(separator: "\n") + "\n"
        guard let first = missed.first else { return Outcome(code: .success, text: text, json: JSONDocument.bytes(document)) }
        let stop = RunStop(.critical, reason: "deadline", culprit: first.pipeline, detail: first.words, remedy: "See: vitrine status \(first.pipeline)")
        return Outcome(code: .critical, text: text, json: JSONDocument.bytes(document, error: stop))
    }
}
