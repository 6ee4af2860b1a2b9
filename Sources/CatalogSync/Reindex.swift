import Engine
import Events
import ObjectStore

extension CatalogSync {
    /// Rebuilds the ledger from the run folders: their journals, receipts and reports. Runs still open are left to the next run.
    /// Returns how many runs were read.
    /// - Throws: 75 while a run is at work: what it writes meanwhile would be lost.
    public func reindex() async throws -> Int {
        let leases = try await takeLeases(for: "reindex")
        do {
            let count = try await readRunFolders()
            for lease in leases { await lease.release() }
            return count
        } catch {
            for lease in leases { await lease.release() }
            throw error
        }
    }

    func readRunFolders() async throws -> Int {
        let folders = try await runFolders(below: configuration.pipeline + "/")
        try ledger.forget(pipeline: configuration.pipeline)
        let count = try await read(folders)
        try ledger.markWhole(pipeline: configuration.pipeline)
        return count
    }

    /// The folders of runs that have a report.
    func runFolders(below prefix: String) async throws -> Set<String> {
        Set(try await synced.list(prefix: prefix).map(\.key).filter { $0.hasSuffix("/report.json") }.map { String($0.dropLast("/report.json".count)) })
    }

    /// In the order in which they began.
    func read(_ folders: Set<String>) async throws -> Int {
        var runs: [(started: Timestamp, runID: String)] = []
        for folder in folders {
            let log = try await RunLog<SyncRecord>.open(synced, folder: folder + "/journal/")
            guard let opening = await log.record.opening else { continue }
            runs.append((opening.startedAt, opening.runID))
        }
        var count = 0
        for run in runs.sorted(by: { ($0.started, $0.runID) < ($1.started, $1.runID) }) {
            if try await reindex(RunFolder(pipeline: configuration.pipeline, runID: run.runID, startedAt: run.started)) { count += 1 }
        }
        return count
    }

    /// Receipts handed on at once.
    private static let chunk = 5000
    /// Bytes, packed.
    private static let receiptsLimit = 1 << 30

    /// Where the unchanged rows of a run stand. They are kept as long as its batches: what is older, a later run has said again or nobody asks for.
    func unchanged(_ folder: RunFolder, _ record: SyncRecord) async throws -> [UnchangedRows] {
        let key = folder.key + RowKeeper.unchanged
        guard record.transform != nil, try await synced.exists(key) else { return [] }
        return try LinesReader.read(try await synced.get(key, limit: Self.receiptsLimit))
    }

    private func reindex(_ folder: RunFolder) async throws -> Bool {
        let log = try await RunLog<SyncRecord>.open(synced, folder: folder.journal)
        let record = await log.record
        guard let opening = record.opening, let end = record.end, try await synced.exists(folder.report) else { return false }
        let report = try await synced.get(folder.report, limit: Self.receiptsLimit)
        let facts = RunFacts(
            runID: opening.runID, pipeline: opening.pipeline, state: end.state, startedAt: opening.startedAt, endedAt: end.at,
            settings: opening.settings, report: String(decoding: report, as: UTF8.self))
        try ledger.begin(facts, files: record.fileFacts, parcels: record.parcelFacts)
        let packed = try await synced.get(folder.receipts, limit: Self.receiptsLimit)
        let unchanged = record.transform?.hold != nil ? [] : try await unchanged(folder, record)
        var pen = LedgerPen(ledger, run: facts, knowsSubjects: record.transform?.hold == nil)
        var isSent = false
        // In the order of a close: the rows of a product that was stopped, where it stands unchanged, what was sent.
        func beginSent() throws {
            isSent = true
            try pen.flush()
            for rows in unchanged { try ledger.move(rows, of: facts) }
        }
        try LinesReader.forEachChunk(packed, of: Self.chunk, as: Receipt.self) { receipts in
            let first = isSent ? 0 : receipts.firstIndex { $0.parcel != nil || $0.end == .pending } ?? receipts.count
            try pen.write(receipts[..<first].map(\.withCause))
            guard first < receipts.count else { return }
            if !isSent { try beginSent() }
            try pen.write(receipts[first...].map(\.withCause))
        }
        if !isSent { try beginSent() }
        try pen.flush()
        if record.hasSent {
            for (kind, words) in record.transform?.seen ?? [:] { try ledger.remember(words, as: kind, pipeline: opening.pipeline) }
        }
        try ledger.finish(facts)
        return true
    }
}

extension Ledger {
    /// - Throws: 75 while the ledger does not know all that was sent: everything unchanged would be sent once more, and older rows over newer ones.
    func checkWhole(pipeline: String) throws {
        guard try !isWhole(pipeline: pipeline) else { return }
        throw RunStop(
            .tryAgainLater, reason: "reindex_unfinished", culprit: path, detail: "its last reindex did not come to its end",
            remedy: "Run 'vitrine reindex' once more.")
    }
}
