import Events

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7); the older forms are not read.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func parse(_ text: String) -> Timestamp? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
            (1900...2200).contains(year), (1...Timestamp.days(inMonth: month + 1, of: year)).contains(day)
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0..<24).contains(time[0]), (0..<60).contains(time[1]), (0...60).contains(time[2]) else { return nil }
        return Timestamp(year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: min(time[2], 59))
    }
}
