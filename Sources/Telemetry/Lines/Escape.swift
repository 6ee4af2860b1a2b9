import CFeedKernels

/// Text made safe for a line of JSON and for the terminal that may show it.
///
/// Escaped are all of C0, DEL, C1, the quote, the backslash, the line and paragraph separators (U+2028, U+2029) and the controls that turn
/// the direction of the text around them (U+202A…U+202E, U+2066…U+2069): none of them may break a line in two, colour a terminal or make a
/// line read differently from what it says. ZWNJ, LRM and RLM stay, since Arabic and Kurdish need them.
enum Escape {
    /// The most bytes one byte of input can become.
    static let growth = 6

    /// Writes `source`, which must be valid UTF-8, escaped to `target`, which must have room for `growth` times as much.
    static func write(_ source: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Int {
        guard let from = source.baseAddress else { return 0 }
        var read = 0
        var written = 0
        while read + 16 <= source.count {
            guard vf_line_is_plain(from + read) else { break }
            UnsafeMutableRawPointer(target + written).storeBytes(
                of: UnsafeRawPointer(from + read).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
            read += 16
            written += 16
        }
        while read + 8 <= source.count {
            let word = UnsafeRawPointer(from + read).loadUnaligned(as: UInt64.self)
            if isPlain(word) {
                UnsafeMutableRawPointer(target + written).storeBytes(of: word, as: UInt64.self)
                read += 8
                written += 8
            } else {
                let end = read + 8
                while read < end { step(source, &read, target, &written) }
            }
        }
        if read > 0, written == read, source.count >= 8, read < source.count {
            // What is left of a plain text, with some of what was written already: the same bytes to the same places.
            let last = source.count - 8
            let word = UnsafeRawPointer(from + last).loadUnaligned(as: UInt64.self)
            if isPlain(word) {
                UnsafeMutableRawPointer(target + last).storeBytes(of: word, as: UInt64.self)
                return source.count
            }
        }
        while read < source.count { step(source, &read, target, &written) }
        return written
    }

    /// Whether none of eight bytes may need escaping. A byte is tested for zero as in Mycroft's `(x - 1) & ~x & 0x80`, which can only err
    /// above a byte that is special itself.
    @inline(__always)
    private static func isPlain(_ word: UInt64) -> Bool {
        let hits =
            zeroBytes(word & spread(0xE0)) | zeroBytes(word ^ spread(0x22)) | zeroBytes(word ^ spread(0x5C)) | zeroBytes(word ^ spread(0x7F))
            // 0xC2 and 0xE2 differ in one bit.
            | zeroBytes((word | spread(0x20)) ^ spread(0xE2))
        return hits & spread(0x80) == 0
    }

    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- spread(0x01)) & ~word }

    @inline(__always)
    private static func spread(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

    @inline(__always)
    private static func step(
        _ source: UnsafeBufferPointer<UInt8>, _ read: inout Int, _ target: UnsafeMutablePointer<UInt8>, _ written: inout Int
    ) {
        let byte = source[read]
        if byte >= 0x20, byte != 0x22, byte != 0x5C, byte != 0x7F, byte != 0xC2, byte != 0xE2 {
            target[written] = byte
            read += 1
            written += 1
        } else {
            special(source, &read, target, &written)
        }
    }

    private static func special(
        _ source: UnsafeBufferPointer<UInt8>, _ read: inout Int, _ target: UnsafeMutablePointer<UInt8>, _ written: inout Int
    ) {
        let byte = source[read]
        switch byte {
        case 0x0A: short("n", &read, target, &written)
        case 0x0D: short("r", &read, target, &written)
        case 0x09: short("t", &read, target, &written)
        case 0x22: short("\"", &read, target, &written)
        case 0x5C: short("\\", &read, target, &written)
        case 0xC2 where read + 1 < source.count && source[read + 1] < 0xA0:
            unicode(UInt16(source[read + 1]), 2, &read, target, &written)
        case 0xE2 where read + 2 < source.count && turnsOrBreaks(source[read + 1], source[read + 2]):
            let scalar = 0x2000 | UInt16(source[read + 1] & 0x3F) << 6 | UInt16(source[read + 2] & 0x3F)
            unicode(scalar, 3, &read, target, &written)
        case 0xC2, 0xE2:
            target[written] = byte
            read += 1
            written += 1
        default: unicode(UInt16(byte), 1, &read, target, &written)
        }
    }

    /// U+2028…U+202E are E2 80 A8…AE; U+2066…U+2069 are E2 81 A6…A9.
    private static func turnsOrBreaks(_ second: UInt8, _ third: UInt8) -> Bool {
        second == 0x80 && (0xA8...0xAE).contains(third) || second == 0x81 && (0xA6...0xA9).contains(third)
    }

    private static func short(
        _ letter: Unicode.Scalar, _ read: inout Int, _ target: UnsafeMutablePointer<UInt8>, _ written: inout Int
    ) {
        target[written] = 0x5C
        target[written + 1] = UInt8(ascii: letter)
        read += 1
        written += 2
    }

    private static func unicode(
        _ scalar: UInt16, _ length: Int, _ read: inout Int, _ target: UnsafeMutablePointer<UInt8>, _ written: inout Int
    ) {
        target[written] = 0x5C
        target[written + 1] = UInt8(ascii: "u")
        for place in 0..<4 {
            let digit = UInt8(truncatingIfNeeded: scalar >> (12 - 4 * UInt16(place))) & 0xF
            target[written + 2 + place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
        read += length
        written += 6
    }
}

extension LineBuffer {
    /// Escaped text without quotes, cut to `limit` bytes of input on the boundary of a character and then marked.
    mutating func append(escaping text: String, limit: Int) {
        var text = text
        let isCut = text.withUTF8 { bytes in
            guard bytes.count <= limit else { return true }
            write(atMost: bytes.count * Escape.growth) { Escape.write(bytes, to: $0) }
            return false
        }
        if isCut {
            append(escaping: String(text.cut(toBytes: limit)), limit: limit)
            append(LogLineEncoder.cutMark)
        }
    }

    /// As above for bytes of unknown worth: what is not UTF-8 becomes U+FFFD.
    mutating func append(escaping bytes: [UInt8], limit: Int) {
        append(escaping: String(decoding: bytes, as: UTF8.self), limit: limit)
    }
}

extension String {
    /// The longest prefix of whole characters within so many bytes of UTF-8. One character longer than the limit (a base letter under a
    /// heap of marks) is left out whole.
    func cut(toBytes limit: Int) -> Substring {
        guard utf8.count > limit else { return self[...] }
        var end = startIndex
        var used = 0
        for index in indices {
            let size = self[index].utf8.count
            guard used + size <= limit else { break }
            used += size
            end = self.index(after: index)
        }
        return self[..<end]
    }
}
