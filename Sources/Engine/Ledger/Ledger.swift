import FoundationEssentials
import GRDB

/// What Vitrine remembers between runs: every run, and the last known state of every subject (for a catalogue: product). SQLite, and
/// rebuildable from the run folders at any time, so losing it costs a `reindex` and nothing else.
public struct Ledger: Sendable {
    private let database: DatabasePool
    public let path: String

    /// Opens or makes `<folder>/ledger.sqlite`.
    public init(folder: String) throws {
        path = folder + "/ledger.sqlite"
        var configuration = Configuration()
        configuration.busyMode = .timeout(Self.busySeconds)
        configuration.label = "ledger"
        do {
            database = try DatabasePool(path: path, configuration: configuration)
            try LedgerSchema.migrator.migrate(database)
        } catch {
            throw LedgerError(path: path, underlying: error)
        }
    }

    /// How long one process waits while another one writes, in seconds.
    private static let busySeconds: Double = 10

    /// Begins to write down what one run knows at its close; what was there of it is replaced. Then come `append` and `finish`. Doing all
    /// of it again is harmless, so a crash in the middle is too: the run stays open until `finish`.
    public func begin(_ run: RunFacts, files: [FileFacts], parcels: [ParcelFacts]) throws {
        try writing { database in
            for table in ["file", "parcel", "verdict"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE run_id = ?", arguments: [run.runID])
            }
            try LedgerWriter.insert(run, into: database)
            for file in files { try LedgerWriter.insert(file, of: run.runID, into: database) }
            for parcel in parcels { try LedgerWriter.insert(parcel, of: run.runID, into: database) }
        }
    }

    /// One transaction: keep a chunk to some thousand receipts.
    public func append(_ receipts: [Receipt], of run: RunFacts) throws {
        try writing { try LedgerWriter.insert(receipts, of: run, into: $0) }
    }

    /// The report as it stands at the end.
    public func finish(_ run: RunFacts) throws {
        try writing { try LedgerWriter.insert(run, into: $0) }
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
            let statement = try database.makeStatement(sql: "SELECT * FROM subject WHERE pipeline = ? AND subject_id = ?")
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

    private func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
        do { return try database.read(body) } catch { throw LedgerError(path: path, underlying: error) }
    }

    private func writing(_ body: (Database) throws -> Void) throws {
        do { try database.write(body) } catch { throw LedgerError(path: path, underlying: error) }
    }
}

/// The ledger could not be read or written.
public struct LedgerError: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let detail: String
    public let remedy = "Check the disk and the rights; if the file is damaged, move it away and run 'vitrine reindex'."

    init(path: String, underlying: any Error) {
        self.path = path
        if let error = underlying as? LedgerError { detail = error.detail } else { detail = "\(underlying)" }
    }

    public var description: String { "\(path): \(detail). \(remedy)" }
}
