import CatalogSync
import Engine
public import Events

/// Whether a pipeline needs a person, and why.
public struct Health: Sendable, Equatable, Codable {
    public enum Level: String, Sendable, Codable, CaseIterable, Comparable {
        case ok, warning, critical

        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public struct Problem: Sendable, Equatable, Codable {
        public var level: Level
        public var text: String
        public var remedy: String

        public init(_ level: Level, _ text: String, _ remedy: String) {
            self.level = level
            self.text = text
            self.remedy = remedy
        }

        /// - Parameter words: `rule: reason`
        public init(_ level: Level, openIncident words: String) { self.init(level, "open incident \(words)", "See: vitrine alerts list") }
    }

    /// Of the worst problem.
    public var level: Level { problems.map(\.level).max() ?? .ok }
    /// The worst first.
    public var problems: [Problem] = []

    public init(problems: [Problem] = []) { self.problems = problems.sorted { $0.level > $1.level } }

    enum CodingKeys: CodingKey { case level, problems }

    public init(from decoder: any Decoder) throws {
        self.init(problems: try decoder.container(keyedBy: CodingKeys.self).decode([Problem].self, forKey: .problems))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(level, forKey: .level)
        try container.encode(problems, forKey: .problems)
    }
}

/// Judges how a pipeline stands. Pure.
public struct HealthJudge: Sendable {
    /// The first time of the schedule after a moment; nil without a schedule.
    public var nextTime: (@Sendable (Timestamp) -> Timestamp?)?
    public var now: Timestamp

    /// A run may begin so long after its time.
    public static let lateness = Duration.seconds(15 * 60)
    /// A complete file that waits longer is one that nobody takes.
    public static let longestWait = Duration.seconds(24 * 3600)

    public init(now: Timestamp, nextTime: (@Sendable (Timestamp) -> Timestamp?)? = nil) {
        self.now = now
        self.nextTime = nextTime
    }

    public func judge(_ status: PipelineStatus) -> Health {
        let isPaused = status.paused != nil
        let problems = [
            ofLastRun(status), isPaused ? nil : overdue(status), isPaused ? nil : waiting(status),
            status.held.map(Self.problem),
            status.paused.map { Health.Problem(.warning, $0.words, "When it is time: vitrine resume \(status.pipeline) --reason TEXT") },
        ]
        let incidents = status.incidents.map { Health.Problem(.warning, openIncident: $0) }
        return Health(problems: problems.compactMap(\.self) + incidents)
    }

    private func ofLastRun(_ status: PipelineStatus) -> Health.Problem? {
        guard let run = status.lastRun else {
            return Health.Problem(.warning, "no run is remembered", "Run it: vitrine run \(status.pipeline)")
        }
        let see = "See: vitrine report \(run.runID)"
        if !run.balanced { return Health.Problem(.critical, "the books of run \(run.runID) do not balance", "\(see). This is a defect: keep the run folder.") }
        switch run.state {
        case .done, .nothingToDo, .planned, .running: return nil
        case .doneWithErrors:
            return Health.Problem(.warning, "the last run was done with errors\(Self.counts(run))", "\(see), or: vitrine products --pipeline \(status.pipeline)")
        case .validationFailed: return Health.Problem(.critical, "validation failed, nothing was sent\(Self.detail(run))", see)
        // Whether it still waits is in its hold.
        case .held: return nil
        case .failed:
            let isTransient = run.errorCode == ExitCode.tryAgainLater.name || run.errorCode == ExitCode.serviceUnavailable.name
            return Health.Problem(isTransient ? .warning : .critical, "the last run stopped\(Self.detail(run))", "\(see). It is resumed by: vitrine run \(status.pipeline)")
        }
    }

    private static func problem(_ hold: Hold) -> Health.Problem {
        if let word = hold.release {
            return Health.Problem(.warning, "run \(hold.runID) was released by \(word.author), and no run has begun since", "Run it: vitrine run \(hold.pipeline)")
        }
        return Health.Problem(
            .critical, hold.words,
            "See: vitrine report \(hold.runID). If it is right: vitrine release \(hold.runID) --reason TEXT, if not: vitrine discard \(hold.runID) --reason TEXT")
    }

    private static func detail(_ run: PipelineStatus.Run) -> String { run.errorDetail.isEmpty ? "" : ": \(run.errorDetail)" }

    private static func counts(_ run: PipelineStatus.Run) -> String {
        let parts = [(run.items.refused, "refused by Meta"), (run.items.unknown, "without a verdict"), (run.rows.rejected, "rejected by our checks")]
        let words = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return words.isEmpty ? "" : ": \(words.joined(separator: ", "))"
    }

    /// One missed time is a warning, a second one in a row is critical.
    private func overdue(_ status: PipelineStatus) -> Health.Problem? {
        guard let nextTime, let last = status.lastRun, let first = nextTime(last.startedAt), now > first + Self.lateness else { return nil }
        let isSecond = nextTime(first).map { now > $0 + Self.lateness } ?? false
        return Health.Problem(
            isSecond ? .critical : .warning, "no run has begun since it was due at \(first.rfc3339)", "Look whether 'vitrine serve', cron or the timer runs.")
    }

    private func waiting(_ status: PipelineStatus) -> Health.Problem? {
        guard let oldest = status.landing?.oldest, now - oldest > Self.longestWait else { return nil }
        return Health.Problem(.warning, "a file has waited since \(oldest.rfc3339)", "Run it: vitrine run \(status.pipeline)")
    }
}
