import Events
import GRDB

/// What goes into the ledger within one transaction, about one run.
struct LedgerWriter {
    private let database: Database
    private var words: LedgerWords
    private let runNumber: Int64
    private let pipelineNumber: Int64
    private let settingsNumber: Int64
    private let started: Int64
    /// Of the verdicts of the run, the rows that a number of a run and a number within it make.
    private let verdictNumbers: ClosedRange<Int64>

    init(_ database: Database, _ run: RunFacts) throws {
        self.database = database
        words = LedgerWords(database)
        runNumber = try words.number(run.runID)
        pipelineNumber = try words.number(run.pipeline)
        settingsNumber = try words.number(run.settings)
        started = run.startedAt.milliseconds
        verdictNumbers = Self.verdictNumbers(ofRun: runNumber)
    }

    static func verdictNumbers(ofRun number: Int64) -> ClosedRange<Int64> { number << 32...(number << 32 | 0xFFFF_FFFF) }

    // MARK: Runs, files, parcels

    /// Takes away what the ledger has of the run's files, parcels and rows. What it knows of subjects stays.
    func clear() throws {
        for table in ["file", "parcel"] {
            let delete = try Prepared(database, "DELETE FROM \(table) WHERE run_no = ?")
            delete.bind(1, runNumber)
            try delete.run()
        }
        let delete = try Prepared(database, "DELETE FROM verdict WHERE verdict_no BETWEEN ? AND ?")
        delete.bind(1, verdictNumbers.lowerBound)
        delete.bind(2, verdictNumbers.upperBound)
        try delete.run()
    }

    /// A run that is new to the ledger is known as running, so that there is something to ask for; one that is known stays as it is.
    func register(_ run: RunFacts) throws {
        var open = run
        open.state = .running
        open.report = ""
        try write(open, "INSERT OR IGNORE")
    }

    func insert(_ run: RunFacts) throws { try write(run, "INSERT OR REPLACE") }

    private func write(_ run: RunFacts, _ verb: String) throws {
        let insert = try Prepared(
            database, "\(verb) INTO run (run_no, pipeline_no, state, started_at, ended_at, settings_no, report) VALUES (?, ?, ?, ?, ?, ?, ?)")
        insert.bind(1, runNumber)
        insert.bind(2, pipelineNumber)
        insert.bind(3, run.state.rawValue)
        insert.bind(4, started)
        insert.bind(5, run.endedAt)
        insert.bind(6, settingsNumber)
        insert.bind(7, run.report)
        try insert.run()
    }

    mutating func insert(_ file: FileFacts) throws {
        let insert = try Prepared(database, "INSERT OR REPLACE INTO file (run_no, file_no, outcome, rows, sha256) VALUES (?, ?, ?, ?, ?)")
        insert.bind(1, runNumber)
        insert.bind(2, try words.number(file.name))
        insert.bind(3, file.outcome)
        insert.bind(4, file.rows)
        insert.bind(5, file.sha256)
        try insert.run()
    }

