public import Events

/// When a pipeline is due: the five fields of cron (minute, hour, day of month, month, day of week), in UTC.
///
/// As Vixie cron has it: lists, ranges, steps, names of months and days; 0 and 7 are Sunday; where both days are restricted, either one
/// will do. A field that begins with `*` does not restrict.
public struct CronExpression: Sendable, Equatable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    private let eitherDay: Bool

    /// The longest that two moments of any expression that ever comes due lie apart: February 29 over a century that is no leap year.
    private static let horizonInDays = 366 * 8 + 2

    /// - Throws: `CronError` naming the field.
    public init(_ text: String) throws(CronError) {
        let fields = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        guard fields.count == 5 else { throw CronError(message: "has \(fields.count) fields, not 5") }
        description = text
        minutes = try CronField.minute.parse(fields[0])
        hours = try CronField.hour.parse(fields[1])
        days = try CronField.day.parse(fields[2])
        months = try CronField.month.parse(fields[3])
        let parsed = try CronField.weekday.parse(fields[4])
        weekdays = (parsed | parsed >> 7) & 0x7F
        eitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        guard next(after: Timestamp(year: 2000, month: 1, day: 1)) != nil else {
            throw CronError(message: "never comes due: no month of the list has such a day")
        }
    }

    /// The first moment after this one at which the expression is due; nil only past the year 2262.
    public func next(after moment: Timestamp) -> Timestamp? {
        var day = moment + .seconds(60)
        var from = day.parts
        for _ in 0...Self.horizonInDays {
            let parts = day.parts
            if matches(parts, weekday: day.weekday), let time = firstTime(fromHour: from.hour, minute: from.minute) {
                return Timestamp(year: parts.year, month: parts.month, day: parts.day, hour: time.hour, minute: time.minute)
            }
            guard day < Timestamp.distantFuture else { return nil }
            day = Timestamp(year: parts.year, month: parts.month, day: parts.day) + .seconds(86_400)
            from.hour = 0
            from.minute = 0
        }
        return nil
    }

    private func matches(_ parts: CalendarParts, weekday: Int) -> Bool {
        guard months.has(parts.month) else { return false }
        let byDay = days.has(parts.day)
        let byWeekday = weekdays.has(weekday)
        return eitherDay ? byDay || byWeekday : byDay && byWeekday
    }

    private func firstTime(fromHour: Int, minute: Int) -> (hour: Int, minute: Int)? {
        for hour in fromHour..<24 where hours.has(hour) {
            let first = hour == fromHour ? minute : 0
            if let minute = (first..<60).first(where: minutes.has) { return (hour, minute) }
        }
        return nil
    }
}

public struct CronError: Error, Sendable, Equatable {
    public let message: String
}

/// One of the five fields: its range, and the names that stand for numbers.
struct CronField: Sendable {
    let title: String
    let range: ClosedRange<Int>
    let names: [String]

    static let minute = CronField(title: "minute", range: 0...59, names: [])
    static let hour = CronField(title: "hour", range: 0...23, names: [])
    static let day = CronField(title: "day of month", range: 1...31, names: [])
    static let month = CronField(
        title: "month", range: 1...12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let weekday = CronField(title: "day of week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    /// The values of the field as bits.
    func parse(_ text: String) throws(CronError) -> UInt64 {
        var bits: UInt64 = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) { bits |= try parse(part: part) }
        return bits
    }

    private func parse(part: Substring) throws(CronError) -> UInt64 {
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let step = halves.count == 2 ? Int(halves[1]) : 1
        guard let step, step >= 1, step <= range.upperBound, let values = try span(halves[0], hasStep: halves.count == 2) else {
            throw CronError(message: "\"\(part)\" is no \(title)")
        }
        return stride(from: values.lowerBound, through: values.upperBound, by: step).reduce(into: 0) { $0 |= 1 << UInt64($1) }
    }

    /// `*`, `5`, `5-9`; `5/2` runs from 5 to the end.
    private func span(_ text: Substring, hasStep: Bool) throws(CronError) -> ClosedRange<Int>? {
        if text == "*" { return range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = value(ends[0]), let last = ends.count == 2 ? value(ends[1]) : hasStep ? range.upperBound : first else { return nil }
        guard range.contains(first), range.contains(last) else {
            throw CronError(message: "\"\(text)\" is out of range: \(title) goes from \(range.lowerBound) to \(range.upperBound)")
        }
        guard first <= last else { throw CronError(message: "\"\(text)\" runs backwards") }
        return first...last
    }

    private func value(_ text: Substring) -> Int? {
        if let place = names.firstIndex(of: text.lowercased()) { return place + range.lowerBound }
        return text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text) : nil
    }
}

extension UInt64 {
    fileprivate func has(_ bit: Int) -> Bool { self >> UInt64(bit) & 1 == 1 }
}
