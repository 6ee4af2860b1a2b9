public import Engine
import Events
import FoundationEssentials
import ObjectStore

extension SyncRun {
    /// Ends the run: books, receipts, ledger, report, and the mark of an open run goes. Doing it again, after a crash or for a late
    /// verdict, replaces what was there.
    func close(state given: RunState?, stop: RunStop?) async throws -> SyncReport {
        try await log.confirmLeases()
        let record = await log.record
        let state = given ?? record.endState
        let now = world.now()
        let isAmendment = record.end?.state.isEnd == true
        let ended = isAmendment ? record.end?.at ?? now : now
        let facts = stop?.facts ?? record.validation?.stop ?? record.transform?.hold?.stop
        // First of all: nobody is to hear of a held run that cannot be released.
        if state == .held, !isAmendment { try await putHold(record, at: ended) }
        // Of the same run, at its end or at the last verdict that came late.
        let told = try isAmendment ? sync.ledger.run(opening.runID).flatMap { try? SyncReport(json: Array($0.report.utf8)) }?.items.unknown ?? 0 : 0
        let report = try await ClosingPass(run: self, record: record, state: state, endedAt: ended, stop: facts, isAmendment: isAmendment).write()
        let unresolved = try sync.ledger.itemsWithoutVerdict(pipeline: opening.pipeline)
        let products = try sync.ledger.subjectCounts(pipeline: opening.pipeline)
        try await useUpRelease(state, record)
        try await log.append(.closed(state, at: ended, stop: facts))
        // Behind the journal: who is told to stop in between must not count one end as two.
        announce(report, record.books, stop: stop, isAmendment: isAmendment, unknownTold: told)
        reporter.report(SyncEvent.productsCounted(products, unresolved: unresolved))
        await keepLog()
        if state.isEnd || record.files == nil { await takeAwayMark() }
        return report
    }

    /// The run has its end: what cannot be tidied up now the next run does, since the mark is still there.
    private func takeAwayMark() async {
        guard await !log.record.hasOpenItems else { return }
        do {
            try await log.pack()
            try await synced.delete(folder.openMark)
        } catch {
            reporter.report(SyncEvent.runMarkLeft(reason: "\(error)"))
        }
    }

    /// Not over what a person has said of it already, where an earlier close came no further than this.
    private func putHold(_ record: SyncRecord, at time: Timestamp) async throws {
        guard let facts = record.transform?.hold else { return }
        let shelf = HoldShelf(store: synced, pipeline: opening.pipeline)
        guard try await !synced.exists(folder.decision), try await shelf.current()?.runID != opening.runID else { return }
        try await shelf.put(
            Hold(
                runID: opening.runID, pipeline: opening.pipeline, startedAt: opening.startedAt, since: time, why: facts.stop.detail,
                guards: facts.guards))
    }

    /// A run that went past the guards, or that found nothing any more, has used up the word that let it. One that failed before has not.
    private func useUpRelease(_ state: RunState, _ record: SyncRecord) async throws {
        guard let released = record.released, record.transform.map({ $0.hold == nil }) ?? (state == .nothingToDo) else { return }
        let shelf = HoldShelf(store: synced, pipeline: opening.pipeline)
        if try await shelf.current() == released { try await shelf.remove() }
    }

    /// Bytes, packed. A run's log is bounded by who collects it; several of one resumed run stay below this.
    private static let logLimit = 256 << 20

    /// The run's own log. Gzip members one behind the other are again gzip, so a resumed run goes on where it stopped.
    /// A copy of what other sinks have too: that it cannot be kept must not keep a run from its end.
    private func keepLog() async {
        let lost = sync.runLogs?.lost(runID: opening.runID) ?? 0
        if lost > 0 { reporter.report(SyncEvent.runLogCut(lines: lost)) }
        guard let lines = sync.runLogs?.take(runID: opening.runID), !lines.isEmpty else { return }
        do {
            let before = try await synced.exists(folder.log) ? try await synced.get(folder.log, limit: Self.logLimit) : []
            try await synced.put(folder.log, before + lines, .always)
        } catch {
            reporter.report(SyncEvent.runLogLost(reason: "\(error)"))
        }
    }

    /// Even where the stores are gone there is a report; the open mark stays, so that the next run finds this one.
    func closeFailed(_ stop: RunStop) async -> SyncReport {
        do {
            return try await close(state: .failed, stop: stop)
        } catch {
            let record = await log.record
            var report = ReportBuilder().report(record, opening: opening, state: .failed, at: world.now(), stop: stop.facts)
            report.alerts = await sync.witness?.closing(report, isAmendment: false) ?? []
            announce(report, record.books, stop: stop, isAmendment: false, unknownTold: 0)
            return report
        }
    }

