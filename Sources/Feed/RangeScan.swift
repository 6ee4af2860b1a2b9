internal import CFeedKernels

/// What one worker found in one range of a file.
struct RangeScan: Sendable {
    var rows: [RowEntry] = []
    /// Of each row, if the file has a version column.
    var versions: [UInt64] = []
    /// `stride` of each row, those of a rejected row 0.
    var keys: [UInt64] = []
    var rowCount = 0
    var rejectedCount = 0
    var tally = FindingTally()
    var refusal: FileRefusal?
    /// Instead of `refusal`, if the file turns out to end inside quotes.
    var refusalIfUnclosed: FileRefusal?
    /// Nothing behind the refusal can be read as rows.
    var isBroken = false
    /// Behind the last record that was read; at the record that cannot be read. Nil: no record was looked for.
    var end: RecordChain.Place?
}

/// Splits, judges and counts the records that start in a range of the file. One a task.
struct RangeScanner: ~Copyable {
    private let source: any ByteSource
    private let header: Header
    private let options: FeedOptions
    private var window: FileWindow
    /// Nil to count rows only: the file is refused already.
    private var engine: RowEngine?
    private let fields: UnsafeMutablePointer<vf_field>?
    private let capacity: Int
    private let layout: CrossKeyLayout
    private let keys: UnsafeMutablePointer<UInt64>?
    private let hasVersions: Bool
    /// A record of no more bytes breaks no limit, whatever its fields.
    private let shortRecord: Int
    /// What is read beyond a block, for the record that goes on there.
    private static let overlapBytes = 16 << 10

