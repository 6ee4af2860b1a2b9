import Engine
import Feed

/// Rows that come back in a `.rejected.csv`: where each of them stood, and those that came back with another id.
struct MendedRows: Sendable {
    /// The line in the original file, from `_line`.
    private(set) var lines: [RowRef: Int] = [:]
    private(set) var stopped: [RowRef: Finding] = [:]

    static let lineColumn = "_line"

    /// - Parameter subjects: what stood on each line when it was rejected.
    mutating func read(_ scan: FileScan, source: any ByteSource, file: Int, options: FeedOptions, subjects: [Int: String]) throws {
        guard let column = scan.header.names.firstIndex(where: { $0.lowercased() == Self.lineColumn }) else { return }
        var reader = RowReader(scan: scan, source: source, options: options)
        var valid: [Int] = []
        scan.rows.forEach { row, entry in if !entry.isRejected { valid.append(row) } }
        for row in valid {
            let detail = try reader.detail(row)
            guard let line = RecordFields.field(column, of: detail.record, delimiter: scan.header.delimiter).flatMap({ Int($0) }) else { continue }
            let place = RowRef(file: file, row: row)
            lines[place] = line
            guard let was = subjects[line], !was.isEmpty, was != detail.productID else { continue }
            stopped[place] = Finding(
                rule: .i12, severity: .error, file: scan.name, row: detail.line, column: Column.id.rawValue, productID: detail.productID,
                value: detail.productID, hint: "On line \(line) stood '\(was)'. \(RuleID.i12.hint)")
        }
    }
}

/// One field of a record, for the rare ones that are no column of ours.
enum RecordFields {
    static func field(_ wanted: Int, of record: [UInt8], delimiter: UInt8) -> String? {
        var index = 0
        var isQuoted = false
        var field: [UInt8] = []
        for byte in record {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == delimiter, !isQuoted {
                if index == wanted { break }
                index += 1
            } else if index == wanted {
                field.append(byte)
            }
        }
        return index == wanted ? String(decoding: field, as: UTF8.self) : nil
    }
}
