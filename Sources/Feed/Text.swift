internal import CFeedKernels

/// A run of bytes in a buffer of the workspace. It does not outlive the record it was cut from.
struct Text {
    var base: UnsafePointer<UInt8>
    var count: Int

    @inline(__always)
    init(_ base: UnsafePointer<UInt8>, _ count: Int) {
        self.base = base
        self.count = count
    }

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    @inline(__always)
    subscript(index: Int) -> UInt8 { base[index] }

    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }
    var string: String { String(decoding: buffer, as: UTF8.self) }

    @inline(__always)
    func dropFirst(_ number: Int) -> Text { Text(base + number, count - number) }

    @inline(__always)
    func prefix(_ number: Int) -> Text { Text(base, min(number, count)) }

    @inline(__always)
    var classes: vf_class { vf_classify(base, count) }

    @inline(__always)
    func equals(_ other: Text) -> Bool { count == other.count && vf_equal(base, other.base, count) }

    @inline(__always)
    func equals(_ literal: StaticString) -> Bool { count == literal.utf8CodeUnitCount && vf_equal(base, literal.utf8Start, count) }

    func starts(with literal: StaticString) -> Bool {
        count >= literal.utf8CodeUnitCount && vf_equal(base, literal.utf8Start, literal.utf8CodeUnitCount)
    }

    /// ASCII letters match in both cases; the literal is lower case.
    func equalsFolded(_ literal: StaticString) -> Bool { count == literal.utf8CodeUnitCount && startsFolded(with: literal) }

    func startsFolded(with literal: StaticString) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard count >= length else { return false }
        for index in 0..<length where base[index].lowered != literal.utf8Start[index] { return false }
        return true
    }

    /// Without blanks at either end. Quick where there are none.
    @inline(__always)
    var trimmed: Text {
        guard count > 0 else { return self }
        if base[0] > 0x20, base[count - 1] > 0x20, base[0] != 0xC2, base[count - 1] != 0xA0 { return self }
        return slowlyTrimmed
    }

    @inline(never)
    private var slowlyTrimmed: Text {
        var start = 0
        var end = count
        while start < end {
            if base[start].isBlank {
                start += 1
            } else if start + 1 < end, base[start] == 0xC2, base[start + 1] == 0xA0 {  // no-break space
                start += 2
            } else {
                break
            }
        }
        while end > start {
            if base[end - 1].isBlank {
                end -= 1
            } else if end - start > 1, base[end - 1] == 0xA0, base[end - 2] == 0xC2 {
                end -= 2
            } else {
                break
            }
        }
        return Text(base + start, end - start)
    }

    /// `NULL`, `\N`, `nan`: what databases and data frames write where there is nothing.
    @inline(__always)
    var isMissing: Bool {
        guard count <= 4 else { return false }
        return count == 0 || (base[0] | 0x20 == UInt8(ascii: "n") && isMissingWord) || equals("\\N")
    }

    private var isMissingWord: Bool { equals("NULL") || equals("null") || equals("nan") || equals("NaN") || equals("NAN") }
}

extension UInt8 {
    /// Space, tab, LF, CR.
    @inline(__always)
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }

    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }

    @inline(__always)
    var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

    @inline(__always)
    var isUpper: Bool { self &- 0x41 < 26 }

    @inline(__always)
    var lowered: UInt8 { isUpper ? self | 0x20 : self }
}
