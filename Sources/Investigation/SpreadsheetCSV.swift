/// Rows for a spreadsheet: UTF-8 with a byte order mark, so that it is read as such; CRLF; and no text that a spreadsheet would run.
public struct SpreadsheetCSV: Sendable {
    public private(set) var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

    public init(header: [String]) { append(header) }

    public mutating func append(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(field)
        }
        bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    /// - Parameter most: bytes of the whole sheet.
    /// - Returns: false where the row found no room; the sheet is as it was.
    public mutating func append(_ fields: [String], within most: Int) -> Bool {
        let before = bytes.count
        append(fields)
        guard bytes.count > most else { return true }
        bytes.removeLast(bytes.count - before)
        return false
    }

    private mutating func append(_ field: String) {
        let safe = Self.neutral(field)
        let mustQuote = safe.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 10 || $0 == 13 || $0 == UInt8(ascii: ";") || $0 == 9 }
        bytes += mustQuote ? Array(("\"" + safe.replacing("\"", with: "\"\"") + "\"").utf8) : Array(safe.utf8)
    }

    /// A text that begins like a formula gets an apostrophe in front, which spreadsheets take for "this is text". Source: OWASP, "CSV Injection".
    static func neutral(_ field: String) -> String {
        guard let first = field.unicodeScalars.first(where: { $0 != " " }), Self.dangerous.contains(first) else { return field }
        return "'" + field
    }

    private static let dangerous: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"]
}
