/// Text from outside (ids, file names, Meta's words, cells of a file) as it may stand in a page, a terminal or a message: one line, cut, with
/// everything escaped that could move the cursor, colour the screen or turn the reading direction of what follows.
public enum Shown {
    /// - Parameter limit: characters.
    public static func line(_ text: String, limit: Int = 300) -> String {
        // A single character can be a megabyte of marks: the scalars have a bound of their own.
        let head = text.unicodeScalars.prefix(limit * 4 + 1)
        let isPlain = head.count <= limit && !head.contains(where: isHidden)
        if isPlain { return String(head) }
        var shown = ""
        var count = 0
        for character in String(head.prefix(limit * 4)) {
            guard count < limit else { break }
            count += 1
            for scalar in character.unicodeScalars { shown += isHidden(scalar) ? escape(scalar) : String(scalar) }
        }
        let isCut = head.count > limit * 4 || String(head).count > limit
        return isCut ? shown + "…" : shown
    }

    /// For a terminal or a mail without markup: words that read from right to left stand by themselves (FSI … PDI), so that they do not scramble
    /// the rest of the line. Others stay as they are, to be copied.
    public static func isolated(_ text: String, limit: Int = 300) -> String {
        let text = line(text, limit: limit)
        return text.unicodeScalars.contains(where: isRightToLeft) ? "\u{2068}\(text)\u{2069}" : text
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
    }

    /// Controls, line separators, and the marks that turn the reading direction of what follows them. Joiners stay: Persian and Kurdish need them.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
        default: false
        }
    }

    /// Of the blocks that Unicode keeps for such scripts (UAX #44, `DerivedBidiClass`, defaults).
    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }
}
