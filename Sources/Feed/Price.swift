/// An amount of money as it was written: the digits are never changed, only cleaned of grouping marks.
struct Price {
    /// Digits before and behind the decimal sign.
    private(set) var digits = (whole: 0, fraction: 0)
    /// Amount in millionths of the unit, saturating.
    private(set) var millionths: Int64 = 0
    /// Non-zero digits behind the decimal sign?
    private(set) var hasFraction = false
    var isNegative = false
    var currency: Currency?

    /// Longest whole part, in digits: a trillion units. Keeps `millionths` in 64 bits.
    static let maxWholeDigits = 12
    static let maxFractionDigits = 6

    /// `text` is ASCII digits with at most one point. Nil if there are no digits or too many.
    init?(amount text: Text) {
        var value: Int64 = 0
        var index = 0
        while index < text.count, text[index].isDigit {
            guard index < Self.maxWholeDigits else { return nil }
            value = value &* 10 &+ Int64(text[index] &- 0x30)
            index += 1
        }
        digits.whole = index
        if index < text.count {
            guard text[index] == UInt8(ascii: ".") else { return nil }
            index += 1
            while index < text.count, text[index].isDigit {
                guard digits.fraction < Self.maxFractionDigits else { return nil }
                value = value &* 10 &+ Int64(text[index] &- 0x30)
                if text[index] != 0x30 { hasFraction = true }
                digits.fraction += 1
                index += 1
            }
            guard digits.fraction > 0 else { return nil }
        }
        guard index == text.count, digits.whole > 0 else { return nil }
        millionths = value &* Self.power(Self.maxFractionDigits - digits.fraction)
    }

    @inline(__always)
    private static func power(_ exponent: Int) -> Int64 {
        switch exponent {
        case 0: 1
        case 1: 10
        case 2: 100
        case 3: 1000
        case 4: 10_000
        case 5: 100_000
        default: 1_000_000
        }
    }
}
