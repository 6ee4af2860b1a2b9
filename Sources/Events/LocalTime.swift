/// Moments as people read them. What machines read stays UTC (`Timestamp.rfc3339`).
extension ZoneRules {
    /// `21 Nov 2026, 12:04`
    public func text(_ time: Timestamp) -> String {
        let parts = parts(time)
        return "\(parts.day) \(Self.months[parts.month - 1]) \(parts.year), \(Self.pad(parts.hour)):\(Self.pad(parts.minute))"
    }

    /// `21 Nov, 12:04`, for lists in which the year goes without saying.
    public func shortText(_ time: Timestamp) -> String {
        let parts = parts(time)
        return "\(parts.day) \(Self.months[parts.month - 1]), \(Self.pad(parts.hour)):\(Self.pad(parts.minute))"
    }

    /// `21 Nov`
    public func dayText(_ time: Timestamp) -> String {
        let parts = parts(time)
        return "\(parts.day) \(Self.months[parts.month - 1])"
    }

    /// `Asia/Baghdad, UTC+3`; of UTC only `UTC`.
    public func label(at time: Timestamp) -> String {
        let offset = Self.offsetText(offset(at: time))
        return name == offset ? name : "\(name), \(offset)"
    }

    private func parts(_ time: Timestamp) -> CalendarParts { (time + .seconds(offset(at: time))).parts }

    /// `UTC`, `UTC+3`, `UTC+5:30`
    static func offsetText(_ seconds: Int) -> String {
        guard seconds != 0 else { return "UTC" }
        let minutes = abs(seconds) / 60
        return "UTC\(seconds < 0 ? "−" : "+")\(minutes / 60)" + (minutes % 60 == 0 ? "" : ":\(pad(minutes % 60))")
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func pad(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