    private func announce(_ report: SyncReport, _ books: Books, stop: RunStop?, isAmendment: Bool, unknownTold told: Int) {
        if let stop { reporter.report(EngineEvent.runStopped(stop)) }
        for sum in books.imbalances { reporter.report(EngineEvent.booksUnbalanced(sum)) }
        if report.state.isEnd, books.items.unknown != told { reporter.report(SyncEvent.itemsUnknown(items: books.items.unknown, told: told)) }
        if isAmendment { return reporter.report(EngineEvent.runAmended(state: report.state, books: books)) }
        reporter.report(
            EngineEvent.runEnded(state: report.state, books: books, seconds: report.durationSeconds, endedAt: report.endedAt ?? world.now()))
    }
}

extension SyncRecord {
    /// How a run that went through all its stages stands. Rows stopped by our checks are in the report; what makes a run `done_with_errors`
    /// is a refused file, a file that could not be archived, an item that Meta refused or said nothing of, and books that do not balance.
    var endState: RunState {
        if validation?.stop != nil { return .validationFailed }
        if transform?.hold != nil { return .held }
        guard books.rows.read > 0 || validation?.files.contains(where: { $0.refusal != nil }) == true else {
            return .nothingToDo
        }
        let refusedFile = validation?.files.contains { $0.refusal != nil } == true
        let lostFile = archived.values.contains(.lost)
        let isClean = !refusedFile && !lostFile && books.balanced && books.rows.pending == 0
        return isClean && books.items.refused == 0 && books.items.unknown == 0 ? .done : .doneWithErrors
    }
}

/// One pass over the items of a run: their receipts, what the ledger is to know, and the refusals for the report.
private struct ClosingPass {
    let run: SyncRun
    let record: SyncRecord
    let state: RunState
    let endedAt: Timestamp
    let stop: StopFacts?
    let isAmendment: Bool

    func write() async throws -> SyncReport {
        let ledger = run.sync.ledger
        let before = try ledger.run(run.opening.runID).flatMap { try? SyncReport(json: Array($0.report.utf8)) }
        // Not ended before it has its report: a crash in between must not leave an end that nobody can show.
        var facts = RunFacts(
            runID: run.opening.runID, pipeline: run.opening.pipeline, state: .running, startedAt: run.opening.startedAt, endedAt: endedAt,
            settings: run.opening.settings, report: "")
        try ledger.begin(facts, files: record.fileFacts, parcels: record.parcelFacts)
        let lines = try SpooledLines<Receipt>(in: run.sync.spool)
        // What a held run found of rows says nothing of the products: its files may be discarded.
        var pen = LedgerPen(ledger, run: facts, knowsSubjects: record.transform?.hold == nil)
        for part in [RowKeeper.stopped, RowKeeper.settled] {
            guard let packed = try await kept(part) else { continue }
            try LinesReader.forEachChunk(packed, of: Self.chunk, as: Receipt.self) { receipts in
                for receipt in receipts { try lines.append(receipt) }
                try pen.write(receipts)
            }
        }
        try pen.flush()
        var builder = ReportBuilder()
        if record.transform?.hold == nil { for rows in try await run.sync.unchanged(run.folder, record) { try ledger.move(rows, of: facts) } }
        for number in 0..<(record.transform?.hold?.batches ?? 0) {
            let receipts = try await run.shelf.items(number + 1).map { $0.receipt(.held, at: endedAt) }
            for receipt in receipts { try lines.append(receipt) }
            try pen.write(receipts)
        }
        let handles = Dictionary(record.parcels.map { ($0.parcel.name, $0.handle) }, uniquingKeysWith: { first, _ in first })
        for number in record.batches.indices {
            let items = try await run.shelf.items(number + 1)
            let receipts = try await receipts(of: record.batches[number], number + 1, items, handles, &builder)
            for receipt in receipts { try lines.append(receipt) }
            try pen.write(receipts)
        }
        try pen.flush()
        if record.hasSent {
            for (kind, words) in record.transform?.seen ?? [:] { try ledger.remember(words, as: kind, pipeline: run.opening.pipeline) }
        }
        try await run.synced.put(run.folder.receipts, file: lines.finish())
        var report = builder.report(record, opening: run.opening, state: state, at: endedAt, stop: stop)
        if !report.balanced, report.error == nil { report.error = .unbalanced(report.books) }
        report.settled = run.sync.settled.reports(by: run.opening.runID)
        if report.error == nil, let earlier = report.settled.first(where: { !$0.books.balanced }) {
            report.error = .unbalanced(earlier.books, of: "run \(earlier.runID)")
        }
        report.alerts = before?.alerts ?? []
        report.alerts += (await run.sync.witness?.closing(report, isAmendment: isAmendment) ?? []).filter { !report.alerts.contains($0) }
        let encoded = try report.json()
        try await run.synced.put(run.folder.report, encoded, .always)
        try await run.synced.put(run.folder.reportPage, report.html(for: run.configuration.presentation), .always)
        facts.state = state
        facts.report = String(decoding: encoded, as: UTF8.self)
        try ledger.finish(facts)
        return report
    }

