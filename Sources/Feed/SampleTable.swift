/// The first rows of a file, split by the plainest of parsers: for guessing only.
struct SampleTable {
    let names: [String]
    let rows: [[String]]

    /// Rows looked at.
    static let rowLimit = 200

    /// A record that the sample cuts off is left out.
    init(_ head: some Sequence<UInt8>, delimiter: UInt8) {
        var records: [[String]] = []
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var isQuoted = false
        var lastWasQuote = false
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        for byte in head {
            guard records.count <= Self.rowLimit else { break }
            if byte == UInt8(ascii: "\"") {
                if isQuoted {
                    isQuoted = false
                    lastWasQuote = true
                } else if lastWasQuote {
                    field.append(byte)
                    isQuoted = true
                    lastWasQuote = false
                } else if field.isEmpty {
                    isQuoted = true
                } else {
                    field.append(byte)
                }
                continue
            }
            lastWasQuote = false
            if isQuoted || byte != delimiter && byte != 0x0A {
                if isQuoted || byte != 0x0D { field.append(byte) }
                continue
            }
            fields.append(field)
            field = []
            guard byte == 0x0A else { continue }
            if fields != [[]] { records.append(fields.map(text)) }
            fields = []
        }
        if records.isEmpty, !isQuoted { records.append((fields + [field]).map(text)) }
        names = (records.first ?? []).map(Self.trimmed)
        let count = names.count
        rows = records.dropFirst().filter { $0.count == count }.map { $0.map(Self.trimmed) }
    }

    /// The filled values of a column.
    func values(of name: String) -> [String] {
        guard let place = names.firstIndex(of: name) else { return [] }
        return rows.map { $0[place] }.filter { !["", "NULL", "null", "\\N", "nan", "NaN"].contains($0) }
    }

    private static func trimmed(_ text: String) -> String {
        var view = text[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