    func insert(_ parcel: ParcelFacts) throws {
        let insert = try Prepared(
            database, "INSERT OR REPLACE INTO parcel (run_no, name, handle, items, outcome, posted_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
        insert.bind(1, runNumber)
        insert.bind(2, parcel.name)
        insert.bind(3, parcel.handle)
        insert.bind(4, parcel.items)
        insert.bind(5, parcel.outcome)
        insert.bind(6, parcel.postedAt)
        insert.bind(7, parcel.endedAt)
        try insert.run()
    }

    // MARK: Rows

    mutating func insert(_ receipts: some Sequence<Receipt>, knowsSubjects: Bool) throws {
        let verdict = try Prepared(
            database,
            """
            INSERT INTO verdict (verdict_no, pipeline_no, subject_id, "end", warned, file_no, row, file_time, version, content, likeness,
              amount, unit, standing, parcel, messages, rules, newer, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        let subject = try Prepared(database, SubjectUpdate.sql)
        var number = try nextVerdict()
        for receipt in receipts {
            let file = try words.number(receipt.file)
            bind(receipt, number, file, to: verdict)
            try verdict.run()
            number += 1
            guard knowsSubjects, !receipt.subject.isEmpty, let update = SubjectUpdate(receipt) else { continue }
            update.bind(to: subject, pipeline: pipelineNumber, run: runNumber, settings: settingsNumber, started: started, file: file)
            subject.bind(22, try receipt.cause.map { try words.number($0) })
            try subject.run()
        }
    }

    private func nextVerdict() throws -> Int64 {
        let last = try Prepared(database, "SELECT MAX(verdict_no) FROM verdict WHERE verdict_no BETWEEN ? AND ?")
        last.bind(1, verdictNumbers.lowerBound)
        last.bind(2, verdictNumbers.upperBound)
        var found: Int64?
        try last.forEachRow { found = $0.integerIfAny(0) }
        return (found ?? verdictNumbers.lowerBound) + 1
    }

    private func bind(_ receipt: Receipt, _ number: Int64, _ file: Int64, to verdict: Prepared) {
        verdict.bind(1, number)
        verdict.bind(2, pipelineNumber)
        verdict.bind(3, receipt.subject)
        verdict.bind(4, receipt.end.code)
        verdict.bind(5, receipt.warned)
        verdict.bind(6, file)
        verdict.bind(7, receipt.row)
        verdict.bind(8, receipt.fileTime)
        verdict.bind(9, receipt.version)
        verdict.bind(10, receipt.content)
        verdict.bind(11, receipt.traits?.likeness)
        verdict.bind(12, receipt.traits?.amount)
        verdict.bind(13, receipt.traits?.unit)
        verdict.bind(14, receipt.traits?.standing)
        verdict.bind(15, receipt.parcel)
        verdict.bind(16, receipt.messages.isEmpty ? nil : receipt.messages.joined(separator: "\n"))
        verdict.bind(17, receipt.rules.isEmpty ? nil : receipt.rules.joined(separator: ","))
        verdict.bind(18, receipt.newer)
        verdict.bind(19, receipt.at)
    }

    /// Moves the place of the newest word on each subject; a subject that a later run has met stays as that run left it. One whose other row was
    /// rejected is again what it was: a row that is as it was sent has the last word.
    mutating func move(_ rows: UnchangedRows) throws {
        let update = try Prepared(
            database,
            """
            UPDATE subject SET seen_at = ?3, file_no = ?4, row = ?5, file_time = ?6, version = ?7,
              sent_file_no = ?4, sent_row = ?5, sent_file_time = ?6, sent_version = ?7,
              state = CASE WHEN state <> \(SubjectState.rejected.code) THEN state
                WHEN accepted_content IS NULL THEN \(SubjectState.refused.code) ELSE \(SubjectState.accepted.code) END,
              message = CASE WHEN state <> \(SubjectState.rejected.code) THEN message END,
              cause_no = CASE WHEN state <> \(SubjectState.rejected.code) THEN cause_no END
            WHERE pipeline_no = ?1 AND subject_id = ?2 AND seen_at <= ?3
            """)
        update.bind(1, pipelineNumber)
        update.bind(3, started)
        update.bind(4, try words.number(rows.file))
        update.bind(6, rows.fileTime)
        // In the order in which subjects lie.
        for index in rows.subjects.indices.sorted(by: { rows.subjects[$0] < rows.subjects[$1] }) {
            update.bind(2, rows.subjects[index])
            update.bind(5, rows.rows[index])
            update.bind(7, rows.version(index))
            try update.run()
        }
    }
}

/// How the end of one row changes what is known of its subject. Nil where it does not: a superseded row says nothing of the subject.
private struct SubjectUpdate {
    private let receipt: Receipt
    private let state: SubjectState

    init?(_ receipt: Receipt) {
        switch receipt.end {
        case .accepted: state = .accepted
        // As it was sent: accepted, or refused, and then with what the far side said of it.
        case .unchanged: state = receipt.messages.isEmpty ? .accepted : .refused
        case .refused: state = .refused
        case .unknown: state = .unknown
        case .rejected: state = .rejected
        case .superseded, .held, .pending: return nil
        }
        self.receipt = receipt
    }

    /// Sending clears the accepted fingerprint and only `accepted` sets it again. A late verdict never overwrites what a later run knows.
    /// ?20 says whether the row was sent, ?21 whether it is from now on the newest word on what was sent; ?22 is the cause.
    static let sql = """
        INSERT INTO subject (pipeline_no, subject_id, state, accepted_content, sent_content, settings_no, run_no, seen_at, file_no, row,
          file_time, version, message, since, likeness, amount, unit, standing, sent_file_no, sent_row, sent_file_time, sent_version, cause_no)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
          ?19, CASE WHEN ?21 THEN ?10 END, CASE WHEN ?21 THEN ?11 END, CASE WHEN ?21 THEN ?12 END, ?22)
        ON CONFLICT (pipeline_no, subject_id) DO UPDATE SET
          since = CASE WHEN state = ?3 THEN since ELSE ?14 END, state = ?3,
          accepted_content = CASE WHEN ?20 THEN ?4 ELSE accepted_content END, sent_content = CASE WHEN ?20 THEN ?5 ELSE sent_content END,
          settings_no = ?6, run_no = ?7, seen_at = ?8, file_no = ?9, row = ?10, file_time = ?11, version = ?12, message = ?13, cause_no = ?22,
          likeness = CASE WHEN ?20 THEN ?15 ELSE likeness END, amount = CASE WHEN ?20 THEN ?16 ELSE amount END,
          unit = CASE WHEN ?20 THEN ?17 ELSE unit END, standing = CASE WHEN ?20 THEN ?18 ELSE standing END,
          sent_file_no = CASE WHEN ?21 THEN ?9 ELSE sent_file_no END, sent_row = CASE WHEN ?21 THEN ?10 ELSE sent_row END,
          sent_file_time = CASE WHEN ?21 THEN ?11 ELSE sent_file_time END, sent_version = CASE WHEN ?21 THEN ?12 ELSE sent_version END
        WHERE seen_at <= ?8
        """

    func bind(to statement: Prepared, pipeline: Int64, run: Int64, settings: Int64, started: Int64, file: Int64) {
        let wasSent = receipt.end == .accepted || receipt.end == .refused || receipt.end == .unknown
        let movesOrder = wasSent || receipt.end == .unchanged
        let traits = wasSent ? receipt.traits : nil
        statement.bind(1, pipeline)
        statement.bind(2, receipt.subject)
        statement.bind(3, state.code)
        statement.bind(4, receipt.end == .accepted ? receipt.content : nil)
        statement.bind(5, wasSent ? receipt.content : nil)
        statement.bind(6, settings)
        statement.bind(7, run)
        statement.bind(8, started)
        statement.bind(9, file)
        statement.bind(10, receipt.row)
        statement.bind(11, receipt.fileTime)
        statement.bind(12, receipt.version)
        statement.bind(13, receipt.messages.first)
        statement.bind(14, receipt.at)
        statement.bind(15, traits?.likeness)
        statement.bind(16, traits?.amount)
        statement.bind(17, traits?.unit)
        statement.bind(18, traits?.standing)
        statement.bind(19, movesOrder ? file : nil)
        statement.bind(20, wasSent)
        statement.bind(21, movesOrder)
    }
}
