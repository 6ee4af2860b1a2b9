import Glibc

/// Decimal numbers in lines and in questions.
enum LogNumber {
    /// Digits of a number that are looked at.
    private static let longest = 63

    /// Nil for anything else than a whole decimal number, such as `12`, `-1.5`, `2e3`.
    static func read(_ bytes: LogBytes) -> Double? {
        guard bytes.count <= longest, let first = bytes.first, first == 0x2D || (0x30...0x39).contains(first) else { return nil }
        // Nearly all are short and whole.
        if bytes.count <= 15, let whole = digits(bytes) { return Double(whole) }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: longest + 1) { room in
            for (index, byte) in bytes.enumerated() {
                guard (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x2B || byte | 0x20 == 0x65 else { return nil }
                room[index] = CChar(bitPattern: byte)
            }
            room[bytes.count] = 0
            guard let start = room.baseAddress else { return nil }
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(start, &end)
            return end == start + bytes.count && value.isFinite ? value : nil
        }
    }

    static func read(_ text: String) -> Double? {
        var text = text
        return text.withUTF8 { read($0) }
    }

    private static func digits(_ bytes: LogBytes) -> Int? {
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}
