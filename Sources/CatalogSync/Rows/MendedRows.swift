import Engine
import Feed

/// Rows that come back in a `.rejected.csv`: where each of them stood, and those that came back with another id.
struct MendedRows: Sendable {
    /// The line in the original file, from `_line`.
    private(set) var lines: [RowRef: Int] = [:]
    private(set) var stopped: [RowRef: Finding] = [:]

    static let lineColumn = RejectedFile.columns[0]

    /// - Parameter subjects: what stood on each line when it was rejected.
    mutating func read(_ scan: FileScan, source: any ByteSource, file: Int, options: FeedOptions, subjects: [Int: String]) throws {
        guard let column = scan.header.names.firstIndex(of: Self.lineColumn) else { return }
        var reader = RowReader(scan: scan, source: source, options: options)
        for row in 0..<scan.rows.count {
            let detail = try reader.detail(row)
            guard let line = RecordFields(detail.record, delimiter: scan.header.delimiter).text(column).flatMap({ Int($0) }) else { continue }
            let place = RowRef(file: file, row: row)
            lines[place] = line
            guard !detail.isRejected, let was = subjects[line], !was.isEmpty, was != detail.productID else { continue }
            stopped[place] = Finding(
                rule: .i12, severity: .error, file: scan.name, row: detail.line, column: Column.id.rawValue, productID: detail.productID,
                value: detail.productID, hint: "On line \(line) stood '\(was)'. \(RuleID.i12.hint)")
        }
    }
}
