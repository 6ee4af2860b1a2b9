import Events

/// One pipeline of a schedule.
struct ScheduleLine: Sendable {
    private(set) var entry: ScheduleEntry
    private(set) var isRunning = false
    /// The settings have it no more; it goes when its run has ended.
    var isRemoved = false
    /// The next time of its schedule.
    private(set) var nextTime: Timestamp?
    private(set) var retryAt: Timestamp?
    private var failures = 0
    private var nextLook: Timestamp
    private var isLooking = false
    /// A run ended since the look began: it may have seen what the run has taken.
    private var isLookStale = false
    /// What the last look found; nil before the first one.
    private var seen: Set<String>?
    /// What was there when the last run began and was left: another run would make the same of it.
    private var judged: Set<String> = []
    private var due: Due?

    private struct Due {
        let since: Timestamp
        let cause: RunCause
    }

    init(_ entry: ScheduleEntry, _ memory: ScheduleMemory, now: Timestamp) {
        self.entry = entry
        nextLook = now
        nextTime = entry.times?.next(memory.lastStart.map { min($0, now) } ?? now)
        if memory.hasOpenRun { due = Due(since: now, cause: .unfinished) }
    }

    var isReady: Bool { due != nil && !isRunning && !isRemoved }
    var dueSince: Timestamp? { due?.since }
    var nextMoment: Timestamp? { [nextTime, retryAt, isLooking ? nil : nextLook].compactMap(\.self).min() }

    /// Keeps what has come due, whether or not it can start now.
    mutating func latch(now: Timestamp) {
        if let time = nextTime, time <= now {
            want(.time(time), since: time)
            nextTime = entry.times?.next(now)
        }
        if let time = retryAt, time <= now {
            want(.unfinished, since: time)
            retryAt = nil
        }
    }

    /// The first reason stays: one run does for all.
    private mutating func want(_ cause: RunCause, since: Timestamp) {
        if due == nil { due = Due(since: since, cause: cause) }
    }

    mutating func begin(now: Timestamp) -> RunCause? {
        guard let due else { return nil }
        self.due = nil
        retryAt = nil
        isRunning = true
        judged = seen ?? []
        guard case .time(let time) = due.cause, now - time > Schedule.lateness else { return due.cause }
        return .missed(time)
    }

    mutating func ended(_ end: ScheduledEnd, now: Timestamp) {
        isRunning = false
        if end.tookFiles { judged = [] }
        failures = end.isUnfinished ? failures + 1 : 0
        if end.isUnfinished {
            retryAt = now + min(Schedule.longestRetry, Schedule.firstRetry * (1 << min(failures - 1, 10)))
        } else if end.hasOpenVerdicts {
            retryAt = now + Schedule.longestRetry
        }
        // The figures of the landing zone are old now.
        nextLook = now
        isLookStale = isLooking
    }

    mutating func beginLook(now: Timestamp) -> Bool {
        guard nextLook <= now, !isLooking else { return false }
        isLooking = true
        return true
    }

    mutating func lookFailed(now: Timestamp) {
        isLooking = false
        nextLook = isLookStale ? now : now + entry.lookInterval
        isLookStale = false
    }

    /// A file starts a run once two looks in succession have found it the same.
    mutating func looked(_ files: Set<String>, now: Timestamp) {
        let isStale = isLookStale
        lookFailed(now: now)
        guard !isStale else { return }
        let new = files.subtracting(judged)
        if entry.watches, !isRunning, let seen, !new.isDisjoint(with: seen) { want(.files(new.count), since: now) }
        seen = files
    }

    /// Somebody who knows says that files are there: nothing is to be looked at twice.
    mutating func told(_ messages: Int, now: Timestamp) { want(.told(messages), since: now) }

    mutating func take(_ entry: ScheduleEntry, now: Timestamp) {
        if entry.times?.text != self.entry.times?.text { nextTime = entry.times?.next(now) }
        nextLook = min(nextLook, now + entry.lookInterval)
        isRemoved = false
        self.entry = entry
    }

    /// Waits are lengths and move with the clock; times of the schedule are times.
    mutating func clockWentBack(by back: Duration, now: Timestamp) {
        nextLook = nextLook + (.zero - back)
        retryAt = retryAt.map { $0 + (.zero - back) }
        if back > Schedule.clockRepair { nextTime = entry.times?.next(now) }
    }
}
