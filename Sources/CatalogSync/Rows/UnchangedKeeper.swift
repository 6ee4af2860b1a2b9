import Engine
import Events

/// Where the unchanged rows stand, by file: `rows/unchanged.ndjson.gz`. One line for some thousand rows.
struct UnchangedKeeper {
    private let lines: LinesWriter<UnchangedRows>
    private var open: UnchangedRows?

    /// Rows of a line, which the ledger takes in one transaction.
    private static let mostRows = 30_000

    init() throws { lines = try LinesWriter() }

    mutating func append(_ item: BatchItem) {
        // Mended rows of one file are as old as the files they first came in.
        if let rows = open, rows.file != item.file || rows.fileTime != item.fileTime || rows.count == Self.mostRows { close(rows) }
        var rows = open.take() ?? UnchangedRows(file: item.file, fileTime: item.fileTime)
        rows.append(item.id, row: item.row, version: item.version)
        open = rows
    }

    private mutating func close(_ rows: UnchangedRows) {
        lines.append(rows)
        open = nil
    }

    /// Once, at the end.
    mutating func finish() -> [UInt8] {
        if let rows = open { close(rows) }
        return lines.finish()
    }
}
