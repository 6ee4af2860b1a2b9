/// A moment in UTC, in nanoseconds since 1970-01-01T00:00:00Z. Covers `distantPast` (1677-09-21) to `distantFuture` (2262-04-11); what lies
/// beyond becomes the nearer of the two, so that a strange date in a file can never end the process. Formatting needs no Foundation.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    /// Not a number becomes 1970.
    public init(seconds: Double) {
        let exact = (seconds * 1e9).rounded()
        nanoseconds = Int64(exactly: exact) ?? (exact > 0 ? .max : exact < 0 ? .min : 0)
    }

    public static let distantPast = Timestamp(nanoseconds: .min)
    public static let distantFuture = Timestamp(nanoseconds: .max)

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let parsed = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 time: \(text)"))
        }
        self = parsed
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }

    public var seconds: Double { Double(nanoseconds) / 1e9 }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }
    public static func - (left: Timestamp, right: Timestamp) -> Duration { .nanoseconds(left.nanoseconds) - .nanoseconds(right.nanoseconds) }
    public static func + (left: Timestamp, right: Duration) -> Timestamp {
        let (seconds, attoseconds) = right.components
        return Timestamp(nanoseconds: left.nanoseconds.saturating(seconds, nanosecondsMore: attoseconds / 1_000_000_000))
    }
}

/// Calendar parts of a `Timestamp`, UTC, proleptic Gregorian.
public struct CalendarParts: Sendable, Equatable {
    public var year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, millisecond: Int
}

extension Timestamp {
    public var parts: CalendarParts {
        let milliseconds = nanoseconds.flooredDivision(by: 1_000_000)
        let totalSeconds = milliseconds.flooredDivision(by: 1_000)
        let days = totalSeconds.flooredDivision(by: 86_400)
        let second = Int(totalSeconds - days * 86_400)
        let (year, month, day) = Self.civil(fromDays: Int(days))
        return CalendarParts(
            year: year, month: month, day: day, hour: second / 3600, minute: second / 60 % 60, second: second % 60,
            millisecond: Int(milliseconds - totalSeconds * 1_000))
    }

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.init(year, month, day, hour, minute, second, nanosecond: 0)
    }

    private init(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int, nanosecond: Int64) {
        let days = Self.days(fromCivil: year, month, day)
        let seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
        self.init(nanoseconds: Int64(0).saturating(seconds, nanosecondsMore: nanosecond))
    }

    /// RFC 3339 with milliseconds and `Z`, such as `2026-11-21T07:55:00.123Z`.
    public var rfc3339: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The 24 bytes of `rfc3339`.
    public func appendRFC3339(to bytes: inout [UInt8]) {
        let parts = parts
        func append(_ value: Int, _ width: Int, _ end: Unicode.Scalar) {
            var power = 1
            for _ in 1..<width { power *= 10 }
            while power > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(value / power % 10))
                power /= 10
            }
            bytes.append(UInt8(ascii: end))
        }
        append(parts.year, 4, "-")
        append(parts.month, 2, "-")
        append(parts.day, 2, "T")
        append(parts.hour, 2, ":")
        append(parts.minute, 2, ":")
        append(parts.second, 2, ".")
        append(parts.millisecond, 3, "Z")
    }

    /// Reads what `rfc3339` writes; the fraction may be missing or have up to nine digits. Nil for any other shape and for a day that its
    /// month does not have.
    public init?(rfc3339 text: String) { self.init(rfc3339: Array(text.utf8)[...]) }

    public init?(rfc3339 bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            var value = 0
            for place in range {
                let byte = bytes[start + place]
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            return value
        }
        func isAt(_ place: Int, _ scalar: Unicode.Scalar) -> Bool { bytes[start + place] == UInt8(ascii: scalar) }
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z"), isAt(4, "-"), isAt(7, "-"), isAt(10, "T"), isAt(13, ":"), isAt(16, ":"),
            let year = number(0..<4), let month = number(5..<7), (1...12).contains(month), let day = number(8..<10),
            (1...Self.days(inMonth: month, of: year)).contains(day), let hour = number(11..<13), hour < 24, let minute = number(14..<16), minute < 60,
            let second = number(17..<19), second < 60
        else { return nil }
        var nanosecond: Int64 = 0
        if isAt(19, ".") {
            guard bytes.count <= 30, bytes.count > 21, let fraction = number(20..<bytes.count - 1) else { return nil }
            var scale: Int64 = 1
            for _ in 0..<(9 - (bytes.count - 21)) { scale *= 10 }
            nanosecond = Int64(fraction) * scale
        } else if bytes.count != 20 {
            return nil
        }
        self.init(year, month, day, hour, minute, second, nanosecond: nanosecond)
    }

    /// How many days a month of the Gregorian calendar has; `month` is 1...12.
    public static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// 0 is Sunday, as in cron.
    public var weekday: Int {
        let days = nanoseconds.flooredDivision(by: 86_400_000_000_000)
        return Int((days % 7 + 11) % 7)  // 1970-01-01 was a Thursday
    }

    /// Days since 1970-01-01, after Howard Hinnant's `chrono`-compatible date algorithms.
    private static func days(fromCivil year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

extension Int64 {
    /// This many nanoseconds and more, held within what 64 bits can say.
    fileprivate func saturating(_ seconds: Int64, nanosecondsMore: Int64) -> Int64 {
        Int64(clamping: Int128(self) + Int128(seconds) * 1_000_000_000 + Int128(nanosecondsMore))
    }

    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
