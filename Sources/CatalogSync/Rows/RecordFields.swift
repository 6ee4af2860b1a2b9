/// The fields of one raw record, quotes and all. For the few records that people mend; the row path has its own scanner.
struct RecordFields {
    let raw: [ArraySlice<UInt8>]

    init(_ record: [UInt8], delimiter: UInt8) {
        var fields: [ArraySlice<UInt8>] = []
        var start = 0
        var isQuoted = false
        for (index, byte) in record.enumerated() {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == delimiter, !isQuoted {
                fields.append(record[start..<index])
                start = index + 1
            }
        }
        fields.append(record[start...])
        raw = fields
    }

    /// Without its quotes; doubled quotes inside do not occur in what is asked for here.
    func text(_ column: Int) -> String? {
        raw.indices.contains(column) ? String(decoding: raw[column].filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self) : nil
    }

    func joined(without columns: Set<Int>, delimiter: UInt8) -> [UInt8] {
        Array(raw.enumerated().filter { !columns.contains($0.offset) }.map(\.element).joined(separator: [delimiter]))
    }
}
