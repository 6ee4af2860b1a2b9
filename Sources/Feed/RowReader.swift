internal import CFeedKernels

/// The second pass: reads single rows of a scanned file again. Quick when asked in row order, since it reads ahead. Belongs to one task.
public struct RowReader {
    private let scan: FileScan
    private var engine: RowEngine
    private var window: RecordWindow

    public init(scan: FileScan, source: any ByteSource, options: FeedOptions) {
        self.scan = scan
        engine = RowEngine(plan: RowPlan(options: options, header: scan.header, fileName: scan.name))
        engine.keepsAll = true
        window = RecordWindow(source: source, delimiter: scan.header.delimiter)
    }

    /// Everything about a row, with all its findings. Throws what the source throws, and `RowReadError` if the row is not what it was.
    public mutating func detail(_ row: Int) throws -> RowDetail {
        let entry = scan.rows[row]
        let (record, outcome) = try judge(entry)
        let findings = engine.findings
        return RowDetail(
            line: Int(entry.line), productID: engine.id.string, findings: findings, isRejected: outcome.isRejected,
            record: Array(record.prefix(Int(entry.byteCount)).buffer), version: version(record))
    }

    /// Appends the row's item, Meta's `data` object. Throws what the source throws, and `RowReadError` for a rejected or changed row.
    public mutating func encode(_ row: Int, into out: inout [UInt8]) throws -> EncodedItem {
        let entry = scan.rows[row]
        let (record, outcome) = try judge(entry)
        guard !outcome.isRejected else {
            throw RowReadError(culprit: "\(scan.name), line \(entry.line)", remedy: "a rejected row has no item; encode winners only")
        }
        let item = UnsafeBufferPointer(start: engine.jsonStart, count: outcome.encodedByteCount)
        out.append(contentsOf: item)
        return EncodedItem(
            id: engine.id.string, contentFingerprint: outcome.contentFingerprint, byteCount: item.count, version: version(record))
    }

    private mutating func judge(_ entry: RowEntry) throws -> (Text, RowEngine.Outcome) {
        let (record, split) = try window.record(entry, fields: engine.fields, capacity: engine.workspace.fieldCapacity)
        _ = engine.takeTally()
        let outcome = engine.judge(record.base, split: split, line: Int(entry.line))
        guard split.content == entry.byteCount, outcome.contentFingerprint == entry.contentFingerprint else {
            throw RowReadError(
                culprit: "\(scan.name), line \(entry.line)", remedy: "the file has changed since it was scanned, or other options are in force; run again")
        }
        return (record, outcome)
    }

    private mutating func version(_ record: Text) -> String? {
        let place = engine.plan.versionPosition
        guard place >= 0, place < engine.plan.fieldCount else { return nil }
        return engine.raw(place).trimmed.string
    }
}

/// A window on a file that moves on in blocks.
struct RecordWindow {
    private static let blockBytes = 256 << 10
    private let source: any ByteSource
    private let delimiter: UInt8
    private let buffer = BlockBuffer()
    private var start = 0
    private var text: Text?

    init(source: any ByteSource, delimiter: UInt8) {
        self.source = source
        self.delimiter = delimiter
    }

    /// The record with its line end, split again.
    mutating func record(_ entry: RowEntry, fields: UnsafeMutablePointer<vf_field>, capacity: Int) throws -> (Text, vf_record) {
        let offset = Int(entry.offset)
        let length = min(Int(entry.byteCount) + 2, source.byteCount - offset)
        if let text, offset >= start, offset + length <= start + text.count { return split(text, offset, length, fields, capacity) }
        let text = try buffer.read(source, at: offset, count: max(length, Self.blockBytes))
        self.text = text
        start = offset
        return split(text, offset, min(length, text.count), fields, capacity)
    }

    private func split(_ text: Text, _ offset: Int, _ length: Int, _ fields: UnsafeMutablePointer<vf_field>, _ capacity: Int) -> (Text, vf_record) {
        let record = Text(text.base + (offset - start), length)
        return (record, vf_split(record.base, length, delimiter, fields, UInt32(capacity)))
    }
}
