import Events

/// Writes into memory that is known to be large enough: the one who makes it has counted what can come. Nothing is checked here and nothing is
/// allocated, which is what a line costs little by.
struct LineCursor {
    private let base: UnsafeMutablePointer<UInt8>
    private(set) var count: Int

    /// - Parameter count: bytes that are there already.
    init(_ base: UnsafeMutablePointer<UInt8>, count: Int = 0) {
        self.base = base
        self.count = count
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        base[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        (base + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count += text.utf8CodeUnitCount
    }

    @inline(__always)
    mutating func append(_ number: Int) { count += Decimal.write(number, to: base + count) }

    @inline(__always)
    mutating func append(hex number: UInt64) {
        Hex.write(number, to: base + count)
        count += 16
    }

    /// Up to 31 bytes that were made before.
    @inline(__always)
    mutating func append(_ opening: FieldOpening) {
        UnsafeMutableRawPointer(base + count).storeBytes(of: opening.bytes, as: SIMD32<UInt8>.self)
        count += opening.count
    }

    /// 24 bytes.
    @inline(__always)
    mutating func append(_ time: SIMD32<UInt8>) {
        UnsafeMutableRawPointer(base + count).storeBytes(of: time, as: SIMD32<UInt8>.self)
        count += 24
    }

    mutating func append(plain text: String) {
        var text = text
        text.withUTF8 { bytes in
            guard let from = bytes.baseAddress else { return }
            (base + count).update(from: from, count: bytes.count)
            count += bytes.count
        }
    }

    /// The shortest text that reads back as the same number; `null` where JSON has no word for it. At most `longestNumber` bytes.
    mutating func append(json number: Double) {
        guard number.isFinite else { return append("null") }
        if let whole = Int(exactly: number), abs(whole) < 1 << 53 { return append(whole) }
        append(plain: number.description)
    }

    static let longestNumber = 32

    /// Escaped text without quotes, cut to `limit` bytes of input on the boundary of a character and then marked.
    mutating func append(escaping text: String, limit: Int) {
        var text = text
        let isCut = text.withUTF8 { bytes in
            guard bytes.count <= limit else { return true }
            count += Escape.write(bytes, to: base + count)
            return false
        }
        if isCut {
            append(escaping: String(text.cut(toBytes: limit)), limit: limit)
            append(LogLineEncoder.cutMark)
        }
    }
}

/// `,"row":` for a field, ready to be copied.
struct FieldOpening: Sendable {
    let bytes: SIMD32<UInt8>
    let count: Int

    /// By the place of the name in `FieldName.allCases`.
    static let all: [FieldOpening] = FieldName.allCases.map { FieldOpening(",\"\($0.rawValue)\":") }

    private init(_ text: String) {
        precondition(text.utf8.count < 32, "the name of a field is longer than its place")
        var bytes = SIMD32<UInt8>()
        for (place, byte) in text.utf8.enumerated() { bytes[place] = byte }
        self.bytes = bytes
        count = text.utf8.count
    }
}

extension FieldName {
    /// The place in `allCases`, without a search: an enumeration without values is kept as one byte that counts its cases in their order (Swift's
    /// stable ABI, "Type layout", C-like enums). A test holds it for every name.
    @inline(__always)
    var place: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}

/// The text of the last time that was written: lines come in heaps of one millisecond.
struct TimeText: Sendable {
    private var millisecond = Int64.min
    private var text = SIMD32<UInt8>()

    /// `2026-11-21T07:55:00.123Z` in the first 24 bytes.
    @inline(__always)
    mutating func of(_ time: Timestamp) -> SIMD32<UInt8> {
        let now = time.nanoseconds / 1_000_000
        if now != millisecond {
            text = Self.make(time)
            millisecond = now
        }
        return text
    }

    private static func make(_ time: Timestamp) -> SIMD32<UInt8> {
        var buffer = LineBuffer(capacity: 32)
        buffer.append(time)
        var text = SIMD32<UInt8>()
        buffer.withBytes { bytes in for place in 0..<24 { text[place] = bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self) } }
        return text
    }
}
