public import Events

/// What the rules look at, of one run that has ended or whose verdicts have come late.
public struct RunFacts: Sendable, Equatable, Codable {
    public enum State: String, Sendable, CaseIterable, Codable {
        case done
        case doneWithErrors = "done_with_errors"
        case validationFailed = "validation_failed"
        case held, failed
        case nothingToDo = "nothing_to_do"
        case planned
    }

    public var pipeline: String
    public var runID: String
    public var state: State
    public var endedAt: Timestamp
    /// The report's numbers by path, see `ReportFigures`.
    public var figures: [String: Double]
    public var ends: [AlertEnd]
    /// The other side was down: what went wrong with single items is its doing.
    public var isOutage: Bool
    /// What was said of single items, the most frequent first.
    public var families: [ErrorFamily]
    /// Why the run ended as it did, and what to do, in plain words.
    public var explanation: String?
    /// Commands with which a person looks further, ready to be copied.
    public var commands: [String]

    /// Scalars; it is kept with each message on its way.
    static let longestExplanation = 2000

    public init(
        pipeline: String, runID: String, state: State, endedAt: Timestamp, figures: [String: Double] = [:], ends: [AlertEnd] = [],
        isOutage: Bool = false, families: [ErrorFamily] = [], explanation: String? = nil, commands: [String] = []
    ) {
        self.pipeline = pipeline
        self.runID = runID
        self.state = state
        self.endedAt = endedAt
        self.figures = figures
        self.ends = ends
        self.isOutage = isOutage
        self.families = families
        self.explanation = explanation.map { String($0.unicodeScalars.prefix(Self.longestExplanation)) }
        self.commands = commands
    }

    /// It came to its end and its items were judged: only such a run can say that something is good.
    var isConclusive: Bool { state == .done || state == .doneWithErrors }

    /// What is kept of a run that is only looked back on.
    var compact: RunFacts {
        var facts = self
        facts.families = []
        facts.explanation = nil
        facts.commands = []
        return facts
    }
}

/// What is known of a pipeline beside its last run.
public struct PipelineFacts: Sendable, Equatable {
    public var pipeline: String
    /// The last run that came to its end: done, done_with_errors or nothing_to_do. What was wrong with single rows or items has rules of its
    /// own; a shop with one bad row in every file is no shop without success. Where there was no such run: since when one could have been.
    public var lastSuccess: Timestamp?
    /// The newest file that was taken or waits; where there was none, since when one could have come.
    public var lastFile: Timestamp?
    /// False: nobody has looked at what waits, so a file may have come after `lastFile`.
    public var isWaitingKnown: Bool
    /// When the oldest item was sent whose verdict is not known yet.
    public var oldestUnknown: Timestamp?
    /// Nobody expects anything: deadlines do not count.
    public var isPaused: Bool
    /// When what we need ends; what is not known is missing.
    public var expiries: [AlertExpiry: Timestamp]

    public init(
        pipeline: String, lastSuccess: Timestamp? = nil, lastFile: Timestamp? = nil, isWaitingKnown: Bool = true, oldestUnknown: Timestamp? = nil, isPaused: Bool = false,
        expiries: [AlertExpiry: Timestamp] = [:]
    ) {
        self.pipeline = pipeline
        self.lastSuccess = lastSuccess
        self.lastFile = lastFile
        self.isWaitingKnown = isWaitingKnown
        self.oldestUnknown = oldestUnknown
        self.isPaused = isPaused
        self.expiries = expiries
    }
}
