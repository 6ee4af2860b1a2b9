import Events
import GRDB

enum LedgerWriter {
    /// A run that is new to the ledger is known as running, so that its subjects have a run to be compared with; one that is known stays as it is.
    static func register(_ run: RunFacts, into database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO run (run_id, pipeline, state, started_at, ended_at, settings, report) VALUES (?, ?, ?, ?, ?, ?, '')
                ON CONFLICT (run_id) DO NOTHING
                """,
            arguments: [run.runID, run.pipeline, RunState.running.rawValue, run.startedAt.rfc3339, run.endedAt.rfc3339, run.settings])
    }

    static func insert(_ run: RunFacts, into database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO run (run_id, pipeline, state, started_at, ended_at, settings, report) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                run.runID, run.pipeline, run.state.rawValue, run.startedAt.rfc3339, run.endedAt.rfc3339, run.settings, run.report,
            ])
    }

    static func insert(_ file: FileFacts, of runID: String, into database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO file (run_id, name, outcome, rows, sha256) VALUES (?, ?, ?, ?, ?)",
            arguments: [runID, file.name, file.outcome, file.rows, file.sha256])
    }

    static func insert(_ parcel: ParcelFacts, of runID: String, into database: Database) throws {
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO parcel (run_id, name, handle, items, outcome, posted_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                runID, parcel.name, parcel.handle, parcel.items, parcel.outcome, parcel.postedAt?.rfc3339, parcel.endedAt?.rfc3339,
            ])
    }

    static func insert(_ receipts: [Receipt], of run: RunFacts, into database: Database) throws {
        let verdict = try database.cachedStatement(
            sql: """
                INSERT INTO verdict (run_id, pipeline, subject_id, "end", warned, file, row, file_time, version, content, parcel, handle,
                  messages, rules, newer, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let subject = try database.cachedStatement(sql: SubjectUpdate.sql)
        let started = run.startedAt.rfc3339
        var times = TimeTexts()
        for receipt in receipts {
            let fileTime = times.text(receipt.fileTime)
            let at = times.text(receipt.at)
            try verdict.execute(arguments: [
                run.runID, run.pipeline, receipt.subject, receipt.end.rawValue, receipt.warned, receipt.file, receipt.row,
                fileTime, receipt.version, receipt.content, receipt.parcel, receipt.handle,
                receipt.messages.joined(separator: "\n"), receipt.rules.joined(separator: ","), receipt.newer, at,
            ])
            guard !receipt.subject.isEmpty, let update = SubjectUpdate(receipt) else { continue }
            try subject.execute(arguments: update.arguments(of: run, started: started, fileTime: fileTime, at: at))
        }
    }
}

/// The receipts of a run have few times: of its files, and of its end. Each is spelled once.
private struct TimeTexts {
    private var known: [Timestamp: String] = [:]
    /// So many are remembered.
    private static let most = 1_000

    mutating func text(_ time: Timestamp) -> String {
        if let text = known[time] { return text }
        let text = time.rfc3339
        if known.count < Self.most { known[time] = text }
        return text
    }
}

/// How the end of one row changes what is known of its subject. Nil where it does not: a superseded row says nothing of the subject.
private struct SubjectUpdate {
    let receipt: Receipt
    let state: SubjectState

    init?(_ receipt: Receipt) {
        switch receipt.end {
        case .accepted, .unchanged: state = .accepted
        case .refused: state = .refused
        case .unknown: state = .unknown
        case .rejected: state = .rejected
        case .superseded, .held, .pending: return nil
        }
        self.receipt = receipt
    }

    /// Sending clears the accepted fingerprint and only `accepted` sets it again. A late verdict never overwrites what a later run knows.
    /// ?18 says whether the row was sent, ?19 when the run started, ?20 the cause. Places and not names: binding by name costs more than the rest.
    static let sql = """
        INSERT INTO subject (pipeline, subject_id, state, accepted_content, sent_content, settings, run_id, file, row, file_time,
          version, message, since, updated_at, sent_file, sent_row, sent_file_time, sent_version, cause)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14, ?15, ?16, ?17, ?20)
        ON CONFLICT (pipeline, subject_id) DO UPDATE SET
          since = CASE WHEN state = excluded.state THEN since ELSE excluded.since END,
          state = excluded.state,
          accepted_content = CASE WHEN ?18 THEN excluded.accepted_content ELSE accepted_content END,
          sent_content = CASE WHEN ?18 THEN excluded.sent_content ELSE sent_content END,
          settings = excluded.settings, run_id = excluded.run_id, file = excluded.file, row = excluded.row,
          file_time = excluded.file_time, version = excluded.version, message = excluded.message, cause = excluded.cause, updated_at = excluded.updated_at,
          sent_file = CASE WHEN ?18 THEN excluded.sent_file ELSE sent_file END,
          sent_row = CASE WHEN ?18 THEN excluded.sent_row ELSE sent_row END,
          sent_file_time = CASE WHEN ?18 THEN excluded.sent_file_time ELSE sent_file_time END,
          sent_version = CASE WHEN ?18 THEN excluded.sent_version ELSE sent_version END
        WHERE run_id = excluded.run_id OR ?19 >= (SELECT started_at FROM run WHERE run.run_id = subject.run_id)
        """

    func arguments(of run: RunFacts, started: String, fileTime: String, at: String) -> StatementArguments {
        let wasSent = receipt.end == .accepted || receipt.end == .refused || receipt.end == .unknown
        return [
            run.pipeline, receipt.subject, state.rawValue, receipt.end == .accepted ? receipt.content : nil, wasSent ? receipt.content : nil,
            run.settings, run.runID, receipt.file, receipt.row, fileTime, receipt.version, receipt.messages.first, at,
            wasSent ? receipt.file : nil, wasSent ? receipt.row : nil, wasSent ? fileTime : nil, wasSent ? receipt.version : nil, wasSent, started,
            receipt.cause,
        ]
    }
}
