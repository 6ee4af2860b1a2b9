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
        let last = zone.day(of: end)
        let first = max(zone.day(of: start) - 1, last - Self.longestLookBack)
        var total = Duration.zero
        for day in first...last where weekdays.contains((day % 7 + 11) % 7) {
            let opens = zone.moment(day: day, minute: from)
            let closes = zone.moment(day: day, minute: to > from ? to : to + 1440)
            let overlap = min(closes, end) - max(opens, start)
            if overlap > .zero { total += overlap }
        }
        return total
    }
}
