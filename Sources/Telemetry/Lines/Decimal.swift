import Events

/// Numbers as ASCII digits, written in place.
enum Decimal {
    /// Writes up to 20 bytes and says how many.
    static func write(_ number: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
        guard number < 0 else { return write(number.magnitude, to: target) }
        target[0] = UInt8(ascii: "-")
        return 1 + write(number.magnitude, to: target + 1)
    }

    static func write(_ number: UInt, to target: UnsafeMutablePointer<UInt8>) -> Int {
        var width = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            width += 1
        }
        rest = number
        for place in stride(from: width - 1, through: 0, by: -1) {
            target[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        return width
    }

    /// The last `width` digits of a number that is not negative.
    static func pad(_ number: Int, _ width: Int, to target: UnsafeMutablePointer<UInt8>) {
        var rest = number.magnitude
        for place in stride(from: width - 1, through: 0, by: -1) {
            target[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// `HH:MM:SS`.
    static func clock(_ parts: CalendarParts, to target: UnsafeMutablePointer<UInt8>) {
        pad(parts.hour, 2, to: target)
        target[2] = UInt8(ascii: ":")
        pad(parts.minute, 2, to: target + 3)
        target[5] = UInt8(ascii: ":")
        pad(parts.second, 2, to: target + 6)
    }
}
