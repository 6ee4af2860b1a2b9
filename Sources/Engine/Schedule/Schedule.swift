public import Events

/// What is to start when, for many pipelines. Pure: it is told what happened and what time it is, and says what to do.
///
/// A pipeline never overlaps itself. A time at which it could not start is kept, and made up once however many there were. A run that was left
/// unfinished is tried again after a pause that doubles.
public struct Schedule: Sendable {
    /// Runs in progress at the same time, of different pipelines: each of them takes all cores while it reads.
    public static let mostAtOnce = 4
    /// A start so long after its time is one that was missed.
    public static let lateness = Duration.seconds(60)
    /// The pause before an unfinished run is tried again: the first, and the longest.
    public static let firstRetry = Duration.seconds(60)
    public static let longestRetry = Duration.seconds(30 * 60)
    /// A clock that goes back by more was wrong before, and the schedule is made anew; by less, times that have been are not repeated.
    public static let clockRepair = Duration.seconds(86_400)

    public enum Action: Sendable, Equatable {
        /// Run this pipeline now, then say `ended`.
        case start(String, RunCause)
        /// List its landing zone, then say `looked`.
        case look(String)
    }

    private var lines: [String: ScheduleLine] = [:]
    private var lastSeen: Timestamp

    public init(_ entries: [ScheduleEntry], memory: [String: ScheduleMemory] = [:], now: Timestamp) {
        lastSeen = now
        for entry in entries { lines[entry.pipeline] = ScheduleLine(entry, memory[entry.pipeline] ?? ScheduleMemory(), now: now) }
    }

    /// The pipelines that are due and do not run: who is to be asked about, before anything starts, whether it is paused.
    public mutating func due(now: Timestamp) -> Set<String> {
        follow(now)
        for name in lines.keys { lines[name]?.latch(now: now) }
        return Set(lines.filter { $0.value.isReady }.keys)
    }

    /// What is to be done now, each action once. - Parameter paused: pipelines that are not to start; what is due stays due.
    public mutating func actions(now: Timestamp, paused: Set<String> = []) -> [Action] {
        _ = due(now: now)
        var looks: [Action] = []
        for name in lines.keys.sorted() where lines[name]?.beginLook(now: now) == true { looks.append(.look(name)) }
        return starts(now: now, paused) + looks
    }

    /// The longest waiting first.
    private mutating func starts(now: Timestamp, _ paused: Set<String>) -> [Action] {
        let waiting = lines.filter { $0.value.isReady }.map { (since: $0.value.dueSince ?? now, name: $0.key) }
            .sorted { ($0.since, $0.name) < ($1.since, $1.name) }
        var free = Self.mostAtOnce - running.count
        var starts: [Action] = []
        for (_, name) in waiting where free > 0 && !paused.contains(name) {
            guard let cause = lines[name]?.begin(now: now) else { continue }
            starts.append(.start(name, cause))
            free -= 1
        }
        return starts
    }

    public mutating func ended(_ pipeline: String, _ end: ScheduledEnd, now: Timestamp) {
        lines[pipeline]?.ended(end, now: now)
        if lines[pipeline]?.isRemoved == true { lines[pipeline] = nil }
    }

    /// - Parameter files: each complete file with its version, so that one that still grows is another one at each look.
    public mutating func looked(_ pipeline: String, files: Set<String>, now: Timestamp) { lines[pipeline]?.looked(files, now: now) }

    /// A landing zone that could not be listed says nothing.
    public mutating func lookFailed(_ pipeline: String, now: Timestamp) { lines[pipeline]?.lookFailed(now: now) }

    /// Messages have come that tell of new files. During a run they start another one after it: what they tell of may have come too late for it.
    public mutating func told(_ pipeline: String, messages: Int, now: Timestamp) { lines[pipeline]?.told(messages, now: now) }

    /// Other settings. What is known of a pipeline stays; a time of a schedule that is new was never missed. One that is gone and runs, ends in
    /// peace.
    public mutating func reload(_ entries: [ScheduleEntry], now: Timestamp) {
        let names = Set(entries.map(\.pipeline))
        for name in lines.keys where !names.contains(name) {
            if lines[name]?.isRunning == true { lines[name]?.isRemoved = true } else { lines[name] = nil }
        }
        for entry in entries {
            if lines[entry.pipeline] == nil { lines[entry.pipeline] = ScheduleLine(entry, ScheduleMemory(), now: now) }
            lines[entry.pipeline]?.take(entry, now: now)
        }
    }

    public var running: Set<String> { Set(lines.filter { $0.value.isRunning }.keys) }

    /// When `actions` has something to say at the latest, as far as time alone decides.
    public var nextMoment: Timestamp? { lines.values.compactMap(\.nextMoment).min() }

    /// The next time of a pipeline's schedule.
    public func nextTime(of pipeline: String) -> Timestamp? { lines[pipeline]?.nextTime }

    private mutating func follow(_ now: Timestamp) {
        if now < lastSeen {
            let back = lastSeen - now
            for name in lines.keys { lines[name]?.clockWentBack(by: back, now: now) }
        }
        lastSeen = now
    }
}
