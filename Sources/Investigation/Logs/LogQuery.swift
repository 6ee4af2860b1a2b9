public import Events

/// What is asked of log lines. Everything that is given has to hold.
public struct LogQuery: Sendable, Equatable {
    /// Lines of this time or later; a line without a time does not match where one of the two is given.
    public var since: Timestamp?
    /// Lines before this time.
    public var until: Timestamp?
    /// Lines of one of these runs.
    public var runs: [String] = []
    /// Lines of this level or a worse one.
    public var level: Level?
    /// Lines of one of these events; `batch.*` are all that begin so.
    public var events: [String] = []
    public var conditions: [LogCondition] = []
    /// Nil: the lines themselves are wanted.
    public var grouping: LogGrouping?
    /// How many of the matching lines are told, the newest: 0...`mostLines`. All are counted.
    public var limit = 1_000
    /// Lines before and behind each line told: 0...`mostContext`.
    public var context = 0

    public static let mostLines = 1_000_000
    public static let mostContext = 1_000
    /// Lines told times lines around each.
    public static let mostAround = 200_000
    /// Values that one of the options can be given, and conditions.
    public static let mostChoices = 64

    public init() {}
}

/// Counts instead of lines.
public struct LogGrouping: Sendable, Equatable {
    /// Lines with the same values of these fields are counted together: 0...`mostFields`.
    public var fields: [String]
    /// And within the same span of time; spans begin at whole multiples since 1970.
    public var bucket: Duration?
    /// So many groups are told, the most frequent ones; the others are summed up.
    public var top: Int

    public static let mostFields = 8
    public static let mostTold = 100_000

    public init(fields: [String], bucket: Duration? = nil, top: Int = 50) {
        self.fields = fields
        self.bucket = bucket
        self.top = top
    }
}
