public import Events

/// What happened, step by step, from the lines of a run's log: many lines of one event in a row become one step. Pure.
public struct IncidentTimeline: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        /// Of the first and the last line; as they are written.
        public var from: String
        public var to: String
        public var level: Level
        public var event: String
        public var message: String
        /// Lines.
        public var count: Int
        /// Of a single line, `name=value`.
        public var details: [LogField]
    }

    public private(set) var steps: [Step] = []
    /// Steps that found no room.
    public private(set) var left = 0

    /// Lines of one event that stand one after the other and are told one by one.
    private static let together = 3
    public static let mostSteps = 5_000
    /// What every line of a run says.
    private static let known: Set = ["pipeline", "run_id", "seq"]

    /// - Parameter lines: in the order of time.
    public init(_ lines: [[UInt8]]) {
        var open: [Step] = []
        for line in lines {
            let step = Self.step(LogRecord(line))
            if let last = open.last, (last.event, last.message, last.level) != (step.event, step.message, step.level) { close(&open) }
            open.append(step)
        }
        close(&open)
    }

    private static func step(_ record: LogRecord) -> Step {
        let time = record.time ?? "-"
        return Step(
            from: time, to: time, level: record.level ?? .info, event: record.event ?? "-", message: record.message ?? "", count: 1,
            details: record.others.filter { !known.contains($0.name) })
    }

    private mutating func close(_ open: inout [Step]) {
        guard let first = open.first, let last = open.last else { return }
        var told = open
        if open.count > Self.together {
            var sum = first
            (sum.to, sum.count, sum.details) = (last.to, open.count, [])
            told = [sum]
        }
        let room = max(0, Self.mostSteps - steps.count)
        steps += told.prefix(room)
        left += told.count - min(told.count, room)
        open = []
    }
}
