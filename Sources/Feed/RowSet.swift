/// A set of rows, a bit for each row there is.
struct RowSet: Sendable {
    private var words: [[UInt64]]

    init(_ rows: [RowRef], scans: [FileScan]) {
        words = scans.map { Array(repeating: 0, count: rows.isEmpty ? 0 : ($0.rows.count + 63) / 64) }
        for row in rows { words[row.file][row.row >> 6] |= 1 << UInt64(row.row & 63) }
    }

    func contains(_ row: RowRef) -> Bool {
        let bits = words[row.file]
        return !bits.isEmpty && bits[row.row >> 6] >> UInt64(row.row & 63) & 1 == 1
    }
}
