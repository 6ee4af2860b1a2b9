import Events
import GRDB

enum LedgerWriter {
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
        let verdict = try database.makeStatement(
            sql: """
                INSERT INTO verdict (run_id, pipeline, subject_id, "end", warned, file, row, file_time, version, content, parcel, handle,
                  messages, rules, newer, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for receipt in receipts {
            try verdict.execute(arguments: [
                run.runID, run.pipeline, receipt.subject, receipt.end.rawValue, receipt.warned, receipt.file, receipt.row,
                receipt.fileTime.rfc3339, receipt.version, receipt.content, receipt.parcel, receipt.handle,
                receipt.messages.joined(separator: "\n"), receipt.rules.joined(separator: ","), receipt.newer, receipt.at.rfc3339,
            ])
            if !receipt.subject.isEmpty { try SubjectUpdate(receipt)?.apply(of: run, to: database) }
        }
    }
}

/// How the end of one row changes what is known of its subject. Nil where it does not: a superseded row says nothing of the product.
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
    func apply(of run: RunFacts, to database: Database) throws {
        let wasSent = receipt.end == .accepted || receipt.end == .refused || receipt.end == .unknown
        let accepted = receipt.end == .accepted ? receipt.content : nil
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO subject (pipeline, subject_id, state, accepted_content, sent_content, settings, run_id, file, row, file_time,
                  version, message, since, updated_at, sent_file, sent_row, sent_file_time, sent_version)
                VALUES (:pipeline, :id, :state, :accepted, :sent, :settings, :run, :file, :row, :time, :version, :message, :at, :at,
                  :sentFile, :sentRow, :sentTime, :sentVersion)
                ON CONFLICT (pipeline, subject_id) DO UPDATE SET
                  since = CASE WHEN state = excluded.state THEN since ELSE excluded.since END,
                  state = excluded.state,
                  accepted_content = CASE WHEN :wasSent THEN excluded.accepted_content ELSE accepted_content END,
                  sent_content = CASE WHEN :wasSent THEN excluded.sent_content ELSE sent_content END,
                  settings = excluded.settings, run_id = excluded.run_id, file = excluded.file, row = excluded.row,
                  file_time = excluded.file_time, version = excluded.version, message = excluded.message, updated_at = excluded.updated_at,
                  sent_file = CASE WHEN :wasSent THEN excluded.sent_file ELSE sent_file END,
                  sent_row = CASE WHEN :wasSent THEN excluded.sent_row ELSE sent_row END,
                  sent_file_time = CASE WHEN :wasSent THEN excluded.sent_file_time ELSE sent_file_time END,
                  sent_version = CASE WHEN :wasSent THEN excluded.sent_version ELSE sent_version END
                WHERE run_id = excluded.run_id OR :started >= (SELECT started_at FROM run WHERE run.run_id = subject.run_id)
                """)
        try statement.execute(arguments: [
            "pipeline": run.pipeline, "id": receipt.subject, "state": state.rawValue, "accepted": accepted,
            "sent": wasSent ? receipt.content : nil, "settings": run.settings, "run": run.runID, "file": receipt.file, "row": receipt.row,
            "time": receipt.fileTime.rfc3339, "version": receipt.version, "message": receipt.messages.first, "at": receipt.at.rfc3339,
            "sentFile": wasSent ? receipt.file : nil, "sentRow": wasSent ? receipt.row : nil,
            "sentTime": wasSent ? receipt.fileTime.rfc3339 : nil, "sentVersion": wasSent ? receipt.version : nil, "wasSent": wasSent,
            "started": run.startedAt.rfc3339,
        ])
    }
}
