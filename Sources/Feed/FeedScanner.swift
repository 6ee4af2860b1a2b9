/// The first pass over a file: shape, findings, fingerprints. Nothing is kept of a row but a `RowEntry`.
public struct FeedScanner: Sendable {
    public let options: FeedOptions

    public init(options: FeedOptions = FeedOptions()) { self.options = options }

    /// Reads the source once, in blocks, with so many tasks.
    ///
    /// A file that is no good is no error: it comes back with a `refusal`. Thrown is what the source throws, and cancellation.
    public func scan(_ source: any ByteSource, name: String, workers: Int) async throws -> FileScan {
        let start = try HeaderReader(options: options, name: name, source: source)
        guard start.header.dataOffset > 0, start.refusal?.rule != .f10 else { return refused(start.refusal, start, rowCount: 0, source, name) }
        let chain = RecordChain(header: start.header, blockBytes: max(1, options.blockBytes))
        var parts = try await scanBlocks(source, start, chain, name, workers)
        var file = chain.summary
        if !file.isTrusted {
            let end = parts.last { $0.end != nil }?.end ?? RecordChain.Place(offset: start.header.dataOffset, line: start.header.dataLine)
            let (rest, endsInQuotes) = try await scanRest(source, from: end, start, name, workers)
            parts += rest
            file.endsInQuotes = endsInQuotes
        }
        var refusal = start.refusal
        if refusal == nil, let nul = file.nul { refusal = try refuseNUL(nul.offset, in: nul.block, source) }
        return join(parts, start, file, refusal, source, name)
    }

    private func scanBlocks(
        _ source: any ByteSource, _ start: HeaderReader, _ chain: RecordChain, _ name: String, _ workers: Int
    ) async throws -> [RangeScan] {
        let total = max(0, source.byteCount - start.header.dataOffset)
        let size = max(1, options.blockBytes)
        let (options, header, judges) = (options, start.header, start.refusal == nil)
        return try await Crew.run(
            (total + size - 1) / size, workers: workers,
            tools: { RangeScanner(source: source, header: header, options: options, name: name, judges: judges) },
            work: { scanner, number in
                do {
                    return try await scanner.scan(block: number, chain)
                } catch {
                    chain.fail(error)
                    throw error
                }
            })
    }

    /// What lies behind the last record whose place is certain, where quotes cannot be counted. Also tells whether the file ends inside quotes.
    private func scanRest(
        _ source: any ByteSource, from first: RecordChain.Place, _ start: HeaderReader, _ name: String, _ workers: Int
    ) async throws -> ([RangeScan], Bool) {
        let follower = RecordFollower(source: source, delimiter: start.header.delimiter, blockBytes: max(1, options.blockBytes))
        var places = [first]
        let endsInQuotes = try follower.follow(from: first) { places.append($0) }
        let (options, header, judges, starts) = (options, start.header, start.refusal == nil, places)
        let parts = try await Crew.run(
            starts.count, workers: workers,
            tools: { RangeScanner(source: source, header: header, options: options, name: name, judges: judges) },
            work: { scanner, number in
                try scanner.scan(from: starts[number], to: number + 1 < starts.count ? starts[number + 1].offset : source.byteCount)
            })
        return (parts, endsInQuotes)
    }

    private func refuseNUL(_ offset: Int, in block: RecordChain.Place, _ source: any ByteSource) throws -> FileRefusal {
        let buffer = BlockBuffer()
        let line = try withExtendedLifetime(buffer) {
            let before = try buffer.read(source, at: block.offset, count: offset - block.offset)
            return before.buffer.reduce(block.line) { $0 + ($1 == 0x0A ? 1 : 0) }
        }
        return FileRefusal(.f02, line: line, value: "\u{0}", message: "byte \(offset) is NUL: this is no text", remedy: RuleID.f02.hint)
    }

    private func join(
        _ parts: [RangeScan], _ start: HeaderReader, _ file: RecordChain.Summary, _ refusal: FileRefusal?, _ source: any ByteSource, _ name: String
    ) -> FileScan {
        var refusal = refusal
        var rows = RowTable(layout: CrossKeyLayout(options: options, header: start.header))
        var tally = start.tally
        var rowCount = 0
        var rejectedCount = 0
        for part in parts {
            rowCount += part.rowCount
            rejectedCount += part.rejectedCount
            refusal = refusal ?? (file.endsInQuotes ? part.refusalIfUnclosed : nil) ?? part.refusal
            if part.isBroken { break }
            guard refusal == nil else { continue }
            rows.append(part)
            tally.merge(part.tally)
        }
        if let refusal { return refused(refusal, start, rowCount: rowCount, source, name) }
        if file.loneCRs > 0 { note(.f14, count: file.loneCRs, in: &tally, name, "\(file.loneCRs) lone CR") }
        if rowCount == 0 { note(.f01, count: 1, in: &tally, name, "a header and no rows") }
        return FileScan(
            name: name, refusal: nil, header: start.header, rowCount: rowCount, rejectedCount: rejectedCount, rows: rows, tally: tally,
            byteCount: source.byteCount)
    }

    private func refused(_ refusal: FileRefusal?, _ start: HeaderReader, rowCount: Int, _ source: any ByteSource, _ name: String) -> FileScan {
        var tally = start.tally
        if let refusal {
            tally.add(
                Finding(
                    rule: refusal.rule, severity: .file, file: name, row: refusal.line, column: "", productID: "", value: refusal.value,
                    hint: refusal.remedy))
        }
        return FileScan(
            name: name, refusal: refusal, header: start.header, rowCount: rowCount, rejectedCount: rowCount, rows: RowTable(), tally: tally,
            byteCount: source.byteCount)
    }

    /// A finding about the whole file that refuses nothing.
    private func note(_ rule: RuleID, count: Int, in tally: inout FindingTally, _ name: String, _ value: String) {
        let severity = min(options.severity(of: rule), .info)
        let example = Finding(rule: rule, severity: severity, file: name, row: 0, column: "", productID: "", value: value, hint: rule.hint)
        tally.add(rule: rule, severity: severity, count: count, examples: [example])
    }
}
