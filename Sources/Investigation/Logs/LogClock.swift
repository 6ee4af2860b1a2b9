import Events

/// Reads times of lines as `LogTime` does; one in our form and in the minute of the one before it in a few nanoseconds.
struct LogClock {
    /// `2026-11-21T08:14` as it was met last, and when it began, in nanoseconds.
    private var date: UInt64 = 0, minute: UInt64 = 0
    private var start: Int64 = 0

    mutating func read(_ value: LogValue?) -> Timestamp? {
        guard let value, value.kind == .text, value.bytes.count == Self.length, let base = UnsafeRawPointer(value.bytes.baseAddress) else { return LogTime.read(value) }
        let words = (base.loadUnaligned(as: UInt64.self), base.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        guard let within = Self.nanoseconds(UInt64(littleEndian: base.loadUnaligned(fromByteOffset: 16, as: UInt64.self))) else { return LogTime.read(value) }
        if words == (date, minute) { return Timestamp(nanoseconds: start + within) }
        let time = LogTime.read(value)
        // Years near the ends of what a timestamp holds are cut there.
        if let time, value.bytes[0] == UInt8(ascii: "2"), value.bytes[1] == UInt8(ascii: "0") {
            (date, minute) = words
            start = time.nanoseconds - within
        }
        return time
    }

    /// `2026-11-21T08:14:05.123Z`
    private static let length = 24
    private static let shape = UInt64(littleEndian: 0x5A30_3030_2E30_303A)  // :00.000Z
    private static let digits: UInt64 = 0x000F_0F0F_000F_0F00

    /// Of `:05.123Z`, the first byte the lowest; nil for any other shape.
    private static func nanoseconds(_ text: UInt64) -> Int64? {
        let found = text ^ shape
        guard found & ~digits == 0, (found + (0x0606_0606_0606_0606 & digits)) & ~digits == 0 else { return nil }
        func digit(_ place: UInt64) -> Int64 { Int64(found >> (place * 8) & 0xF) }
        let seconds = digit(1) * 10 + digit(2)
        guard seconds < 60 else { return nil }
        return seconds * 1_000_000_000 + (digit(4) * 100 + digit(5) * 10 + digit(6)) * 1_000_000
    }
}
