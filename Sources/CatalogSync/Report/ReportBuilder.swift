import Engine
import Events

extension SyncReport.Refusals {
    /// The family of items that Meta refused without saying why: it shows a sample of its errors only.
    public static var unexplained: String { CauseWord.of(AnswerReading.noReason) }
}

/// Makes the report from the record, and from the refused items that the closing pass met.
struct ReportBuilder {
    private var refusals: [String: SyncReport.Refusals] = [:]

    /// - Parameter quote: the row of the item; asked for examples only.
    mutating func refused(_ item: BatchItem, message: String, batch: String? = nil, handle: String? = nil, quote: (Set<String>) -> QuotedRow?) {
        // The word that the ledger groups products by, so that page, list and report speak of the same.
        let family = CauseWord.of(message)
        var group = refusals[family] ?? SyncReport.Refusals(family: family, count: 0, examples: [])
        group.count += 1
        if group.examples.count < SyncReport.Refusals.exampleLimit {
            group.examples.append(
                .init(
                    file: item.file, row: item.row, productID: item.id, message: message, batch: batch, handle: handle,
                    original: quote(BlamedColumns.of(message))))
        }
        refusals[family] = group
    }

    func report(_ record: SyncRecord, opening: RunOpening, state: RunState, at end: Timestamp, stop: StopFacts?) -> SyncReport {
        var report = SyncReport(runID: opening.runID, pipeline: opening.pipeline, state: state, startedAt: opening.startedAt)
        let books = record.books
        report.endedAt = end
        report.durationSeconds = (end - opening.startedAt).seconds
        report.rows = books.rows
        report.items = books.items
        report.balanced = books.balanced
        report.files = Self.files(record)
        report.findings = (record.validation?.findings ?? []) + (record.transform?.findings ?? [])
        report.resentRows = record.validation == nil ? 0 : record.resending?.rows ?? 0
        report.stillRefused = record.transform?.stillRefused ?? 0
        report.refusedFiles = (record.validation?.files ?? []).compactMap { file in
            file.refusal.map { .init(file: file.name, rule: $0.rule, line: $0.line, message: $0.message, remedy: $0.remedy) }
        }
        report.rejectedFiles = Self.rejectedFiles(record, opening.runID)
        report.refusals = refusals.values.sorted { ($1.count, $0.family) < ($0.count, $1.family) }
        report.requests = .init(sent: record.requests.sent, retried: record.requests.retried)
        Self.deliveries(record, into: &report)
        report.error = stop.map { .init($0) }
        return report
    }

    private static func files(_ record: SyncRecord) -> SyncReport.Files {
        var files = SyncReport.Files()
        files.found = record.found
        files.taken = record.files?.count ?? 0
        files.rejected = record.validation?.files.count { $0.refusal != nil } ?? 0
        files.archived = record.archived.values.count { $0 != .refused && $0 != .lost }
        return files
    }

    /// Published with the archive, so only of files that were archived.
    private static func rejectedFiles(_ record: SyncRecord, _ runID: String) -> [SyncReport.RejectedFile] {
        let claimed = Set((record.files ?? []).map(\.name))
        let files = (record.validation?.files ?? []).filter { $0.refusal == nil && $0.rejected > 0 && record.archived[$0.name] != nil }
        return files.prefix(SyncReport.RejectedFile.limit).map { file in
            .init(
                file: file.name, rows: file.rejected,
                place: "\(LandingLayout.rejected)\(runID)/\(LandingLayout.rejectedName(of: file.name, among: claimed))")
        }
    }

    private static func deliveries(_ record: SyncRecord, into report: inout SyncReport) {
        report.batches.prepared = record.batches.count
        var withHandle = Set<Int>()
        var posted = Set<Int>()
        for parcel in record.parcels {
            if parcel.posts > 0 { posted.insert(parcel.parcel.batch) }
            if parcel.handle != nil { withHandle.insert(parcel.parcel.batch) }
            report.handleErrors += parcel.errors
            report.handleWarnings += parcel.warnings
            switch parcel.phase {
            case .ended(.finished): report.handles.finished += 1
            case .ended(.failed): report.handles.failed += 1
            case .ended(.timedOut): report.handles.timedOut += 1
            case .ended(.givenUp): report.handles.failed += parcel.handle == nil ? 0 : 1
            case .ready, .posting, .refusedWhole, .handled: continue
            }
        }
        report.batches.sent = withHandle.count
        report.batches.failed = posted.subtracting(withHandle).count
    }
}
