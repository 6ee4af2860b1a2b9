import Events

/// The time of a line. Ours are RFC 3339 in UTC with milliseconds; other programs write offsets, a blank for the `T`, a comma before the fraction,
/// or seconds, milliseconds, microseconds or nanoseconds since 1970.
enum LogTime {
    /// The fields that hold it, ours first.
    static let slot = LogLineReader.Slot("time", "timestamp", "ts", "@timestamp")

    static func read(_ value: LogValue?) -> Timestamp? {
        guard let value else { return nil }
        switch value.kind {
        case .text: return read(value.bytes)
        case .number: return value.number.flatMap(sinceEpoch)
        case .flag, .nested: return nil
        }
    }

    /// Nil for any other shape.
    static func read(_ bytes: LogBytes) -> Timestamp? {
        guard bytes.count >= 19, let year = number(bytes, 0, 4), bytes[4] == 0x2D, let month = number(bytes, 5, 2), bytes[7] == 0x2D,
            let day = number(bytes, 8, 2), bytes[10] | 0x20 == 0x74 || bytes[10] == 0x20, let hour = number(bytes, 11, 2), bytes[13] == 0x3A,
            let minute = number(bytes, 14, 2), bytes[16] == 0x3A, let second = number(bytes, 17, 2), (1...12).contains(month),
            (1...Timestamp.days(inMonth: month, of: year)).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        var place = 19
        var nanoseconds = 0
        if place < bytes.count, bytes[place] == 0x2E || bytes[place] == 0x2C {
            place += 1
            var scale = 100_000_000
            while place < bytes.count, (0x30...0x39).contains(bytes[place]) {
                nanoseconds += Int(bytes[place] - 0x30) * scale
                scale /= 10
                place += 1
            }
        }
        guard let offset = offset(bytes, place) else { return nil }
        let time = Timestamp(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        let (exact, isOver) = time.nanoseconds.addingReportingOverflow(Int64(nanoseconds - offset * 1_000_000_000))
        return isOver ? time : Timestamp(nanoseconds: exact)
    }

    /// Seconds east of UTC; none stands for UTC.
    private static func offset(_ bytes: LogBytes, _ start: Int) -> Int? {
        guard start < bytes.count else { return 0 }
        let rest = bytes.part(start, bytes.count - start)
        if rest.count == 1, rest[0] | 0x20 == 0x7A { return 0 }
        guard rest.count == 5 || rest.count == 6 && rest[3] == 0x3A, rest[0] == 0x2B || rest[0] == 0x2D, let hours = number(rest, 1, 2),
            let minutes = number(rest, rest.count - 2, 2), hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (rest[0] == 0x2D ? -1 : 1)
    }

    private static func number(_ bytes: LogBytes, _ start: Int, _ count: Int) -> Int? {
        var value = 0
        for place in start..<start + count {
            let digit = bytes[place] &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    /// By its size: until the year 5138 seconds stay below 1e11.
    private static func sinceEpoch(_ number: Double) -> Timestamp? {
        switch abs(number) {
        case ..<1e11: Timestamp(seconds: number)
        case ..<1e14: Timestamp(seconds: number / 1e3)
        case ..<1e17: Timestamp(seconds: number / 1e6)
        default: Timestamp(seconds: number / 1e9)
        }
    }
}
