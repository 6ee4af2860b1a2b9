import Cryptography

/// Where in a trace something happened, as W3C's trace context and OpenTelemetry name it.
public struct TraceContext: Sendable, Hashable {
    /// The two halves of the 16 bytes of the trace id, the first one first. Never both zero.
    public let high: UInt64
    public let low: UInt64
    /// 0: no span is open there.
    public let span: UInt64

    public init(high: UInt64, low: UInt64, span: UInt64) {
        self.high = high
        self.low = low
        self.span = span
    }

    /// The trace of a run: the first half of the SHA-256 of its pipeline and its name. Made from what every process knows, so a run that is resumed
    /// elsewhere goes on in the same trace, and whoever has a `run_id` can find it.
    init(pipeline: String?, runID: String) {
        var hasher = SHA256Hasher()
        hasher.update(Array("vitrine\u{0}\(pipeline ?? "")\u{0}\(runID)".utf8))
        let digest = hasher.finishBytes()
        func half(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        let low = half(digest[8..<16])
        self.init(high: half(digest[0..<8]), low: low == 0 ? 1 : low, span: 0)
    }

    func at(_ span: UInt64) -> TraceContext { TraceContext(high: high, low: low, span: span) }

    /// 32 hexadecimal digits, lower case.
    public var traceText: String { String(decoding: Hex.digits(high) + Hex.digits(low), as: UTF8.self) }
    /// 16 hexadecimal digits; empty where there is no span.
    public var spanText: String { span == 0 ? "" : String(decoding: Hex.digits(span), as: UTF8.self) }
    var traceBytes: [UInt8] { Hex.bytes(high) + Hex.bytes(low) }
}

/// Numbers of 64 bits as bytes and digits, the most significant first.
enum Hex {
    static func digits(_ number: UInt64) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            write(number, to: base)
            count = 16
        }
    }

    static func write(_ number: UInt64, to target: UnsafeMutablePointer<UInt8>) {
        for place in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: number >> (60 - 4 * UInt64(place))) & 0xF
            target[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }

    static func bytes(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) } }
}
