internal import CFeedKernels

/// The second pass: reads single rows of a scanned file again. Quick when asked in row order, since it reads ahead. Belongs to one task.
public struct RowReader {
    private let scan: FileScan
    private let judge: RowJudge
    private var window: RecordWindow

    public init(scan: FileScan, source: any ByteSource, options: FeedOptions) {
        self.scan = scan
        judge = RowJudge(plan: RowPlan(options: options, header: scan.header, fileName: scan.name))
        window = RecordWindow(source: source, delimiter: scan.header.delimiter)
    }

    /// Everything about a row, with all its findings. Throws what the source throws, and `RowReadError` if the row is not what it was.
    public mutating func detail(_ row: Int) throws -> RowDetail {
        let entry = scan.rows[row]
        let (record, outcome) = try judged(entry)
        let findings = judge.engine.findings
        return RowDetail(
            line: Int(entry.line), productID: judge.engine.id.string, findings: findings, isRejected: outcome.isRejected,
            record: Array(record.prefix(Int(entry.byteCount)).buffer), version: version(record))
    }

    /// Appends the row's item, Meta's `data` object. Throws what the source throws, and `RowReadError` for a rejected or changed row.
    public mutating func encode(_ row: Int, into out: inout [UInt8]) throws -> EncodedItem {
        let entry = scan.rows[row]
        let (record, outcome) = try judged(entry)
        guard !outcome.isRejected else {
            throw RowReadError(culprit: "\(scan.name), line \(entry.line)", remedy: "a rejected row has no item; encode winners only")
        }
        let item = UnsafeBufferPointer(start: judge.engine.jsonStart, count: outcome.encodedByteCount)
        out.append(contentsOf: item)
        let traits = judge.engine.traits(of: item)
        return EncodedItem(
            id: judge.engine.id.string, contentFingerprint: outcome.contentFingerprint, byteCount: item.count, version: version(record),
            traits: traits)
    }

    /// The row as rules that look across rows see it.
    mutating func compared(_ row: Int, by key: CrossKey) throws -> ComparedRow {
        let entry = scan.rows[row]
        _ = try judged(entry)
        let place = judge.engine.plan.keys.place(.traits)
        return ComparedRow(
            line: Int(entry.line), productID: judge.engine.id.string, text: judge.engine.comparedText(key),
            traits: place.map { judge.engine.keys[$0] } ?? 0)
    }

    private mutating func judged(_ entry: RowEntry) throws -> (Text, RowEngine.Outcome) {
        let (record, split) = try window.record(entry, fields: judge.engine.fields, capacity: judge.engine.workspace.fieldCapacity)
        _ = judge.engine.takeTally()
        let outcome = judge.engine.judge(record.base, split: split, line: Int(entry.line))
        guard split.content == entry.byteCount, outcome.contentFingerprint == entry.contentFingerprint else {
            throw RowReadError(
                culprit: "\(scan.name), line \(entry.line)", remedy: "the file has changed since it was scanned, or other options are in force; run again")
        }
        return (record, outcome)
    }

    private mutating func version(_ record: Text) -> String? {
        let place = judge.engine.plan.versionPosition
        guard place >= 0, place < judge.engine.plan.fieldCount else { return nil }
        return judge.engine.raw(place).trimmed.string
    }
}

/// An engine with an owner: `RowReader` can be kept in arrays, the engine cannot be copied.
private final class RowJudge {
    var engine: RowEngine

    init(plan: RowPlan) {
        engine = RowEngine(plan: plan)
        engine.keepsAll = true
    }
}

/// A window on a file that moves on in blocks while the rows asked for are neighbours, and reads no more than the record where they are not:
/// duplicates are verified at places all over the file.
struct RecordWindow {
    private static let blockBytes = 256 << 10
    /// How far behind the window its neighbours lie.
    private static let nearBytes = 4 << 10
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
        let end = start + (text?.count ?? 0)
        let isNear = offset >= start && offset - end < Self.nearBytes
        let text = try buffer.read(source, at: offset, count: isNear ? max(length, Self.blockBytes) : length)
        self.text = text
        start = offset
        return split(text, offset, min(length, text.count), fields, capacity)
    }

    private func split(_ text: Text, _ offset: Int, _ length: Int, _ fields: UnsafeMutablePointer<vf_field>, _ capacity: Int) -> (Text, vf_record) {
        let record = Text(text.base + (offset - start), length)
        return (record, vf_split(record.base, length, delimiter, fields, UInt32(capacity)))
    }
}
