/// Turns what a version column says into a number that orders: whole numbers as they are, ISO 8601 moments as microseconds.
enum VersionKey {
    /// Nil if the text is neither. A number has at most 18 digits. A moment is `2026-01-31`, or with `T` or a space and `08:00[:00[.123456]]`,
    /// then `Z`, `+03:00`, `+0300`, ` UTC` or nothing (read as UTC).
    static func read(_ text: Text) -> UInt64? {
        var cursor = Cursor(text)
        guard !text.isEmpty else { return nil }
        if text.buffer.allSatisfy(\.isDigit) { return text.count <= 18 ? cursor.number(digits: text.count).map(UInt64.init) : nil }
        guard let day = cursor.day() else { return nil }
        var micros = day * 86_400_000_000
        if cursor.skip(UInt8(ascii: "T")) || cursor.skip(UInt8(ascii: " ")) {
            guard let time = cursor.time() else { return nil }
            micros += time
        }
        guard let offset = cursor.offset(), cursor.isAtEnd, micros - offset >= 0 else { return nil }
        return UInt64(micros - offset)
    }

    static func isReadable(_ text: String) -> Bool {
        var bytes = Array(text.utf8)
        let count = bytes.count
        bytes.append(0)  // never an empty buffer
        return bytes.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { read(Text($0, count)) != nil } ?? false }
    }

    /// The same for a clock's moment.
    static func moment(secondsSince1970 seconds: Int64) -> UInt64 { UInt64(max(0, (seconds + 719_468 * 86_400) * 1_000_000)) }

    /// Microseconds since 0000-03-01, for comparing the two ends of a period (P12).
    static func moment(_ text: Text) -> UInt64? { text.count >= 10 && text.buffer.contains(UInt8(ascii: "-")) ? read(text) : nil }
}

/// Reads the parts of a moment one after the other.
private struct Cursor {
    private let text: Text
    private var index = 0

    init(_ text: Text) { self.text = text }

    var isAtEnd: Bool { index == text.count }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func number(digits: Int) -> Int64? {
        guard index + digits <= text.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<digits {
            guard text[index].isDigit else { return nil }
            value = value * 10 + Int64(text[index] &- 0x30)
            index += 1
        }
        return value
    }

    /// Days since 0000-03-01 in the proleptic Gregorian calendar.
    mutating func day() -> Int64? {
        guard let year = number(digits: 4), skip(UInt8(ascii: "-")), let month = number(digits: 2), skip(UInt8(ascii: "-")),
            let day = number(digits: 2), (1...12).contains(month), (1...31).contains(day), year > 0
        else { return nil }
        let shifted = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return shifted.0 * 365 + shifted.0 / 4 - shifted.0 / 100 + shifted.0 / 400 + (shifted.1 * 153 + 2) / 5 + day - 1
    }

    /// Microseconds since midnight.
    mutating func time() -> Int64? {
        guard let hour = number(digits: 2), skip(UInt8(ascii: ":")), let minute = number(digits: 2), hour <= 24, minute < 60 else { return nil }
        var micros = (hour * 60 + minute) * 60_000_000
        if skip(UInt8(ascii: ":")) {
            guard let second = number(digits: 2), second <= 60 else { return nil }
            micros += second * 1_000_000
            if skip(UInt8(ascii: ".")) || skip(UInt8(ascii: ",")) {
                var unit: Int64 = 100_000
                while index < text.count, text[index].isDigit {
                    micros += Int64(text[index] &- 0x30) * unit
                    unit /= 10
                    index += 1
                }
            }
        }
        return micros
    }

    /// Microseconds east of UTC.
    mutating func offset() -> Int64? {
        if isAtEnd || skip(UInt8(ascii: "Z")) { return 0 }
        _ = skip(UInt8(ascii: " "))
        if index + 3 == text.count, Text(text.base + index, 3).equals("UTC") {
            index += 3
            return 0
        }
        let isWest = skip(UInt8(ascii: "-"))
        guard isWest || skip(UInt8(ascii: "+")), let hour = number(digits: 2) else { return nil }
        _ = skip(UInt8(ascii: ":"))
        let minute = isAtEnd ? 0 : number(digits: 2)
        guard let minute, hour <= 14, minute < 60 else { return nil }
        return (isWest ? -1 : 1) * (hour * 60 + minute) * 60_000_000
    }
}
