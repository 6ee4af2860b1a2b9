public import Events

/// The hours of the week in which files are expected.
public struct ActiveHours: Sendable, Equatable {
    /// Minutes from local midnight, 0..<1440.
    public var from: Int
    /// Minutes from local midnight, 1...1440. At most `from`: of the next day.
    public var to: Int
    /// 0 is Sunday, as in cron: the days on which the hours begin.
    public var weekdays: Set<Int>
    public var zone: ZoneRules

    public init(from: Int, to: Int, weekdays: Set<Int> = Set(0...6), zone: ZoneRules = .utc) {
        self.from = min(max(from, 0), 1439)
        self.to = min(max(to, 1), 1440)
        self.weekdays = weekdays
        self.zone = zone
    }

    /// Days looked back at; what is older is beyond any deadline.
    private static let longestLookBack = 400

    /// How much of the time between the two lies in these hours.
    func elapsed(from start: Timestamp, to end: Timestamp) -> Duration {
        guard start < end else { return .zero }
        let last = localDay(end)
        let first = max(localDay(start) - 1, last - Self.longestLookBack)
        var total = Duration.zero
        for day in first...last where weekdays.contains((day % 7 + 11) % 7) {
            let opens = moment(day: day, minute: from)
            let closes = moment(day: day, minute: to > from ? to : to + 1440)
            let overlap = min(closes, end) - max(opens, start)
            if overlap > .zero { total += overlap }
        }
        return total
    }

    /// Days since 1970-01-01 where the clock on the wall is.
    private func localDay(_ time: Timestamp) -> Int {
        let seconds = Int(time.seconds) + zone.offset(at: time)
        return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    }

    private func moment(day: Int, minute: Int) -> Timestamp {
        let wall = Timestamp(nanoseconds: 0) + .seconds(day * 86_400 + minute * 60)
        let guess = wall + .seconds(-zone.offset(at: wall))
        return wall + .seconds(-zone.offset(at: guess))
    }
}
