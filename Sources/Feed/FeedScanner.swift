/// The first pass over a file: shape, findings, fingerprints. Nothing is kept of a row but a `RowEntry`.
public struct FeedScanner: Sendable {
    public let options: FeedOptions

    public init(options: FeedOptions = FeedOptions()) { self.options = options }

    /// Reads the whole source twice, in blocks, with so many tasks.
    ///
    /// A file that is no good is no error: it comes back with a `refusal`. Thrown is what the source throws, and cancellation.
    public func scan(_ source: any ByteSource, name: String, workers: Int) async throws -> FileScan {
        let start = try HeaderReader(options: options, name: name, source: source)
        guard start.header.dataOffset > 0, start.refusal?.rule != .f10 else { return refused(start.refusal, start, rowCount: 0, source, name) }
        let map = try await RecordMap.make(source, header: start.header, options: options, workers: workers)
        var refusal = start.refusal
        if refusal == nil, let nul = map.nul {
            refusal = FileRefusal(.f02, line: nul.line, value: "\u{0}", message: "byte \(nul.offset) is NUL: this is no text", remedy: RuleID.f02.hint)
        }
        let judges = refusal == nil
        let (options, header) = (options, start.header)
        let parts = try await Crew.run(
            map.ranges.count, workers: workers,
            tools: { RangeScanner(source: source, header: header, map: map, options: options, name: name, judges: judges) },
            work: { scanner, number in try scanner.scan(map.ranges[number]) })
        return join(parts, start, map, refusal, source, name)
    }

    private func join(
        _ parts: [RangeScan], _ start: HeaderReader, _ map: RecordMap, _ refusal: FileRefusal?, _ source: any ByteSource, _ name: String
    ) -> FileScan {
        var refusal = refusal
        var rows = RowTable(layout: CrossKeyLayout(options: options, header: start.header))
        var tally = start.tally
        var rowCount = 0
        var rejectedCount = 0
        for part in parts {
            rowCount += part.rowCount
            rejectedCount += part.rejectedCount
            refusal = refusal ?? part.refusal
            if part.isBroken { break }
            guard refusal == nil else { continue }
            rows.append(part.rows, rejectedCount: part.rejectedCount, keys: part.keys)
            tally.merge(part.tally)
        }
        if let refusal { return refused(refusal, start, rowCount: rowCount, source, name) }
        if map.loneCRs > 0 { note(.f14, count: map.loneCRs, in: &tally, name, "\(map.loneCRs) lone CR") }
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
