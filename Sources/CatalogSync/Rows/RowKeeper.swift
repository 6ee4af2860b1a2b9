import Engine
import Events
import Feed
import ObjectStore

/// Keeps what became of the rows that are not sent: `rows/….ndjson.gz` for receipts and ledger, and the drafts of the files to be mended.
struct RowKeeper {
    let run: SyncRun
    let index: FeedIndex

    static let stopped = "/rows/stopped.ndjson.gz"
    static let settled = "/rows/settled.ndjson.gz"
    static let unchanged = "/rows/unchanged.ndjson.gz"
    /// Bytes of one of them, packed.
    static let limit = 1 << 30

    /// Under the file's own name: the names in the landing zone are chosen when they are published.
    static func rejectedDraft(_ file: String) -> String { "/rejected/" + file }

    /// Rejected rows and rows superseded within the run.
    func keepStopped(at time: Timestamp) async throws {
        let lines = try LinesWriter<Receipt>()
        for file in index.scans.indices where index.refusal(of: file) == nil {
            try await keepRejected(of: file, at: time, into: lines)
        }
        try keepSuperseded(at: time, into: lines)
        try await run.synced.put(run.folder.key + Self.stopped, lines.finish(), .always)
    }

    private func keepRejected(of file: Int, at time: Timestamp, into lines: LinesWriter<Receipt>) async throws {
        let scan = index.scans[file]
        var draft = RejectedFile(header: scan.header)
        let count = try forEachRejected(in: file) { row, detail, stopping in
            let origin = index.mended.origins[RowRef(file: file, row: row)]
            draft.append(detail, line: origin?.row ?? detail.line, runID: origin?.runID ?? run.opening.runID, stoppedBy: stopping)
            lines.append(receipt(detail, stopping, file: file, at: time))
        }
        if count > 0 { try await run.synced.put(run.folder.key + Self.rejectedDraft(scan.name), draft.bytes, .always) }
    }

    /// A line of the log for each rejected row. Reads them once more, so that nothing is said before it is in the journal.
    func tellRejected() throws {
        for file in index.scans.indices where index.refusal(of: file) == nil {
            try forEachRejected(in: file) { _, _, stopping in if let first = stopping.first { report(first) } }
        }
    }

    /// - Returns: how many there are.
    @discardableResult
    private func forEachRejected(in file: Int, _ body: (_ row: Int, RowDetail, _ stopping: [Finding]) throws -> Void) throws -> Int {
        let scan = index.scans[file]
        let conflicting = index.stopped(in: file)
        guard scan.rejectedCount > 0 || !conflicting.isEmpty else { return 0 }
        var reader = RowReader(scan: scan, source: index.feeds[file].source, options: run.configuration.feed)
        var rejected: [Int] = []
        scan.rows.forEach { row, entry in if entry.isRejected || conflicting[row] != nil { rejected.append(row) } }
        for row in rejected {
            let detail = try reader.detail(row)
            try body(row, detail, stopping(detail, conflicting[row], in: scan.name))
        }
        return rejected.count
    }

    private func stopping(_ detail: RowDetail, _ conflict: Finding??, in file: String) -> [Finding] {
        guard let conflict else { return detail.findings.filter { $0.severity == .error } }
        return [conflict ?? self.conflict(detail, in: file)]
    }

    /// I07 looks at more than the row, so the row's own findings do not have it.
    private func conflict(_ detail: RowDetail, in file: String) -> Finding {
        Finding(
            rule: .i07, severity: .error, file: file, row: detail.line, column: Column.id.rawValue, productID: detail.productID,
            value: detail.productID, hint: RuleID.i07.hint)
    }

    private func report(_ finding: Finding) {
        run.reporter.report(
            SyncEvent.rowRejected(
                file: finding.file, row: finding.row, productID: finding.productID, rule: finding.rule.rawValue, column: finding.column,
                value: finding.value, hint: finding.hint))
    }

    private func receipt(_ detail: RowDetail, _ stopping: [Finding], file: Int, at time: Timestamp) -> Receipt {
        Receipt(
            subject: detail.productID, end: .rejected, file: index.scans[file].name, row: detail.line, fileTime: fileTime(file),
            messages: stopping.map { $0.column.isEmpty ? $0.hint : "\($0.column) '\($0.value)': \($0.hint)" },
            rules: stopping.map(\.rule.rawValue), cause: stopping.first?.rule.rawValue, at: time)
    }

    private func keepSuperseded(at time: Timestamp, into lines: LinesWriter<Receipt>) throws {
        var file = -1
        var reader: RowReader?
        for pair in index.resolution.superseded {
            if pair.row.file != file {
                file = pair.row.file
                reader = RowReader(scan: index.scans[file], source: index.feeds[file].source, options: run.configuration.feed)
            }
            guard let detail = try reader?.detail(pair.row.row) else { continue }
            let newer = index.scans[pair.by.file]
            let newerLine = Int(newer.rows[pair.by.row].line)
            // For people who ask where a row went; nothing is counted by it, so a stage that is done again may say it again.
            run.reporter.report(
                SyncEvent.rowSuperseded(
                    file: index.scans[file].name, row: detail.line, productID: detail.productID, newerFile: newer.name, newerRow: newerLine))
            lines.append(
                Receipt(
                    subject: detail.productID, end: .superseded, file: index.scans[file].name, row: detail.line, fileTime: fileTime(file),
                    version: detail.version, newer: "\(newer.name):\(newerLine)", at: time))
        }
    }

    func fileTime(_ file: Int) -> Timestamp { index.times[file] }
}

extension SyncRun {
    /// Of the rows that `validate` has kept as stopped.
    func newestRejected(of ids: Set<String>) async throws -> [String: RowOrder] {
        let key = folder.key + RowKeeper.stopped
        guard try await synced.exists(key) else { return [:] }
        return RowOrder.newestRejected(of: ids, in: try LinesReader.read(try await synced.get(key, limit: RowKeeper.limit)))
    }
}
