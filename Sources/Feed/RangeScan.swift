internal import CFeedKernels

/// What one worker found in one range of a file.
struct RangeScan: Sendable {
    var rows: [RowEntry] = []
    /// `stride` of each row, those of a rejected row 0.
    var keys: [UInt64] = []
    var rowCount = 0
    var rejectedCount = 0
    var tally = FindingTally()
    var refusal: FileRefusal?
    /// Nothing behind the refusal can be read as rows.
    var isBroken = false
}

/// Splits, judges and counts the records of a range. One a task.
struct RangeScanner: ~Copyable {
    private let source: any ByteSource
    private let header: Header
    private let map: RecordMap
    private let options: FeedOptions
    private let buffer = BlockBuffer()
    /// Nil to count rows only: the file is refused already.
    private var engine: RowEngine?
    private let fields: UnsafeMutablePointer<vf_field>?
    private let capacity: Int
    private let layout: CrossKeyLayout
    private let keys: UnsafeMutablePointer<UInt64>?
    /// A record of no more bytes breaks no limit, whatever its fields.
    private let shortRecord: Int

    init(source: any ByteSource, header: Header, map: RecordMap, options: FeedOptions, name: String, judges: Bool) {
        self.source = source
        self.header = header
        self.map = map
        self.options = options
        shortRecord = min(options.maxFieldBytes, options.maxRecordBytes)
        guard judges else {
            engine = nil
            fields = nil
            capacity = 0
            layout = .none
            keys = nil
            return
        }
        let engine = RowEngine(plan: RowPlan(options: options, header: header, fileName: name))
        fields = engine.fields
        capacity = engine.workspace.fieldCapacity
        layout = engine.plan.keys
        keys = engine.keys
        self.engine = consume engine
    }

    mutating func scan(_ range: RecordMap.Range) throws -> RangeScan {
        // A range this long holds a record beyond the limit; its start is enough to say so.
        let limit = 2 * options.blockBytes + options.maxRecordBytes + 2
        let isCut = range.end - range.start > limit
        let text = try buffer.read(source, at: range.start, count: min(range.end - range.start, limit))
        var result = RangeScan()
        let judges = engine != nil
        let encoding = map.hasNonASCII ? judgeEncoding(text, range, isCut: isCut) : nil
        result.refusal = encoding?.refusal
        var at = 0
        var line = range.line
        if judges {
            let rows = estimatedRows(text)
            result.rows.reserveCapacity(rows)
            result.keys.reserveCapacity(rows * layout.stride)
        }
        while at < text.count {
            let start = text.base + at
            let split = vf_split(start, text.count - at, header.delimiter, fields, UInt32(capacity))
            if split.content == 0, split.status == UInt32(VF_OK) {  // a blank line
                at += Int(split.consumed)
                line += Int(split.newlines)
                continue
            }
            result.rowCount += 1
            if let refusal = judgeShape(split, start, line: line, isCut: isCut && at + Int(split.consumed) >= text.count) {
                // What comes first in the file is told, however it is cut into ranges; within a record, its shape.
                if encoding.map({ at <= $0.offset }) ?? true { result.refusal = refusal }
                result.isBroken = true
                break
            }
            if judges {
                let outcome = engine!.judge(start, split: split, line: line)
                Self.keep(outcome, split, offset: range.start + at, line: line, in: &result)
                if layout.stride > 0, let keys { keepKeys(keys, isRejected: outcome.isRejected, in: &result) }
            }
            at += Int(split.consumed)
            line += Int(split.newlines)
        }
        if judges { result.tally = engine!.takeTally() }
        return result
    }

    @inline(__always)
    private static func keep(_ outcome: RowEngine.Outcome, _ split: vf_record, offset: Int, line: Int, in result: inout RangeScan) {
        if outcome.isRejected { result.rejectedCount += 1 }
        result.rows.append(
            RowEntry(
                offset: UInt64(offset), idFingerprint: outcome.idFingerprint, contentFingerprint: outcome.contentFingerprint,
                version: outcome.version, byteCount: split.content, line: UInt32(truncatingIfNeeded: line),
                encodedByteCount: UInt32(outcome.encodedByteCount), isRejected: outcome.isRejected))
    }

    @inline(__always)
    private func keepKeys(_ keys: UnsafeMutablePointer<UInt64>, isRejected: Bool, in result: inout RangeScan) {
        if isRejected {
            result.keys.append(contentsOf: repeatElement(0, count: layout.stride))
        } else {
            result.keys.append(contentsOf: UnsafeBufferPointer(start: keys, count: layout.stride))
        }
    }

