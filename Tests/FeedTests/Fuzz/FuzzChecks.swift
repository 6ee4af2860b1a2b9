import CFeedKernels

@testable import Feed

/// Everything that must hold for any file and any options. Each check says what is wrong, or nothing.
struct FuzzChecks {
    let feed: NastyFeed
    /// Chooses block sizes and ranges.
    let seed: UInt64

    /// What does not hold; empty if all is well.
    func complaints() async throws -> [String] {
        let whole = try await scan(feed.bytes, options: feed.options, workers: 1)
        var found = try await blocks(whole)
        found += twin(whole)
        found += kernels()
        guard whole.refusal == nil else { return found + refusal(whole) }
        found += try readBack(whole)
        found += try await resolution(whole)
        return found
    }

    /// Block boundaries and the number of workers change nothing.
    private func blocks(_ whole: FileScan) async throws -> [String] {
        var found: [String] = []
        for (block, workers) in [(7, 1), (64, 4), (1 + Int(seed % 300), 4), (2 << 20, 4)] {
            var options = feed.options
            options.blockBytes = block
            let other = try await scan(feed.bytes, options: options, workers: workers)
            let place = "block \(block), \(workers) workers"
            if other.refusal != whole.refusal { found.append("\(place): refusal \(describe(other.refusal)) is not \(describe(whole.refusal))") }
            if other.rowCount != whole.rowCount || other.rejectedCount != whole.rejectedCount {
                found.append("\(place): \(other.rowCount) rows, \(other.rejectedCount) rejected; not \(whole.rowCount), \(whole.rejectedCount)")
            }
            if other.tally != whole.tally { found.append("\(place): tally\n\(describe(other.tally))\nis not\n\(describe(whole.tally))") }
            if entries(other) != entries(whole) { found.append("\(place): rows differ") }
        }
        return found
    }

    private func refusal(_ whole: FileScan) -> [String] {
        guard let refusal = whole.refusal else { return [] }
        var found: [String] = []
        if refusal.message.isEmpty || refusal.remedy.isEmpty { found.append("\(refusal.rule.rawValue) without message or remedy") }
        if whole.rejectedCount != whole.rowCount || !whole.rows.isEmpty { found.append("a refused file has rows that are not rejected") }
        return found
    }

    /// Rows, lines, offsets and broken quotes are those of the obvious parser.
    private func twin(_ whole: FileScan) -> [String] {
        guard whole.header.dataOffset > 0 else { return [] }
        let data = Array(feed.bytes[whole.header.dataOffset...])
        let (records, ending) = TwinParser.parse(data, delimiter: whole.header.delimiter)
        // Behind a record beyond a limit no rows are counted; a file may be refused for a byte before it.
        if whole.refusal?.rule == .f10 { return [] }
        if whole.refusal != nil, feed.options.maxFieldBytes < 65_536 || feed.options.maxRecordBytes < 1 << 20 { return [] }
        var found: [String] = []
        if records.count != whole.rowCount { found.append("\(whole.rowCount) rows, the twin has \(records.count)") }
        if whole.refusal == nil, ending == .broken { found.append("broken quotes went unseen") }
        if whole.refusal?.rule == .f08, ending == .whole { found.append("\(describe(whole.refusal)), but the quotes are whole") }
        guard whole.refusal == nil, records.count == whole.rows.count else { return found }
        let firstLine = whole.header.dataLine - 1
        for (row, record) in records.enumerated() {
            let entry = whole.rows[row]
            if Int(entry.line) != firstLine + record.line || Int(entry.offset) != whole.header.dataOffset + record.offset {
                found.append("row \(row) is at line \(entry.line), byte \(entry.offset); the twin has \(firstLine + record.line), \(whole.header.dataOffset + record.offset)")
            }
        }
        return found
    }

