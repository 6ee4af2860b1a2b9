import Events

/// The bytes of one line, written over and over: the storage grows to the longest line seen and then stays, so that a line costs no
/// allocation.
struct LineBuffer: Sendable {
    private var storage: [UInt8]
    private(set) var count = 0

    init(capacity: Int = 1024) { storage = [UInt8](repeating: 0, count: capacity) }

    mutating func clear() { count = 0 }

    mutating func append(_ byte: UInt8) {
        reserve(1)
        storage[count] = byte
        count += 1
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        write(atMost: bytes.count) { target in
            guard let from = bytes.baseAddress else { return 0 }
            target.update(from: from, count: bytes.count)
            return bytes.count
        }
    }

    /// Plain text that needs no escaping, such as a name of ours.
    mutating func append(plain text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    /// Gives `body` room for `size` bytes; it says how many it wrote.
    mutating func write(atMost size: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(size)
        let start = count
        count += storage.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return body(base + start)
        }
    }

    func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
        body(storage.span.bytes.extracting(0..<count))
    }

    var copy: [UInt8] { Array(storage[..<count]) }

    mutating func replace(with bytes: [UInt8]) {
        clear()
        bytes.withUnsafeBufferPointer { append($0) }
    }

    private mutating func reserve(_ more: Int) {
        let needed = count + more
        if needed > storage.count {
            storage.append(contentsOf: repeatElement(0, count: max(needed, storage.count * 2) - storage.count))
        }
    }
}

extension LineBuffer {
    /// 16 hexadecimal digits.
    mutating func append(hex number: UInt64) {
        write(atMost: 16) { target in
            Hex.write(number, to: target)
            return 16
        }
    }

    mutating func append(_ number: Int) {
        write(atMost: 20) { Decimal.write(number, to: $0) }
    }

    /// The shortest text that reads back as the same number; `null` where JSON has no word for it.
    mutating func append(json number: Double) {
        guard number.isFinite else { return append("null") }
        if let whole = Int(exactly: number), abs(whole) < 1 << 53 { return append(whole) }
        append(plain: number.description)
    }

    /// `2026-11-21T07:55:00.123Z`.
    mutating func append(_ time: Timestamp) {
        let parts = time.parts
        write(atMost: 24) { target in
            Decimal.pad(parts.year, 4, to: target)
            target[4] = UInt8(ascii: "-")
            Decimal.pad(parts.month, 2, to: target + 5)
            target[7] = UInt8(ascii: "-")
            Decimal.pad(parts.day, 2, to: target + 8)
            target[10] = UInt8(ascii: "T")
            Decimal.clock(parts, to: target + 11)
            target[19] = UInt8(ascii: ".")
            Decimal.pad(parts.millisecond, 3, to: target + 20)
            target[23] = UInt8(ascii: "Z")
            return 24
        }
    }
}
