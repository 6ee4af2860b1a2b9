/// What holds behind the last transition of a zone, for ever: the form of the variable `TZ` (POSIX.1, "Environment Variables"; RFC 9636, section
/// 3.3.1), such as `<+03>-3` or `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneTail: Sendable, Equatable {
    private let standard: Int
    private let summer: Summer?

    private struct Summer: Sendable, Equatable {
        let offset: Int
        let start: YearDay
        let end: YearDay
    }

    init?(_ text: String) {
        var cursor = TailCursor(text)
        guard cursor.name(), let west = cursor.hours() else { return nil }
        standard = -west
        guard !cursor.isAtEnd else {
            summer = nil
            return
        }
        guard cursor.name() else { return nil }
        let offset = cursor.isAtComma ? standard + 3600 : cursor.hours().map { -$0 }
        guard let offset, let start = cursor.day(), let end = cursor.day(), cursor.isAtEnd else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// Seconds east of UTC at a second since 1970.
    func offset(at second: Int64) -> Int {
        guard let summer else { return standard }
        let year = Timestamp(nanoseconds: (second + Int64(standard)).multipliedReportingOverflow(by: 1_000_000_000).partialValue).parts.year
        let begin = summer.start.second(in: year) - Int64(standard)
        let end = summer.end.second(in: year) - Int64(summer.offset)
        let isSummer = begin < end ? (begin..<end).contains(second) : !(end..<begin).contains(second)
        return isSummer ? summer.offset : standard
    }
}

/// A day that comes back each year, and the second of it.
private enum YearDay: Sendable, Equatable {
    /// 1...365, and 29 February never counts.
    case julian(Int, time: Int)
    /// 0...365
    case ordinal(Int, time: Int)
    /// Month 1...12, week 1...5 (5: the last), weekday 0...6 (0: Sunday).
    case weekday(month: Int, week: Int, day: Int, time: Int)

    /// Local seconds since 1970.
    func second(in year: Int) -> Int64 {
        let newYear = Timestamp(year: year, month: 1, day: 1)
        switch self {
        case .julian(let day, let time):
            let isLeap = Timestamp.days(inMonth: 2, of: year) == 29
            return newYear.wholeSeconds + Int64((day - 1 + (isLeap && day >= 60 ? 1 : 0)) * 86_400 + time)
        case .ordinal(let day, let time): return newYear.wholeSeconds + Int64(day * 86_400 + time)
        case .weekday(let month, let week, let day, let time):
            let first = Timestamp(year: year, month: month, day: 1)
            var date = 1 + (day - first.weekday + 7) % 7 + (week - 1) * 7
            while date > Timestamp.days(inMonth: month, of: year) { date -= 7 }
            return first.wholeSeconds + Int64((date - 1) * 86_400 + time)
        }
    }
}

extension Timestamp {
    fileprivate var wholeSeconds: Int64 { nanoseconds / 1_000_000_000 }
}

private struct TailCursor {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }
    var isAtComma: Bool { rest.first == UInt8(ascii: ",") }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// Letters, or anything between `<` and `>`.
    mutating func name() -> Bool {
        if skip(UInt8(ascii: "<")) {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let letters = rest.prefix { (65...90).contains($0) || (97...122).contains($0) }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    private mutating func number(most: Int) -> Int? {
        let digits = rest.prefix { (48...57).contains($0) }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        return value <= most ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds, up to 167 hours (RFC 9636).
    mutating func hours() -> Int? {
        let isNegative = skip(UInt8(ascii: "-"))
        if !isNegative { _ = skip(UInt8(ascii: "+")) }
        guard let hours = number(most: 167) else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where skip(UInt8(ascii: ":")) {
            guard let part = number(most: 59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// `,date[/time]`
    mutating func day() -> YearDay? {
        guard skip(UInt8(ascii: ",")) else { return nil }
        if skip(UInt8(ascii: "M")) {
            guard let month = number(most: 12), month > 0, skip(UInt8(ascii: ".")), let week = number(most: 5), week > 0, skip(UInt8(ascii: ".")),
                let day = number(most: 6), let time = time()
            else { return nil }
            return .weekday(month: month, week: week, day: day, time: time)
        }
        if skip(UInt8(ascii: "J")) {
            guard let day = number(most: 365), day > 0, let time = time() else { return nil }
            return .julian(day, time: time)
        }
        guard let day = number(most: 365), let time = time() else { return nil }
        return .ordinal(day, time: time)
    }

    private mutating func time() -> Int? { skip(UInt8(ascii: "/")) ? hours() : 7200 }
}