    /// The second pass says what the first one said, and items hold what the file holds.
    private func readBack(_ whole: FileScan) throws -> [String] {
        let (records, _) = TwinParser.parse(Array(feed.bytes[whole.header.dataOffset...]), delimiter: whole.header.delimiter)
        guard records.count == whole.rows.count else { return [] }
        var found: [String] = []
        var told = FindingTally()
        var reader = RowReader(scan: whole, source: MemoryByteSource(feed.bytes), options: feed.options)
        for (row, record) in records.enumerated() {
            let entry = whole.rows[row]
            do {
                let detail = try reader.detail(row)
                for finding in detail.findings { told.add(finding) }
                if detail.isRejected != entry.isRejected { found.append("row \(row): the passes disagree on rejection") }
                guard !entry.isRejected else { continue }
                var json: [UInt8] = []
                let item = try reader.encode(row, into: &json)
                if item.contentFingerprint != entry.contentFingerprint || json.count != Int(entry.encodedByteCount) { found.append("row \(row): another item") }
                found += ItemCheck(whole.header, feed.options, record.fields).complaints(json).map { "row \(row): \($0)" }
            } catch let error as RowReadError {
                found.append("row \(row): \(error)")
            }
        }
        var counted = FindingTally()
        for entry in whole.tally.entries where entry.rule.kind == .row && ![.f05, .f06, .f14].contains(entry.rule) {
            counted.add(rule: entry.rule, severity: entry.severity, count: entry.count, examples: entry.examples)
        }
        if counted != told { found.append("counted\n\(describe(counted))\nbut told row by row\n\(describe(told))") }
        return found
    }

    /// The winners are those that a dictionary finds.
    private func resolution(_ whole: FileScan) async throws -> [String] {
        let (records, _) = TwinParser.parse(Array(feed.bytes[whole.header.dataOffset...]), delimiter: whole.header.delimiter)
        guard records.count == whole.rows.count, let place = whole.header.positions[.id] else { return [] }
        var ahead: [[UInt8]: Int] = [:]
        whole.rows.forEach { row, entry in
            guard !entry.isRejected else { return }
            let id = records[row].fields[place]
            if let rival = ahead[id], whole.rows.version(of: rival) > whole.rows.version(of: row) { return }
            ahead[id] = row
        }
        guard feed.options.severity(of: .i07) < .error else { return [] }
        let winners = try await resolve([whole], sources: [MemoryByteSource(feed.bytes)], options: feed.options).winners.map(\.row)
        return winners == ahead.values.sorted() ? [] : ["winners \(winners), by dictionary \(ahead.values.sorted())"]
    }

    /// Quick and plain kernels agree on ranges of these bytes, with whatever lies behind them.
    private func kernels() -> [String] {
        var random = SeededGenerator(seed: seed)
        var found: [String] = []
        let padded = feed.bytes + (0..<Int(VF_PADDING)).map { _ in UInt8.random(in: 0...255, using: &random) }
        padded.withUnsafeBufferPointer { all in
            for _ in 0..<8 {
                let start = Int.random(in: 0...feed.bytes.count, using: &random)
                let count = Int.random(in: 0...min(700, feed.bytes.count - start), using: &random)
                let bytes = all.baseAddress! + start
                let (a, b) = (vf_classify(bytes, count), vf_classify_plain(bytes, count))
                if a.mask != b.mask || a.scalars != b.scalars || a.upper != b.upper || a.lower != b.lower { found.append("classify differs at \(start), \(count) bytes") }
                if vf_utf8_prefix(bytes, count) != vf_utf8_prefix_plain(bytes, count) { found.append("utf8 differs at \(start), \(count) bytes") }
                let (s, t) = (vf_split(bytes, count, feed.options.delimiter, nil, 0), vf_split_plain(bytes, count, feed.options.delimiter, nil, 0))
                if s.consumed != t.consumed || s.fields != t.fields || s.status != t.status || s.content != t.content || s.newlines != t.newlines {
                    found.append("split differs at \(start), \(count) bytes")
                }
                let (u, v) = (vf_survey_block(bytes, count, 10, feed.options.delimiter), vf_survey_block_plain(bytes, count, 10, feed.options.delimiter))
                if u.quotes != v.quotes || u.newlines != v.newlines || u.first_end != v.first_end || u.stray != v.stray || u.nul_at != v.nul_at || u.lone_cr != v.lone_cr {
                    found.append("survey differs at \(start), \(count) bytes")
                }
            }
        }
        return found
    }

    private func entries(_ scan: FileScan) -> [RowEntry] {
        var all: [RowEntry] = []
        scan.rows.forEach { all.append($1) }
        return all
    }

    private func describe(_ refusal: FileRefusal?) -> String { refusal.map { "\($0.rule.rawValue) line \($0.line) (\($0.message))" } ?? "none" }

    private func describe(_ tally: FindingTally) -> String {
        tally.entries.map { "\($0.rule.rawValue) \($0.severity.rawValue) \($0.count): \($0.examples.map { "\($0.row)/\($0.column)/\($0.value)" })" }.joined(separator: "\n")
    }
}
