internal import CFeedKernels

/// Slow looks at non-ASCII text, taken only where a byte class gives reason to.
enum Scalars {
    /// Private-use and replacement characters and C1 controls (T07, D07). ZWNJ, LRM and RLM are proper parts of Kurdish and Arabic texts.
    static func hasForbidden(_ text: Text) -> Bool {
        var index = 0
        while index + 1 < text.count {
            let second = text[index + 1]
            switch text[index] {
            case 0xC2: if second < 0xA0 { return true }  // U+0080…009F
            case 0xEE: return true  // U+E000…EFFF
            case 0xEF: if second <= 0xA3 || second == 0xBF && index + 2 < text.count && text[index + 2] == 0xBD { return true }  // …F8FF, FFFD
            case 0xF3: if second >= 0xB0 { return true }  // plane 15
            case 0xF4: return true  // plane 16
            default: break
            }
            index += 1
        }
        return false
    }

    /// UTF-8 read as Latin-1 or Windows-1252 and encoded again (D08): a lead byte shown as a letter, followed by a symbol.
    static func looksDoublyEncoded(_ text: Text) -> Bool {
        var index = 0
        while index + 3 < text.count {
            defer { index += 1 }
            guard text[index] == 0xC3 else { continue }
            let follower = text[index + 2]
            switch text[index + 1] {
            case 0x82, 0x83, 0x98...0x9B:  // Â Ã Ø Ù Ú Û
                if follower == 0xC2, text[index + 3] != 0xB0 { return true }  // not °, which may follow a capital
                if follower == 0xC5 || follower == 0xC6 { return true }
            case 0xA2:  // â, then € or a C1 control
                if follower == 0xE2, text[index + 3] == 0x82 { return true }
                if follower == 0xC2, text[index + 3] < 0xA0 { return true }
            default: break
            }
        }
        return false
    }

    /// Whether normalisation form C can differ. `D9 93`…`95` are the marks over Arabic letters; the rest are blocks with combining marks.
    static func mayNeedComposing(_ text: Text) -> Bool {
        var index = 0
        while index < text.count {
            switch text[index] {
            case 0xCC, 0xCD, 0xE1, 0xEF, 0xF0: return true
            case 0xE0: return true
            case 0xD9: if index + 1 < text.count, (0x93...0x95).contains(text[index + 1]) { return true }
            default: break
            }
            index += 1
        }
        return false
    }
}

/// Whether a text is all capitals (T04, D04).
enum Capitals {
    /// At least nine in ten of all letters are capitals. Letters of scripts without case count as letters: a brand in capitals amid Arabic
    /// is no all-capital title.
    static func prevail(in ready: ReadyText) -> Bool {
        let upper = Int(ready.classes.upper)
        guard upper >= 9 * Int(ready.classes.lower) else { return false }
        guard ready.mask & 1 != 0 else { return true }
        var capitals = upper
        var others = Int(ready.classes.lower)
        for scalar in ready.text.string.unicodeScalars where !scalar.isASCII && scalar.properties.isAlphabetic {
            if scalar.properties.isUppercase { capitals += 1 } else { others += 1 }
        }
        return capitals >= 9 * others
    }
}

/// Links, e-mail addresses and telephone numbers in a text (D09).
enum Contact {
    static func isGiven(in text: Text, words: WordLists) -> Bool { words.contains(.address, in: text) || hasMail(text) || hasTelephone(text) }

    private static func hasMail(_ text: Text) -> Bool {
        guard text.count >= 5 else { return false }
        for index in 1..<(text.count - 1) where text[index] == UInt8(ascii: "@") && isWord(text[index - 1]) && isWord(text[index + 1]) {
            var end = index + 1
            while end + 1 < text.count, isWord(text[end]) || text[end] == UInt8(ascii: "-") { end += 1 }
            if text[end] == UInt8(ascii: "."), end + 1 < text.count, text[end + 1].isASCIILetter { return true }
        }
        return false
    }

    /// A `+` or `0` and at least nine more digits, with single spaces, dashes or brackets between them.
    private static func hasTelephone(_ text: Text) -> Bool {
        var index = 0
        while index < text.count {
            let first = text[index]
            guard first == UInt8(ascii: "+") || first == UInt8(ascii: "0"), index == 0 || !isWord(text[index - 1]) && text[index - 1] != UInt8(ascii: ".") else {
                index += 1
                continue
            }
            var digits = 0
            var gaps = 0
            index += 1
            while index < text.count, gaps < 2 {
                if text[index].isDigit {
                    digits += 1
                    gaps = 0
                } else if " -()".utf8.contains(text[index]) {
                    gaps += 1
                } else {
                    break
                }
                index += 1
            }
            if digits >= 9 { return true }
        }
        return false
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte.isASCIILetter || byte.isDigit }
}
