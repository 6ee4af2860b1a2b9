import Engine
import Events
import Feed

/// Rows that come back in a `.rejected.csv`, by its columns `_run` and `_line`. A mended row is as old as it was when it was rejected, so it never
/// beats a newer row of the database; and it is the product that it was.
struct MendedRows: Sendable {
    private(set) var origins: [RowRef: RejectedRow] = [:]
    private(set) var stopped: [RowRef: Finding] = [:]

    /// When the rows of this file were first written, at the earliest. Nil: it is no file of mended rows.
    static func time(of scan: FileScan, source: any ByteSource, options: FeedOptions, rejections: (String) throws -> [RejectedRow]) throws -> Timestamp? {
        var mended = MendedRows()
        try mended.read(scan, source: source, file: 0, options: options, rejections: rejections)
        return mended.origins.values.map(\.fileTime).min()
    }

    mutating func read(
        _ scan: FileScan, source: any ByteSource, file: Int, options: FeedOptions, rejections: (String) throws -> [RejectedRow]
    ) throws {
        guard let runColumn = scan.header.names.firstIndex(of: RejectedFile.runColumn),
            let lineColumn = scan.header.names.firstIndex(of: RejectedFile.lineColumn)
        else { return }
        var known: [String: [Int: [RejectedRow]]] = [:]
        var reader = RowReader(scan: scan, source: source, options: options)
        for row in 0..<scan.rows.count {
            let detail = try reader.detail(row)
            let fields = RecordFields(detail.record, delimiter: scan.header.delimiter)
            guard let run = fields.text(runColumn), let line = fields.text(lineColumn).flatMap({ Int($0) }) else { continue }
            if known[run] == nil { known[run] = Dictionary(grouping: try rejections(run), by: \.row) }
            guard let candidates = known[run]?[line] else { continue }
            judge(detail, RowRef(file: file, row: row), candidates, in: scan.name)
        }
    }

    /// Several files of one run can have rejected the same line number; the id tells which it is.
    private mutating func judge(_ detail: RowDetail, _ place: RowRef, _ candidates: [RejectedRow], in file: String) {
        let match = candidates.first { $0.subject == detail.productID } ?? candidates.first { $0.subject.isEmpty }
        origins[place] = match ?? candidates[0]
        guard match == nil, !detail.isRejected else { return }
        let was = candidates.map { "'\($0.subject)'" }.joined(separator: " or ")
        stopped[place] = Finding(
            rule: .i12, severity: .error, file: file, row: detail.line, column: Column.id.rawValue, productID: detail.productID,
            value: detail.productID, hint: "On line \(candidates[0].row) stood \(was). \(RuleID.i12.hint)")
    }
}
