/// What a spreadsheet makes of a code: `1.23E+12`, `123.0`, `2026-01-31`, `31/01/2026` (rule I05).
enum SpreadsheetDamage {
    static func isSeen(in text: Text) -> Bool {
        var index = digits(text, from: 0)
        guard index > 0, index < text.count else { return false }
        switch text[index] {
        case UInt8(ascii: "."):
            let end = digits(text, from: index + 1)
            if end == text.count { return end == index + 2 && text[index + 1] == UInt8(ascii: "0") }
            index = end
            fallthrough
        case UInt8(ascii: "E"):
            return index + 2 < text.count && text[index] == UInt8(ascii: "E") && (text[index + 1] == UInt8(ascii: "+") || text[index + 1] == UInt8(ascii: "-"))
                && digits(text, from: index + 2) == text.count
        case UInt8(ascii: "-"), UInt8(ascii: "/"): return isDate(text, mark: text[index])
        default: return false
        }
    }

    /// A code such as 10-20-30 is none: the year has four digits, month and day are possible ones.
    private static func isDate(_ text: Text, mark: UInt8) -> Bool {
        var parts: [(value: Int, length: Int)] = [(0, 0)]
        for byte in text.buffer {
            if byte == mark {
                parts.append((0, 0))
            } else if byte.isDigit {
                parts[parts.count - 1].value = parts[parts.count - 1].value &* 10 &+ Int(byte &- 0x30)
                parts[parts.count - 1].length += 1
            } else {
                return false
            }
        }
        guard parts.count == 3 else { return false }
        if parts[2].length == 4 { parts.reverse() }
        let isYear = parts[0].length == 4 && (1900...2100).contains(parts[0].value)
        let small = [parts[1].value, parts[2].value]
        return isYear && small.allSatisfy { (1...31).contains($0) } && small.contains { $0 <= 12 } && parts[1].length <= 2 && parts[2].length <= 2
    }

    private static func digits(_ text: Text, from start: Int) -> Int {
        var index = start
        while index < text.count, text[index].isDigit { index += 1 }
        return index
    }
}
