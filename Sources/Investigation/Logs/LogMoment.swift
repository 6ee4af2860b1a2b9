public import Events

/// A moment as people say it: `-2h`, `90m`, `1d12h` (ago), `now`, `today`, `yesterday`, `2026-11-21`, `14:05`, `2026-11-21 14:05`, RFC 3339. In UTC, as
/// the lines are.
public enum LogMoment {
    /// Nil for any other shape.
    public static func read(_ text: String, now: Timestamp) -> Timestamp? {
        let text = text.trimming
        switch text {
        case "now": return now
        case "today": return midnight(now)
        case "yesterday": return midnight(now + .seconds(-86_400))
        default: return ago(text, now) ?? clock(text, now) ?? day(text)
        }
    }

    /// A length such as `90s`, `5m`, `1h30m`, `2d`, `1w`; nil for any other shape and beyond ten years.
    public static func length(_ text: String) -> Duration? {
        var seconds = 0
        var number: Int?
        for scalar in text.unicodeScalars {
            if let digit = digit(scalar) {
                let next = (number ?? 0) * 10 + digit
                guard next <= longest else { return nil }
                number = next
            } else {
                guard let count = number, let unit = units[scalar] else { return nil }
                seconds += count * unit
                guard seconds <= longest else { return nil }
                number = nil
            }
        }
        return number == nil && seconds > 0 ? .seconds(seconds) : nil
    }

    /// Seconds: ten years.
    private static let longest = 3_650 * 86_400
    private static let units: [Unicode.Scalar: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]

    private static func ago(_ text: String, _ now: Timestamp) -> Timestamp? {
        let text = text.hasPrefix("-") ? text.dropFirst() : text[...]
        return length(String(text)).map { now + (.zero - $0) }
    }

    private static func midnight(_ time: Timestamp) -> Timestamp {
        let parts = time.parts
        return Timestamp(year: parts.year, month: parts.month, day: parts.day)
    }

    /// `14:05` of today.
    private static func clock(_ text: String, _ now: Timestamp) -> Timestamp? {
        guard text.utf8.count == 5 || text.utf8.count == 8 else { return nil }
        return day(String(now.rfc3339.prefix(11)) + text)
    }

    private static func day(_ text: String) -> Timestamp? {
        var full =
            switch text.utf8.count {
            case 10: text + "T00:00:00"
            case 16: text + ":00"
            case 17 where text.hasSuffix("Z"): String(text.dropLast()) + ":00Z"
            default: text
            }
        return full.withUTF8 { LogTime.read($0) }
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Int? { ("0"..."9").contains(scalar) ? Int(scalar.value - 0x30) : nil }
}

extension String {
    fileprivate var trimming: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
