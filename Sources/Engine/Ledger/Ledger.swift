import FoundationEssentials
import GRDB

/// What Vitrine remembers between runs: every run, and the last known state of every subject (for a catalogue: product). SQLite, and
/// rebuildable from the run folders at any time, so losing it costs a `reindex` and nothing else.
public struct Ledger: Sendable {
    private let database: any DatabaseWriter
    public let path: String

    /// Opens or makes `<folder>/ledger.sqlite`.
    public init(folder: String) throws {
        path = folder + "/ledger.sqlite"
        var configuration = Configuration()
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.label = "ledger"
        configuration.prepareDatabase { database in
            // A million subjects in random order: without room for the pages of the indexes each of them is read and written again and again.
            try database.execute(sql: "PRAGMA cache_size = \(-Self.cacheKibibytes); PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
        }
        do {
            database = try DatabasePool(path: path, configuration: configuration)
            if try database.read(LedgerSchema.migrator.hasBeenSuperseded) { throw LedgerError(tooNew: path) }
            try LedgerSchema.migrator.migrate(database)
        } catch let error as LedgerError {
            throw error
        } catch {
            throw LedgerError(path: path, underlying: error)
        }
    }

    /// For questions: writes nothing, not even SQLite's own book-keeping, so a person may ask who may not write. Where a writer is at work (its
    /// `-wal` file is there), or this SQLite takes no URIs, it is opened like any other.
    ///
    /// A writer that begins while the question is read can spoil the answer, never the ledger.
    public init(reading folder: String) throws {
        let path = folder + "/ledger.sqlite"
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "ledger"
        if !FileManager.default.fileExists(atPath: path + "-wal"),
            let reader = try? DatabaseQueue(path: Self.immutable(path), configuration: configuration) {
            self.init(database: reader, path: path)
        } else {
            try self.init(folder: folder)
        }
    }

    private init(database: any DatabaseWriter, path: String) {
        self.database = database
        self.path = path
    }

    private static func immutable(_ path: String) -> String {
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
        return "file:\(escaped)?immutable=1"
    }

    /// How long one process waits while another one writes, in seconds.
    private static let busySeconds: Double = 10
    /// The most memory for pages of one connection.
    private static let cacheKibibytes = 32 << 10
    /// Pages of 4 KiB that wait in the write-ahead log, which so stays below some 64 MiB.
    private static let checkpointPages = 16 << 10

    /// Begins to write down what one run knows at its close; what was there of it is replaced. Then come `append` and `finish`. Doing all
    /// of it again is harmless, so a crash in the middle is too. Until `finish` the run stands as it stood before: as running, or, where late
    /// verdicts amend it, with the report that it had.
    public func begin(_ run: RunFacts, files: [FileFacts], parcels: [ParcelFacts]) throws {
        try writing { database in
            for table in ["file", "parcel", "verdict"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE run_id = ?", arguments: [run.runID])
            }
            try LedgerWriter.register(run, into: database)
            for file in files { try LedgerWriter.insert(file, of: run.runID, into: database) }
            for parcel in parcels { try LedgerWriter.insert(parcel, of: run.runID, into: database) }
        }
    }

    /// One transaction: keep a chunk to some thousand receipts.
    public func append(_ receipts: [Receipt], of run: RunFacts) throws {
        try writing { try LedgerWriter.insert(receipts, of: run, into: $0) }
    }

    /// The end and its report. Once this returns, all of the run survives a loss of power: the caller may take away the mark of the open run.
    /// Transactions before this one are not flushed one by one; flushing the last one flushes them all (SQLite, "PRAGMA synchronous").
    public func finish(_ run: RunFacts) throws {
        do {
            try database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                defer { try? database.execute(sql: "PRAGMA synchronous = NORMAL") }
                try database.inTransaction {
                    try LedgerWriter.insert(run, into: database)
                    return .commit
                }
            }
        } catch {
            throw LedgerError(path: path, underlying: error)
        }
    }

    /// The rows that a run rejected.
    public func rejections(of runID: String) throws -> [RejectedRow] {
        try reading { database in
            try Row.fetchAll(
                database, sql: #"SELECT run_id, file, row, subject_id, file_time FROM verdict WHERE run_id = ? AND "end" = 'rejected'"#,
                arguments: [runID]
            ).map(RejectedRow.init)
        }
    }

