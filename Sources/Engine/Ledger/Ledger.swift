public import Events
import FoundationEssentials
import GRDB

/// What Vitrine remembers between runs: every run, and the last known state of every subject (for a catalogue: product). SQLite, and
/// rebuildable from the run folders at any time, so losing it costs a `reindex` and nothing else. What it can be asked: `Ledger+Questions.swift`.
public struct Ledger: Sendable {
    private let database: any DatabaseWriter
    public let path: String
    /// What must live as long as it does: the folder it lies in, where that is a passing one.
    private var folder: (any AnyObject & Sendable)?

    public static let fileName = "ledger.sqlite"

    /// Opens or makes `<folder>/ledger.sqlite`.
    public init(folder: String) throws {
        path = folder + "/\(Self.fileName)"
        var configuration = Configuration()
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.label = "ledger"
        configuration.prepareDatabase { database in
            // A million subjects in random order: without room for the pages of the indexes each of them is read and written again and again.
            let kibibytes = database.configuration.readonly ? Self.readingKibibytes : Self.writingKibibytes
            try database.execute(sql: "PRAGMA cache_size = \(-kibibytes); PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
        }
        do {
            let pool = try Self.open(path, configuration)
            database = pool
            if try database.read(LedgerSchema.migrator.hasBeenSuperseded) { throw LedgerError(ofOtherVersion: path) }
            try Self.migrate(pool)
        } catch let error as LedgerError {
            throw error
        } catch {
            throw LedgerError(path: path, underlying: error)
        }
    }

    /// Times that a new file is opened: while another process turns it into one with a write-ahead log, SQLite says busy without waiting.
    private static let mostOpenings = 20

    private static func open(_ path: String, _ configuration: Configuration) throws -> DatabasePool {
        for _ in 1..<mostOpenings {
            do { return try DatabasePool(path: path, configuration: configuration) } catch let error as DatabaseError {
                guard error.resultCode == .SQLITE_BUSY else { throw error }
            }
        }
        return try DatabasePool(path: path, configuration: configuration)
    }

    /// Two processes can both find a new file empty; whoever comes second finds everything made, which is no error.
    private static func migrate(_ database: DatabasePool) throws {
        do { try LedgerSchema.migrator.migrate(database) } catch {
            guard try database.read(LedgerSchema.migrator.hasCompletedMigrations) else { throw error }
        }
    }

    /// For questions: writes nothing, not even SQLite's own book-keeping, so a person may ask who may not write. Where a writer is at work (its
    /// `-wal` file is there), or this SQLite takes no URIs, it is opened like any other.
    ///
    /// A writer that begins while the question is read can spoil the answer, never the ledger.
    /// - Parameter owner: kept as long as the ledger.
    public init(reading folder: String, of owner: (any AnyObject & Sendable)? = nil) throws {
        let path = folder + "/\(Self.fileName)"
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "ledger"
        if !FileManager.default.fileExists(atPath: path + "-wal"),
            let reader = try? DatabaseQueue(path: Self.immutable(path), configuration: configuration) {
            self.init(database: reader, path: path)
            self.folder = owner
            if try reading(LedgerSchema.migrator.hasCompletedMigrations) == false { throw LedgerError(ofOtherVersion: path) }
        } else {
            try self.init(folder: folder)
            self.folder = owner
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
    /// The most memory for pages of the one connection that writes, and of each that reads.
    private static let writingKibibytes = 24 << 10
    private static let readingKibibytes = 8 << 10
    /// Pages of 4 KiB that wait in the write-ahead log, which so stays below some 64 MiB.
    private static let checkpointPages = 16 << 10

    /// Begins to write down what one run knows at its close; what was there of it is replaced. Then come `append`, `move` and `finish`. Doing all
    /// of it again is harmless, so a crash in the middle is too. Until `finish` the run stands as it stood before: as running, or, where late
    /// verdicts amend it, with the report that it had.
    public func begin(_ run: RunFacts, files: [FileFacts], parcels: [ParcelFacts]) throws {
        try writing { database in
            var writer = try LedgerWriter(database, run)
            try writer.clear()
            try writer.register(run)
            for file in files { try writer.insert(file) }
            for parcel in parcels { try writer.insert(parcel) }
        }
    }

    /// One transaction: keep a chunk to some thousand receipts.
    public func append(_ receipts: some Sequence<Receipt>, of run: RunFacts, knowsSubjects: Bool = true) throws {
        try writing { database in
            var writer = try LedgerWriter(database, run)
            try writer.insert(receipts, knowsSubjects: knowsSubjects)
        }
    }

    /// From now on the newest word on these subjects stands in these rows. One transaction.
    public func move(_ rows: UnchangedRows, of run: RunFacts) throws {
        try writing { database in
            var writer = try LedgerWriter(database, run)
            try writer.move(rows)
        }
    }

    /// The end and its report. Once this returns, all of the run survives a loss of power: the caller may take away the mark of the open run.
    /// Transactions before this one are not flushed one by one; flushing the last one flushes them all (SQLite, "PRAGMA synchronous").
    public func finish(_ run: RunFacts) throws {
        do {
            try database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                defer { try? database.execute(sql: "PRAGMA synchronous = NORMAL") }
                try database.inTransaction {
                    try LedgerWriter(database, run).insert(run)
                    return .commit
                }
            }
        } catch {
            throw LedgerError(path: path, underlying: error)
        }
    }

    /// Forgets a pipeline, before `reindex` reads it back from its run folders. Until `markWhole` the ledger says that it does not know all of it.
    public func forget(pipeline: String) throws {
        try writing { database in
            var words = LedgerWords(database)
            let number = try words.number(pipeline)
            try database.execute(sql: "INSERT OR IGNORE INTO unfinished (pipeline_no) VALUES (?)", arguments: [number])
            for run in try Int64.fetchAll(database, sql: "SELECT run_no FROM run WHERE pipeline_no = ?", arguments: [number]) {
                try Self.drop(run: run, from: database)
            }
            for table in ["subject", "seen"] { try database.execute(sql: "DELETE FROM \(table) WHERE pipeline_no = ?", arguments: [number]) }
        }
    }

    /// These words are known in the pipeline from now on.
    public func remember(_ words: [String], as kind: String, pipeline: String) throws {
        guard !words.isEmpty else { return }
        try writing { database in
            var names = LedgerWords(database)
            let number = try names.number(pipeline)
            for word in words {
                try database.execute(sql: "INSERT OR IGNORE INTO seen (pipeline_no, kind, word) VALUES (?, ?, ?)", arguments: [number, kind, word])
            }
        }
    }

    /// All that was forgotten is back.
    public func markWhole(pipeline: String) throws {
        try writing { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return }
            try database.execute(sql: LedgerSchema.unitsSeen("currency"))
            try database.execute(sql: "DELETE FROM unfinished WHERE pipeline_no = ?", arguments: [number])
        }
    }

    /// A reindex of the pipeline has begun and has not come to its end: what the ledger does not know may have been sent all the same.
    public func isWhole(pipeline: String) throws -> Bool {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return true }
            return try Row.fetchOne(database, sql: "SELECT 1 FROM unfinished WHERE pipeline_no = ?", arguments: [number]) == nil
        }
    }

    /// Forgets the runs of a pipeline that began before `time`, but for the open ones: their files, batches, rows and reports. What is known of
    /// subjects stays, since the far side still has them. How many runs it were.
    public func prune(pipeline: String, before time: Timestamp, besides open: Set<String>) throws -> Int {
        var pruned = 0
        try writing { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return }
            let runs = try Int64.fetchAll(
                database, sql: "SELECT run_no FROM run WHERE pipeline_no = ? AND started_at < ?", arguments: [number, time.milliseconds])
            for run in runs where !open.contains(try words.text(run)) {
                try Self.drop(run: run, from: database)
                pruned += 1
            }
        }
        return pruned
    }

    private static func drop(run: Int64, from database: Database) throws {
        for table in ["file", "parcel", "run"] { try database.execute(sql: "DELETE FROM \(table) WHERE run_no = ?", arguments: [run]) }
        let verdicts = LedgerWriter.verdictNumbers(ofRun: run)
        try database.execute(
            sql: "DELETE FROM verdict WHERE verdict_no BETWEEN ? AND ?", arguments: [verdicts.lowerBound, verdicts.upperBound])
    }

    /// A whole copy in one new file, as the ledger stands at one moment, whoever writes meanwhile.
    public func copy(to path: String) throws {
        do {
            let copy = try DatabaseQueue(path: path)
            try database.backup(to: copy)
            try copy.close()
        } catch {
            throw LedgerError(path: path, underlying: error)
        }
    }

    func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
        do { return try database.read(body) } catch { throw LedgerError(path: path, underlying: error) }
    }

    func writing(_ body: (Database) throws -> Void) throws {
        do { try database.write(body) } catch { throw LedgerError(path: path, underlying: error) }
    }
}
