import Feed

/// `<file>.rejected.csv`: the rows that were stopped, as they were, with what to mend in front of them. In front, because a row may be
/// ragged. A byte order mark, so that a spreadsheet reads it as UTF-8.
struct RejectedFile {
    static let lineColumn = "_line"
    /// Which run it was: the way back to the row, whatever a mended file is called.
    static let runColumn = "_run"
    static let columns = [lineColumn, "_rules", "_hint", runColumn]

    private(set) var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    private(set) var rows = 0
    private let delimiter: UInt8
    /// Where our columns stand in the file itself: it is a mended one, and its old hints go.
    private let ours: Set<Int>

    init(header: Header) {
        delimiter = header.delimiter
        ours = Set(header.names.indices.filter { Self.columns.contains(header.names[$0]) })
        append(Self.columns + header.names.filter { !Self.columns.contains($0) })
    }

    /// - Parameters:
    ///   - line: of the row in the file that it first came in.
    ///   - runID: the run that first rejected it.
    mutating func append(_ detail: RowDetail, line: Int, runID: String, stoppedBy stopping: [Finding]) {
        var rules: [String] = []
        for finding in stopping where !rules.contains(finding.rule.rawValue) { rules.append(finding.rule.rawValue) }
        let hints = stopping.map { $0.column.isEmpty ? $0.hint : "\($0.column): \($0.hint)" }.joined(separator: " | ")
        append([String(line), rules.joined(separator: " "), hints, runID], ending: false)
        bytes.append(delimiter)
        bytes += ours.isEmpty ? detail.record : RecordFields(detail.record, delimiter: delimiter).joined(without: ours, delimiter: delimiter)
        bytes.append(UInt8(ascii: "\n"))
        rows += 1
    }

    private mutating func append(_ fields: [String], ending: Bool = true) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(delimiter) }
            let mustQuote = field.utf8.contains { $0 == delimiter || $0 == 34 || $0 == 10 || $0 == 13 }
            bytes += mustQuote ? Array(("\"" + field.replacing("\"", with: "\"\"") + "\"").utf8) : Array(field.utf8)
        }
        if ending { bytes.append(UInt8(ascii: "\n")) }
    }
}
