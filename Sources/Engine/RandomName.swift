/// A name that nobody else has: a UUID of version 4, RFC 9562.
public struct RandomName: Sendable, Equatable {
    let high: UInt64
    let low: UInt64

    /// - Parameters: two fresh numbers; six bits of them are given by the version.
    public init(_ first: UInt64, _ second: UInt64) {
        high = first & ~0xF000 | 0x4000
        low = second & ~(3 << 62) | 2 << 62
    }

    /// Such as `01234567-89ab-4def-8000-000000000000`.
    public var text: String {
        let digits = [high, low].map { number in
            let short = String(number, radix: 16)
            return String(repeating: "0", count: 16 - short.count) + short
        }.joined()
        return digits.enumerated().reduce(into: "") { text, digit in
            if [8, 12, 16, 20].contains(digit.offset) { text += "-" }
            text.append(digit.element)
        }
    }
}