    /// The run that took in a file with the same bytes before, the newest one.
    public func runThatTook(sha256: String, pipeline: String, besides runID: String) throws -> String? {
        try reading { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT f.run_id FROM file f JOIN run r ON r.run_id = f.run_id
                    WHERE f.sha256 = ? AND r.pipeline = ? AND f.run_id <> ? AND f.outcome = 'archived' ORDER BY r.started_at DESC LIMIT 1
                    """, arguments: [sha256, pipeline, runID])
        }
    }

    /// Forgets a pipeline, before `reindex` reads it back from its run folders.
    public func forget(pipeline: String) throws {
        try writing { database in
            for table in ["file", "parcel"] {
                try database.execute(
                    sql: "DELETE FROM \(table) WHERE run_id IN (SELECT run_id FROM run WHERE pipeline = ?)", arguments: [pipeline])
            }
            for table in ["verdict", "subject", "run"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE pipeline = ?", arguments: [pipeline])
            }
        }
    }

    /// The last known state of each of these subjects; those never seen are missing.
    public func subjects(_ ids: [String], pipeline: String) throws -> [String: Subject] {
        try reading { database in
            let statement = try database.cachedStatement(sql: SubjectColumns.select)
            var found: [String: Subject] = [:]
            for id in ids {
                if let row = try Row.fetchOne(statement, arguments: [pipeline, id]) { found[id] = Subject(row: row) }
            }
            return found
        }
    }

    public func isEmpty(pipeline: String) throws -> Bool {
        try reading { try Row.fetchOne($0, sql: "SELECT 1 FROM subject WHERE pipeline = ? LIMIT 1", arguments: [pipeline]) == nil }
    }

    /// How many subjects are in each state.
    public func subjectCounts(pipeline: String) throws -> [SubjectState: Int] {
        try reading { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT state, COUNT(*) AS n FROM subject WHERE pipeline = ? GROUP BY state", arguments: [pipeline])
            return Dictionary(uniqueKeysWithValues: rows.compactMap { row in SubjectState(rawValue: row["state"]).map { ($0, row["n"]) } })
        }
    }

    public func run(_ runID: String) throws -> RunFacts? {
        try reading { try Row.fetchOne($0, sql: "SELECT * FROM run WHERE run_id = ?", arguments: [runID]).map(RunFacts.init) }
    }

    /// The newest runs, newest first.
    public func runs(pipeline: String?, limit: Int) throws -> [RunFacts] {
        try reading { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM run WHERE (? IS NULL OR pipeline = ?) ORDER BY started_at DESC, run_id DESC LIMIT ?",
                arguments: [pipeline, pipeline, limit]
            ).map(RunFacts.init)
        }
    }

    /// Everything that ever happened to a subject, newest first.
    public func history(of subject: String, pipeline: String?, limit: Int) throws -> [HistoryEntry] {
        try reading { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT v.*, p.posted_at, p.ended_at FROM verdict v LEFT JOIN parcel p ON p.run_id = v.run_id AND p.name = v.parcel
                    WHERE v.subject_id = ? AND (? IS NULL OR v.pipeline = ?) ORDER BY v.at DESC, v.run_id DESC, v.rowid DESC LIMIT ?
                    """,
                arguments: [subject, pipeline, pipeline, limit]
            ).map(HistoryEntry.init)
        }
    }

    func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
        do { return try database.read(body) } catch { throw LedgerError(path: path, underlying: error) }
    }

    func writing(_ body: (Database) throws -> Void) throws {
        do { try database.write(body) } catch { throw LedgerError(path: path, underlying: error) }
    }
}

/// The ledger could not be read or written.
public struct LedgerError: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let detail: String
    public let remedy: String

    init(path: String, underlying: any Error) {
        self.path = path
        if let error = underlying as? LedgerError {
            detail = error.detail
            remedy = error.remedy
        } else {
            detail = "\(underlying)"
            let isBusy = (underlying as? DatabaseError)?.resultCode == .SQLITE_BUSY
            remedy =
                isBusy
                ? "Another process has been writing to it for long: wait until it has ended, then run again."
                : "Check the disk and the rights; if the file is damaged, move it away and run 'vitrine reindex'."
        }
    }

    init(tooNew path: String) {
        self.path = path
        detail = "a later version of Vitrine has written it"
        remedy = "Use that version, or move the file away and run 'vitrine reindex'."
    }

    public var description: String { "\(path): \(detail). \(remedy)" }
}
