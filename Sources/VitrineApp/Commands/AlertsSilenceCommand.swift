import Alerting
import CatalogSync
public import Engine
import Events
import Settings

/// `vitrine alerts silence`: nothing is said for a while of what is known; or an end to that.
public struct AlertsSilenceCommand: Sendable {
    public struct Matcher: Sendable {
        public var rule: String?
        public var pipeline: String?
        /// A part of what was said of the items.
        public var family: String?
        public init() {}
    }

    private enum Order: Sendable {
        case add(Matcher, length: String, author: String?, reason: String)
        case end(String)
    }

    private let order: Order
    private let options: CommonOptions
    private let world: World

    /// - Parameter length: `30m`, `4h`, `2d`.
    public init(_ matcher: Matcher, length: String, author: String?, reason: String, options: CommonOptions, world: World = .real) {
        order = .add(matcher, length: length, author: author, reason: reason)
        self.options = options
        self.world = world
    }

    /// - Parameter id: of a silence.
    public init(ending id: String, options: CommonOptions, world: World = .real) {
        order = .end(id)
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        @Present var silence: SilenceDocument?
        /// The id of the silence that was ended.
        @Present var ended: String?
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(silence: nil, ended: nil)) }

    public func execute() async -> Outcome {
        do {
            let alerts = try await AlertsAtHand(options, world: world, tells: true, asksLedger: false)
            defer { alerts.end() }
            switch order {
            case .add(let matcher, let length, let author, let reason): return try await add(matcher, length, author ?? WordKeeper.author, reason, alerts)
            case .end(let id):
                guard try await alerts.state.changing({ [desk = alerts.office.desk] in try desk.end(silence: id) }) else {
                    throw RunStop(.usage, reason: "silence", culprit: Shown.line(id), detail: "there is no silence of this id", remedy: "See: vitrine alerts list")
                }
                return Outcome(code: .success, text: "The silence \(id) is over.\n", json: JSONDocument.bytes(Document(silence: nil, ended: id)))
            }
        } catch {
            return .failure(RunStop(alerts: error), Document(silence: nil, ended: nil))
        }
    }

    private func add(_ matcher: Matcher, _ length: String, _ author: String, _ reason: String, _ alerts: AlertsAtHand) async throws -> Outcome {
        if let rule = matcher.rule, !alerts.office.policy.rules.contains(where: { $0.name == rule }) {
            let known = alerts.office.policy.rules.map(\.name).joined(separator: ", ")
            throw RunStop(.usage, reason: "rule", culprit: "--rule \(Shown.line(rule))", detail: "there is no rule of this name", remedy: "There are: \(known).")
        }
        if let pipeline = matcher.pipeline { _ = try alerts.loaded.pipelines(named: pipeline) }
        let now = world.now()
        let silence = try Silence(
            rule: matcher.rule, pipeline: matcher.pipeline, family: matcher.family, since: now, until: now + CommandDuration.parse(length, of: "--for"),
            author: author, reason: reason)
        try await alerts.state.changing { [desk = alerts.office.desk] in try desk.add(silence) }
        let text = "Silenced until \(silence.until.rfc3339): \(Shown.line(silence.matcher)).\nEnd it: vitrine alerts silence --end \(silence.id)\n"
        return Outcome(code: .success, text: text, json: JSONDocument.bytes(Document(silence: SilenceDocument(silence), ended: nil)))
    }
}

/// Durations of the command line.
enum CommandDuration {
    static func parse(_ text: String, of option: String) throws -> Duration {
        do { return try DurationText.parse(text, in: .seconds(1) ... .seconds(400 * 86_400)) } catch {
            throw RunStop(.usage, reason: "duration", culprit: "\(option) \(text)", detail: error.message, remedy: "Such as: \(option) 4h (\(error.remedy))")
        }
    }
}
