import GRDB

/// Tables are generic: nothing of products or of Meta. Times are RFC 3339 text, so that `sqlite3` shows them to a person.
enum LedgerSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: first)
        }
        migrator.registerMigration("figures") { database in
            try database.execute(sql: figures)
        }
        migrator.registerMigration("causes") { database in
            try database.execute(sql: causes)
        }
        return migrator
    }

    /// Figures of short runs that go on from one process to the next: 64 bits each, whatever they mean.
    private static let figures = "CREATE TABLE figure (name TEXT PRIMARY KEY, bits INTEGER NOT NULL) WITHOUT ROWID"

    /// Why a subject is not accepted, and the index that counts and lists by it.
    private static let causes = """
        ALTER TABLE subject ADD COLUMN cause TEXT;
        CREATE INDEX subject_by_cause ON subject (pipeline, state, cause);
        """

    private static let first = """
        CREATE TABLE run (
          run_id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, state TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT NOT NULL,
          settings TEXT NOT NULL, report TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX run_by_time ON run (started_at);
        CREATE TABLE file (
          run_id TEXT NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL, rows INTEGER NOT NULL, sha256 TEXT,
          PRIMARY KEY (run_id, name)
        ) WITHOUT ROWID;
        CREATE INDEX file_by_bytes ON file (sha256);
        CREATE TABLE parcel (
          run_id TEXT NOT NULL, name TEXT NOT NULL, handle TEXT, items INTEGER NOT NULL, outcome TEXT NOT NULL, posted_at TEXT, ended_at TEXT,
          PRIMARY KEY (run_id, name)
        ) WITHOUT ROWID;
        CREATE TABLE subject (
          pipeline TEXT NOT NULL, subject_id TEXT NOT NULL, state TEXT NOT NULL, accepted_content TEXT, sent_content TEXT,
          settings TEXT NOT NULL, run_id TEXT NOT NULL, file TEXT NOT NULL, row INTEGER NOT NULL, file_time TEXT NOT NULL, version TEXT,
          message TEXT, since TEXT NOT NULL, updated_at TEXT NOT NULL,
          sent_file TEXT, sent_row INTEGER, sent_file_time TEXT, sent_version TEXT,
          PRIMARY KEY (pipeline, subject_id)
        ) WITHOUT ROWID;
        CREATE INDEX subject_by_state ON subject (pipeline, state);
        CREATE TABLE verdict (
          run_id TEXT NOT NULL, pipeline TEXT NOT NULL, subject_id TEXT NOT NULL, "end" TEXT NOT NULL, warned INTEGER NOT NULL,
          file TEXT NOT NULL, row INTEGER NOT NULL, file_time TEXT NOT NULL, version TEXT, content TEXT, parcel TEXT, handle TEXT,
          messages TEXT NOT NULL, rules TEXT NOT NULL, newer TEXT, at TEXT NOT NULL
        );
        CREATE INDEX verdict_by_subject ON verdict (subject_id, at);
        CREATE INDEX verdict_by_run ON verdict (run_id);
        """
}
