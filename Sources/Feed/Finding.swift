/// One thing a rule found.
public struct Finding: Sendable, Equatable {
    public let rule: RuleID
    public let severity: Severity
    public let file: String
    /// Physical line of the record's first character, 1-based; the header is line 1. 0 for a finding about the whole file.
    public let row: Int
    public let column: String
    public let productID: String
    /// At most 120 characters, control characters shown escaped.
    public let value: String
    /// How to mend it.
    public let hint: String

    public init(
        rule: RuleID, severity: Severity, file: String, row: Int, column: String, productID: String, value: String, hint: String
    ) {
        self.rule = rule
        self.severity = severity
        self.file = file
        self.row = row
        self.column = column
        self.productID = productID
        self.value = value
        self.hint = hint
    }

    /// Longest value shown, in characters.
    static let valueLimit = 120
    /// Bytes that hold so many characters, unless they are piled up of many marks.
    static let valueBytes = valueLimit * 8

    /// The value as it may be shown in a log or a terminal: cut, with control characters escaped. Invalid UTF-8 shows as U+FFFD.
    static func shown(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        shown(String(decoding: bytes.prefix(valueBytes), as: UTF8.self))
    }

    static func shown(_ text: String) -> String {
        var out = ""
        var count = 0
        for character in text {
            guard count < valueLimit else { break }
            count += 1
            for scalar in character.unicodeScalars {
                switch scalar {
                case "\n": out += "\\n"
                case "\r": out += "\\r"
                case "\t": out += "\\t"
                default:
                    if isHidden(scalar) {
                        out += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
                    } else {
                        out.unicodeScalars.append(scalar)
                    }
                }
            }
        }
        return out
    }

    /// Controls, and the marks that can turn the reading direction of what follows them.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        return value < 0x20 || (0x7F...0x9F).contains(value) || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
            || value == 0xFEFF
    }
}
