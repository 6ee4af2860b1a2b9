/// Removal of HTML tags and decoding of character entities (T05, D05).
extension RowEngine {
    /// Nil if the text holds neither: `a < b` and `Black & White` are plain text.
    @inline(never)
    mutating func withoutMarkup(_ text: Text) -> Text? {
        let start = arena
        var index = 0
        var isChanged = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "<"), let end = Self.endOfTag(text, from: index) {
                isChanged = true
                if arena > start, !(arena - 1).pointee.isBlank, end < text.count, !text[end].isBlank { append(0x20) }  // <br> parted two words
                index = end
            } else if byte == UInt8(ascii: "&"), let (scalar, end) = Self.entity(text, from: index) {
                isChanged = true
                for part in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(part) }
                index = end
            } else {
                append(byte)
                index += 1
            }
        }
        guard isChanged else {
            arena = start
            return nil
        }
        return endText(start)
    }

    /// Behind the `>` of a tag or comment that starts here.
    private static func endOfTag(_ text: Text, from start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        let next = text[start + 1]
        guard next.isASCIILetter || next == UInt8(ascii: "/") || next == UInt8(ascii: "!") else { return nil }
        var index = start + 2
        while index < text.count {
            if text[index] == UInt8(ascii: ">") { return index + 1 }
            if text[index] == UInt8(ascii: "<") { return nil }
            index += 1
        }
        return nil
    }

    /// Longest entity known, in bytes between `&` and `;`.
    private static var entityLimit: Int { 8 }

    private static func entity(_ text: Text, from start: Int) -> (Unicode.Scalar, Int)? {
        var end = start + 1
        while end < text.count, end - start <= entityLimit, text[end] != UInt8(ascii: ";") { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: ";"), end > start + 1 else { return nil }
        let name = Text(text.base + start + 1, end - start - 1).string
        let scalar: Unicode.Scalar?
        if name.hasPrefix("#x") || name.hasPrefix("#X") {
            scalar = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        } else if name.hasPrefix("#") {
            scalar = UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
        } else {
            scalar = named[name]
        }
        return scalar.map { ($0, end + 1) }
    }

    private static var named: [String: Unicode.Scalar] { entityNames }
}

/// The entities that shop systems write.
private let entityNames: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–", "mdash": "—", "hellip": "…", "bull": "•",
    "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "laquo": "«", "raquo": "»", "reg": "®", "copy": "©", "trade": "™", "deg": "°",
    "times": "×", "euro": "€", "pound": "£", "middot": "·", "frac12": "½", "frac14": "¼", "eacute": "é", "egrave": "è", "auml": "ä",
    "ouml": "ö", "uuml": "ü", "szlig": "ß", "ccedil": "ç", "zwnj": "\u{200C}", "rlm": "\u{200F}", "lrm": "\u{200E}", "shy": "\u{AD}",
]