    /// From the first records of the range, with a little on top: growing an array would copy it.
    private func estimatedRows(_ text: Text) -> Int {
        var lines = 0
        let sample = text.prefix(16 << 10)
        for byte in sample.buffer where byte == 0x0A { lines += 1 }
        return lines * text.count / max(1, sample.count) * 9 / 8 + 1
    }

    /// The first byte that is not UTF-8, counted from the start of the range, and what is to be said of it.
    private func judgeEncoding(_ text: Text, _ range: RecordMap.Range, isCut: Bool) -> (offset: Int, refusal: FileRefusal)? {
        let valid = vf_utf8_prefix(text.base, text.count)
        if valid == text.count || isCut && text.count - valid < 4 { return nil }
        var line = range.line
        for byte in text.prefix(valid).buffer where byte == 0x0A { line += 1 }
        let wrong = text.dropFirst(valid).prefix(4).buffer.prefix { $0 != 0x0A }  // no further than its line, wherever the range ends
        let hex = wrong.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
        if range.start + text.count == source.byteCount, Self.isCutSequence(text.dropFirst(valid)) {
            let refusal = FileRefusal(.f02, line: line, value: hex, message: "the file ends in the middle of a character: it is cut off", remedy: RuleID.f11.hint)
            return (valid, refusal)
        }
        let message = "byte \(range.start + valid) is not UTF-8; the file may be Windows-1256 or Windows-1252"
        return (valid, FileRefusal(.f02, line: line, value: hex, message: message, remedy: RuleID.f02.hint))
    }

    /// A lead byte and fewer bytes behind it than it asks for.
    private static func isCutSequence(_ rest: Text) -> Bool {
        guard let lead = rest.buffer.first, (0xC2...0xF4).contains(lead) else { return false }
        let wanted = lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4)
        return rest.count < wanted && rest.dropFirst(1).buffer.allSatisfy { $0 & 0xC0 == 0x80 }
    }

    @inline(__always)
    private func judgeShape(_ split: vf_record, _ start: UnsafePointer<UInt8>, line: Int, isCut: Bool) -> FileRefusal? {
        if split.status == UInt32(VF_OK), Int(split.content) <= shortRecord, !isCut { return nil }
        return judgeShapeSlowly(split, start, line: line, isCut: isCut)
    }

    @inline(never)
    private func judgeShapeSlowly(_ split: vf_record, _ start: UnsafePointer<UInt8>, line: Int, isCut: Bool) -> FileRefusal? {
        let isLong = isCut || Int(split.status == UInt32(VF_OK) ? UInt64(split.content) : split.consumed) > options.maxRecordBytes
        // Of a record beyond the limit only so much is looked at, however much of it this range happens to hold.
        let length = isLong ? options.maxRecordBytes + 1 : Int(split.consumed)
        let broken = isLong ? vf_split(start, length, header.delimiter, nil, 0) : split
        let quoteLine = line + Int(broken.opened)
        let quoted = Text(start, length).dropFirst(Int(broken.at)).prefix(Finding.valueBytes).string
        if broken.status == UInt32(VF_UNCLOSED), !isLong || map.endsInQuotes {
            return FileRefusal(
                .f08, line: quoteLine, value: quoted, message: "the quote opened on line \(quoteLine) is never closed", remedy: RuleID.f08.hint)
        }
        if !isLong, broken.status == UInt32(VF_TEXT_AFTER_QUOTE) {
            return FileRefusal(
                .f08, line: quoteLine, value: quoted, message: "the quote opened on line \(quoteLine) is closed in the middle of a field",
                remedy: RuleID.f08.hint)
        }
        if isLong {
            return FileRefusal(
                .f10, line: line, message: "the record is longer than \(options.maxRecordBytes) bytes", remedy: RuleID.f10.hint)
        }
        let all = UnsafeMutablePointer<vf_field>.allocate(capacity: Int(split.fields))
        defer { all.deallocate() }
        _ = vf_split(start, Int(split.consumed), header.delimiter, all, split.fields)
        for index in 0..<Int(split.fields) where Int(all[index].length) > options.maxFieldBytes {
            return FileRefusal(
                .f10, line: line, value: Text(start + Int(all[index].start), Int(all[index].length)).prefix(Finding.valueBytes).string,
                message: "field \(index + 1) has \(all[index].length) bytes, the limit is \(options.maxFieldBytes)", remedy: RuleID.f10.hint)
        }
        return nil
    }
}
