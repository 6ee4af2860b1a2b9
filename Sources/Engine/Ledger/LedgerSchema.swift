import GRDB

/// Tables are generic: nothing of products or of Meta. They are made for being written and looked up by the hundred thousand: names that come
/// again and again are numbers (`word`), times are milliseconds since 1970, a fingerprint is a signed 64-bit number. For people there are the
/// views `subjects` and `verdicts`, which say it in words.
enum LedgerSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration(version) { database in
            try database.execute(sql: tables + views)
        }
        migrator.registerMigration("ledger-3") { database in
            try database.execute(sql: additions)
        }
        return migrator
    }

    /// A file whose migrations have another name is refused: `vitrine reindex` makes a new one from the run folders.
    private static let version = "ledger-2"

    private static let tables = """
        -- Figures of short runs that go on from one process to the next: 64 bits each, whatever they mean.
        CREATE TABLE figure (name TEXT PRIMARY KEY, bits INTEGER NOT NULL) WITHOUT ROWID;

        -- Names of pipelines, runs and files, and fingerprints of settings.
        CREATE TABLE word (word_no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

        -- The word of a run's id is its number.
        CREATE TABLE run (
          run_no INTEGER PRIMARY KEY, pipeline_no INTEGER NOT NULL, state TEXT NOT NULL, started_at INTEGER NOT NULL,
          ended_at INTEGER NOT NULL, settings_no INTEGER NOT NULL, report TEXT NOT NULL
        );
        CREATE INDEX run_by_time ON run (started_at);

        CREATE TABLE file (
          run_no INTEGER NOT NULL, file_no INTEGER NOT NULL, outcome TEXT NOT NULL, rows INTEGER NOT NULL, sha256 TEXT,
          PRIMARY KEY (run_no, file_no)
        ) WITHOUT ROWID;
        CREATE INDEX file_by_bytes ON file (sha256);

        CREATE TABLE parcel (
          run_no INTEGER NOT NULL, name TEXT NOT NULL, handle TEXT, items INTEGER NOT NULL, outcome TEXT NOT NULL, posted_at INTEGER,
          ended_at INTEGER, PRIMARY KEY (run_no, name)
        ) WITHOUT ROWID;

        -- seen_at: the start of the newest run that met the subject. sent_…: the place of the newest row that says what was sent last.
        -- likeness, amount, unit, standing: the traits of what was sent last.
        CREATE TABLE subject (
          pipeline_no INTEGER NOT NULL, subject_id TEXT NOT NULL, state INTEGER NOT NULL, accepted_content INTEGER, sent_content INTEGER,
          settings_no INTEGER NOT NULL, run_no INTEGER NOT NULL, seen_at INTEGER NOT NULL, file_no INTEGER NOT NULL, row INTEGER NOT NULL,
          file_time INTEGER NOT NULL, version TEXT, message TEXT, cause_no INTEGER, since INTEGER NOT NULL,
          sent_file_no INTEGER, sent_row INTEGER, sent_file_time INTEGER, sent_version TEXT,
          likeness INTEGER, amount INTEGER, unit TEXT, standing TEXT,
          PRIMARY KEY (pipeline_no, subject_id)
        ) WITHOUT ROWID;
        -- Nearly all subjects are accepted (0): only the others are worth an index.
        CREATE INDEX subject_by_state ON subject (pipeline_no, state) WHERE state <> 0;
        CREATE INDEX subject_by_cause ON subject (pipeline_no, state, cause_no) WHERE state <> 0;
        CREATE INDEX subject_by_likeness ON subject (pipeline_no, likeness) WHERE likeness IS NOT NULL;

        -- verdict_no: run_no * 2^32 + a number within the run, so that the rows of a run lie together without an index.
        CREATE TABLE verdict (
          verdict_no INTEGER PRIMARY KEY, pipeline_no INTEGER NOT NULL, subject_id TEXT NOT NULL, "end" INTEGER NOT NULL,
          warned INTEGER NOT NULL, file_no INTEGER NOT NULL, row INTEGER NOT NULL, file_time INTEGER NOT NULL, version TEXT,
          content INTEGER, likeness INTEGER, amount INTEGER, unit TEXT, standing TEXT, parcel TEXT, messages TEXT, rules TEXT, newer TEXT,
          at INTEGER NOT NULL
        );
        CREATE INDEX verdict_by_subject ON verdict (subject_id);

        """

    private static let additions = """
        -- Pipelines whose reindex has begun and has not come to its end.
        CREATE TABLE unfinished (pipeline_no INTEGER PRIMARY KEY);

        -- Words that a pipeline has met, by kind, to tell when one is new.
        CREATE TABLE seen (pipeline_no INTEGER NOT NULL, kind TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (pipeline_no, kind, word)) WITHOUT ROWID;
        \(unitsSeen("currency"));
        """

    private static let views = """
        CREATE VIEW subjects AS SELECT
          p.text AS pipeline, subject_id, \(SubjectState.sqlWords("s.state")) AS state, r.text AS run_id, f.text AS file, row,
          \(time("file_time")) AS file_time, version, message, c.text AS cause, \(time("since")) AS since, printf('%x', accepted_content) AS accepted_content,
          printf('%x', sent_content) AS sent_content, sf.text AS sent_file, sent_row, amount, unit, standing
        FROM subject s JOIN word p ON p.word_no = s.pipeline_no JOIN word r ON r.word_no = s.run_no JOIN word f ON f.word_no = s.file_no
          LEFT JOIN word sf ON sf.word_no = s.sent_file_no LEFT JOIN word c ON c.word_no = s.cause_no;

        CREATE VIEW verdicts AS SELECT
          p.text AS pipeline, r.text AS run_id, subject_id, \(Receipt.End.sqlWords("v.\"end\"")) AS "end", warned, f.text AS file, row,
          \(time("file_time")) AS file_time, version, parcel, messages, rules, newer, \(time("at")) AS at
        FROM verdict v JOIN word p ON p.word_no = v.pipeline_no JOIN word r ON r.word_no = v.verdict_no >> 32
          JOIN word f ON f.word_no = v.file_no;
        """

    /// The units of what was sent are words met, too: for ledgers and journals that did not note them yet.
    static func unitsSeen(_ kind: String) -> String {
        "INSERT OR IGNORE INTO seen (pipeline_no, kind, word) SELECT DISTINCT pipeline_no, '\(kind)', unit FROM subject WHERE unit IS NOT NULL"
    }

    private static func time(_ column: String) -> String { "strftime('%Y-%m-%dT%H:%M:%SZ', \(column) / 1000, 'unixepoch')" }
}

/// A word of a closed list, as the number that the ledger keeps. The numbers are for good.
protocol LedgerCode: CaseIterable, RawRepresentable<String> {
    var code: Int64 { get }
}

extension LedgerCode {
    init?(code: Int64) {
        guard let found = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = found
    }

    /// An SQL expression that says the word of the number in `column`.
    static func sqlWords(_ column: String) -> String {
        "CASE \(column) " + allCases.map { "WHEN \($0.code) THEN '\($0.rawValue)'" }.joined(separator: " ") + " END"
    }
}

extension SubjectState: LedgerCode {
    var code: Int64 {
        switch self {
        case .accepted: 0
        case .refused: 1
        case .rejected: 2
        case .unknown: 3
        }
    }
}

extension Receipt.End: LedgerCode {
    var code: Int64 {
        switch self {
        case .accepted: 0
        case .refused: 1
        case .rejected: 2
        case .unknown: 3
        case .superseded: 4
        case .unchanged: 5
        case .held: 6
        case .pending: 7
        }
    }
}