    init(source: any ByteSource, header: Header, options: FeedOptions, name: String, judges: Bool) {
        self.source = source
        self.header = header
        self.options = options
        window = FileWindow(source: source)
        hasVersions = header.versionPosition != nil
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

    /// The records that start in a block, those that start at its first byte excepted: they belong to the block before, which sees that its last
    /// record has ended.
    mutating func scan(block number: Int, _ chain: RecordChain) async throws -> RangeScan {
        let start = header.dataOffset + number * options.blockBytes
        let count = min(options.blockBytes, source.byteCount - start)
        try window.read(at: start - 1, count: count + 1 + Self.overlapBytes)
        let length = min(count, window.text.count - 1)
        let previous = number == 0 ? UInt8(ascii: "\n") : window.text[0]
        let survey = vf_survey_block(window.text.base + 1, length, previous, header.delimiter)
        guard let place = try await chain.enter(number, survey) else { return RangeScan() }
        return try scan(from: place, through: start + count)
    }

    /// The records that start at `first` or behind it, and before `end`.
    mutating func scan(from first: RecordChain.Place, to end: Int) throws -> RangeScan {
        try window.read(at: first.offset, count: min(end - first.offset, 2 * options.blockBytes + options.maxRecordBytes + 2))
        return try scan(from: first, through: end - 1)
    }

    /// The window holds the first of them.
    private mutating func scan(from first: RecordChain.Place, through last: Int) throws -> RangeScan {
        var result = RangeScan()
        var check = EncodingCheck(from: first, fileBytes: source.byteCount)
        if engine != nil {
            let rows = estimatedRows(window.text, bytes: last - first.offset)
            result.rows.reserveCapacity(rows)
            if hasVersions { result.versions.reserveCapacity(rows) }
            result.keys.reserveCapacity(rows * layout.stride)
        }
        var (offset, line) = (first.offset, first.line)
        let last = min(last, source.byteCount - 1)
        while offset <= last {
            let text = window.text.dropFirst(offset - window.start)
            let split = vf_split(text.base, text.count, header.delimiter, fields, UInt32(capacity))
            let isCut = Int(split.consumed) == text.count && !window.isAtEnd
            if isCut, text.count <= options.maxRecordBytes + 1 {
                check.advance(window, to: offset, line: line)
                try window.read(at: offset, count: max(2 * text.count, Self.overlapBytes))
                continue
            }
            if split.content == 0, split.status == UInt32(VF_OK) {  // a blank line
                offset += Int(split.consumed)
                line += Int(split.newlines)
                continue
            }
            result.rowCount += 1
            if let refusal = judgeShape(split, text.base, line: line, isCut: isCut, endsInQuotes: false) {
                result.refusal = refusal
                result.refusalIfUnclosed = judgeShape(split, text.base, line: line, isCut: isCut, endsInQuotes: true)
                result.isBroken = true
                break
            }
            if engine != nil {
                let outcome = engine!.judge(text.base, split: split, line: line)
                Self.keep(outcome, split, offset: offset, line: line, in: &result)
                if hasVersions { result.versions.append(outcome.version) }
                if layout.stride > 0, let keys { keepKeys(keys, isRejected: outcome.isRejected, in: &result) }
            }
            offset += Int(split.consumed)
            line += Int(split.newlines)
        }
        check.advance(window, to: offset, line: line)
        // What comes first in the file is told, however it is cut into ranges.
        if let refusal = check.refusal { (result.refusal, result.refusalIfUnclosed) = (refusal, nil) }
        result.end = RecordChain.Place(offset: offset, line: line)
        if engine != nil { result.tally = engine!.takeTally() }
        return result
    }

    @inline(__always)
    private static func keep(_ outcome: RowEngine.Outcome, _ split: vf_record, offset: Int, line: Int, in result: inout RangeScan) {
        if outcome.isRejected { result.rejectedCount += 1 }
        result.rows.append(
            RowEntry(
                offset: offset, byteCount: split.content, line: line, encodedByteCount: outcome.encodedByteCount, isRejected: outcome.isRejected,
                idFingerprint: outcome.idFingerprint, contentFingerprint: outcome.contentFingerprint))
    }

    @inline(__always)
    private func keepKeys(_ keys: UnsafeMutablePointer<UInt64>, isRejected: Bool, in result: inout RangeScan) {
        if isRejected {
            result.keys.append(contentsOf: repeatElement(0, count: layout.stride))
        } else {
            result.keys.append(contentsOf: UnsafeBufferPointer(start: keys, count: layout.stride))
        }
    }

    /// From the first bytes at hand, with a little on top: growing an array would copy it.
    private func estimatedRows(_ text: Text, bytes: Int) -> Int {
        var lines = 0
        let sample = text.prefix(16 << 10)
        for byte in sample.buffer where byte == 0x0A { lines += 1 }
        return lines * bytes / max(1, sample.count) * 9 / 8 + 1
    }

    @inline(__always)
    private func judgeShape(_ split: vf_record, _ start: UnsafePointer<UInt8>, line: Int, isCut: Bool, endsInQuotes: Bool) -> FileRefusal? {
        if split.status == UInt32(VF_OK), Int(split.content) <= shortRecord, !isCut { return nil }
        return judgeShapeSlowly(split, start, line: line, isCut: isCut, endsInQuotes: endsInQuotes)
    }

    @inline(never)
    private func judgeShapeSlowly(
        _ split: vf_record, _ start: UnsafePointer<UInt8>, line: Int, isCut: Bool, endsInQuotes: Bool
    ) -> FileRefusal? {
        let isLong = isCut || Int(split.status == UInt32(VF_OK) ? UInt64(split.content) : split.consumed) > options.maxRecordBytes
        // Of a record beyond the limit only so much is looked at, however much of it this range happens to hold.
        let length = isLong ? options.maxRecordBytes + 1 : Int(split.consumed)
        let broken = isLong ? vf_split(start, length, header.delimiter, nil, 0) : split
        let quoteLine = line + Int(broken.opened)
        let quoted = Text(start, length).dropFirst(Int(broken.at)).prefix(Finding.valueBytes).string
        if broken.status == UInt32(VF_UNCLOSED), !isLong || endsInQuotes {
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