    /// Receipts at once.
    private static let chunk = 5_000

    /// Packed; nil where the run did not come so far.
    private func kept(_ part: String) async throws -> [UInt8]? {
        let key = run.folder.key + part
        guard record.validation != nil, part != RowKeeper.settled || record.transform != nil, try await run.synced.exists(key) else { return nil }
        return try await run.synced.get(key, limit: RowKeeper.limit)
    }

    private func receipts(
        of batch: BatchRecord, _ number: Int, _ items: [BatchItem], _ handles: [String: String?], _ builder: inout ReportBuilder
    ) async throws -> [Receipt] {
        var quotes = RefusalQuotes(feed: run.memo.feedIndex.map { RowQuoter(index: $0, options: run.configuration.feed) })
        // Of rows that this process has not read, what was sent of them.
        if quotes.feed == nil || record.resending != nil, batch.states.contains(.refused) { quotes.requests = try await run.shelf.batch(number).requests }
        return items.enumerated().map { index, item in
            let end = batch.end(of: index)
            let messages = batch.messages[index] ?? []
            let carrier = batch.carrier(of: index)
            let handle = carrier.flatMap { handles[$0] ?? nil }
            if end == .refused {
                builder.refused(item, message: messages.first ?? AnswerReading.noReason, batch: carrier, handle: handle) { quotes.quote(item, blamed: $0) }
            }
            return Receipt(
                subject: item.id, end: end, warned: end == .accepted && batch.warned.contains(index), file: item.file, row: item.row,
                fileTime: item.fileTime, version: item.version, content: item.content, traits: item.traits, parcel: carrier,
                handle: handle, messages: messages, at: endedAt
            ).withCause
        }
    }
}

/// Rows that Meta refused, to be quoted: from their file where this process has read it, else from the batch object.
private struct RefusalQuotes {
    var feed: RowQuoter?
    var requests: [UInt8] = []

    mutating func quote(_ item: BatchItem, blamed: Set<String>) -> QuotedRow? {
        if let row = feed?.quote(file: item.file, line: item.row, productID: item.id, blamed: blamed) { return row }
        guard requests.indices.contains(item.offset, item.length) else { return nil }
        return QuotedRow(request: Array(requests[item.offset..<item.offset + item.length]), blamed: blamed)
    }
}

extension BatchItem {
    func receipt(_ end: Receipt.End, at time: Timestamp) -> Receipt {
        Receipt(subject: id, end: end, file: file, row: row, fileTime: fileTime, version: version, content: content, traits: traits, at: time)
    }
}

extension SyncRecord {
    /// Meta has taken a batch of it.
    var hasSent: Bool { parcels.contains { $0.handle != nil } }

    var fileFacts: [FileFacts] {
        (validation?.files ?? []).map {
            FileFacts(name: $0.name, outcome: archived[$0.name]?.rawValue ?? "in_landing_zone", rows: $0.rows, sha256: $0.sha256)
        }
    }

    var parcelFacts: [ParcelFacts] {
        parcels.map { parcel in
            ParcelFacts(
                name: parcel.parcel.name, handle: parcel.handle, items: parcel.parcel.range.count, outcome: parcel.outcomeWord,
                postedAt: parcel.postedAt, endedAt: parcel.endedAt)
        }
    }
}

extension BatchRecord {
    func end(of index: Int) -> Receipt.End {
        switch states[index] {
        case .pending: .pending
        case .posting, .open: .unknown
        case .accepted: .accepted
        case .refused: .refused
        }
    }
}

extension Ledger {
    /// Items sent by any run of the pipeline whose verdict is still asked for.
    public func itemsWithoutVerdict(pipeline: String) throws -> Int { try unresolvedCount(pipeline: pipeline, outcomes: ParcelRecord.openOutcomes) }
}

extension ParcelRecord {
    /// Of those whose items can still get a verdict: `isUnresolved`, in the ledger's words.
    static let openOutcomes = ["answer_lost", "open", ParcelRecord.Ending.timedOut.rawValue]

    var outcomeWord: String {
        if isDivided { return "divided" }
        return switch phase {
        case .ready: "not_sent"
        case .posting: "answer_lost"
        case .refusedWhole: "refused"
        case .handled: "open"
        case .ended(let ending): ending.rawValue
        }
    }
}

extension SyncReport.Failure {
    static func unbalanced(_ books: Books, of culprit: String = "vitrine") -> SyncReport.Failure {
        SyncReport.Failure(
            code: ExitCode.internalError.name, reason: "books", culprit: culprit, detail: books.imbalances.joined(separator: "; "),
            remedy: "This is a defect: keep the run folder and report it.")
    }
}

extension SyncReport {
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    public init(json: [UInt8]) throws { self = try JSONDecoder().decode(SyncReport.self, from: Data(json)) }
}
