import Foundation
import Gzip
import TestKit
import Testing

/// All that a ledger says, as text: what two ledgers that know the same have in common, whatever numbers SQLite has given to names.
enum LedgerDump {
    /// Of a ledger in a bucket.
    static func text(_ packed: [UInt8], in folder: String) async throws -> String {
        let path = "\(folder)/dump-\(UUID().uuidString).sqlite"
        try Data(gunzip(packed, limit: 1 << 30)).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (code, output) = try await Judge.python.run(["-c", script, path])
        try #require(code == 0, "\(output)")
        return output
    }

    private static let script = """
        import sqlite3, sys
        ledger = sqlite3.connect(sys.argv[1])
        word = "(SELECT text FROM word WHERE word_no = %s)"
        for name, query in {
            "run": "SELECT " + word % "run_no" + "," + word % "pipeline_no" + ", state, started_at, ended_at, report FROM run",
            "file": "SELECT " + word % "run_no" + "," + word % "file_no" + ", outcome, rows, sha256 FROM file",
            "parcel": "SELECT " + word % "run_no" + ", name, handle, items, outcome, posted_at, ended_at FROM parcel",
            "subject": "SELECT * FROM subjects",
            "times": "SELECT subject_id, seen_at, sent_file_time, since, likeness FROM subject",
            "verdict": "SELECT * FROM verdicts",
        }.items():
            for row in sorted(map(str, ledger.execute(query))): print(name, row)
        """
}
