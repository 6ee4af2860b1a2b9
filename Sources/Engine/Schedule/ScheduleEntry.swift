public import Events

/// When one pipeline is to run, as the settings say it.
public struct ScheduleEntry: Sendable {
    public let pipeline: String
    /// Nil: never by the clock.
    public let times: Times?
    /// Whether arriving files start a run. The landing zone is looked at in any case, for its figures.
    public let watches: Bool
    public let lookInterval: Duration

    public struct Times: Sendable {
        /// As it was written: another text is another schedule.
        public let text: String
        /// The first moment after this one; nil: never again.
        public let next: @Sendable (Timestamp) -> Timestamp?

        public init(text: String, next: @escaping @Sendable (Timestamp) -> Timestamp?) {
            self.text = text
            self.next = next
        }
    }

    public init(pipeline: String, times: Times?, watches: Bool, lookInterval: Duration) {
        self.pipeline = pipeline
        self.times = times
        self.watches = watches
        self.lookInterval = lookInterval
    }
}

/// What is known of a pipeline when the process begins.
public struct ScheduleMemory: Sendable {
    /// When its last known run began, whoever started it: times since then were missed.
    public var lastStart: Timestamp?
    /// A run was left open, by a crash or with verdicts to come.
    public var hasOpenRun: Bool

    public init(lastStart: Timestamp? = nil, hasOpenRun: Bool = false) {
        self.lastStart = lastStart
        self.hasOpenRun = hasOpenRun
    }
}

/// Why a run starts.
public enum RunCause: Sendable, Equatable {
    /// It is this time of the schedule.
    case time(Timestamp)
    /// This was the first of the times at which it could not start: the process was down, paused, or an earlier run took long. All of them
    /// are made up by one run.
    case missed(Timestamp)
    /// So many files have arrived.
    case files(Int)
    /// So many messages told of files that have arrived.
    case told(Int)
    /// An earlier run is to be gone on with.
    case unfinished

    /// The label for logs.
    public var word: String {
        switch self {
        case .time: "schedule"
        case .missed: "missed"
        case .files: "files"
        case .told: "told"
        case .unfinished: "unfinished"
        }
    }
}

/// How a run ended, as far as the schedule cares.
public struct ScheduledEnd: Sendable, Equatable {
    /// It stopped before its end and is to be resumed.
    public var isUnfinished: Bool
    /// Verdicts are to come: some later run has to ask for them.
    public var hasOpenVerdicts: Bool
    /// It took what it found: what still waits has come since, or was beyond what one run takes.
    public var tookFiles: Bool

    public init(isUnfinished: Bool = false, hasOpenVerdicts: Bool = false, tookFiles: Bool = false) {
        self.isUnfinished = isUnfinished
        self.hasOpenVerdicts = hasOpenVerdicts
        self.tookFiles = tookFiles
    }
}
