import FoundationEssentials
import GRDB

/// What the ledger can be asked.
extension Ledger {
    /// The last known state of each of these subjects; those never seen are missing. Ask for some thousand at once: one statement finds them all.
    public func subjects(_ ids: [String], pipeline: String) throws -> KnownSubjects {
        let list = String(decoding: try JSONEncoder().encode(ids), as: UTF8.self)
        return try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return KnownSubjects() }
            let select = try Prepared(
                database,
                """
                SELECT \(LedgerColumns.subject) FROM json_each(?2) wanted
                CROSS JOIN subject s ON s.pipeline_no = ?1 AND s.subject_id = wanted.value
                """)
            select.bind(1, number)
            select.bind(2, list)
            var found = KnownSubjects()
            try select.forEachRow { found.add(try Subject(row: $0, words: &words)) }
            return found
        }
    }

    /// For each of these likenesses one subject that was sent with it, the first by its id; those that nothing was sent with are missing.
    public func subjects(like likenesses: [Fingerprint], pipeline: String) throws -> [Fingerprint: Subject] {
        let list = String(decoding: try JSONEncoder().encode(likenesses.map { Int64(bitPattern: $0.bits) }), as: UTF8.self)
        return try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return [:] }
            let select = try Prepared(
                database,
                """
                SELECT \(LedgerColumns.subject) FROM json_each(?2) wanted
                CROSS JOIN subject s INDEXED BY subject_by_likeness ON s.pipeline_no = ?1 AND s.likeness = wanted.value
                """)
            select.bind(1, number)
            select.bind(2, list)
            var found: [Fingerprint: Subject] = [:]
            try select.forEachRow { row in
                let subject = try Subject(row: row, words: &words)
                guard let likeness = subject.traits.likeness else { return }
                if let other = found[likeness], other.id <= subject.id { return }
                found[likeness] = subject
            }
            return found
        }
    }

    public func isEmpty(pipeline: String) throws -> Bool {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return true }
            return try Row.fetchOne(database, sql: "SELECT 1 FROM subject WHERE pipeline_no = ? LIMIT 1", arguments: [number]) == nil
        }
    }

    /// How many subjects are in each state.
    public func subjectCounts(pipeline: String) throws -> [SubjectState: Int] {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return [:] }
            var counts: [SubjectState: Int] = [:]
            // The index of those that are not accepted is small; to count all takes no look at a row.
            let others = try Prepared(
                database, "SELECT state, COUNT(*) FROM subject WHERE pipeline_no = ? AND state <> 0 GROUP BY state")
            others.bind(1, number)
            try others.forEachRow { row in if let state = SubjectState(code: row.integer(0)) { counts[state] = row.number(1) } }
            let all = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM subject WHERE pipeline_no = ?", arguments: [number]) ?? 0
            let accepted = all - counts.values.reduce(0, +)
            if accepted > 0 { counts[.accepted] = accepted }
            return counts
        }
    }

    /// How many subjects were ever sent, whatever became of them since.
    public func sentCount(pipeline: String) throws -> Int {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return 0 }
            let all = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM subject WHERE pipeline_no = ?", arguments: [number]) ?? 0
            // Those that were never sent are not accepted, and of these there are few.
            let never = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM subject WHERE pipeline_no = ? AND state <> 0 AND sent_content IS NULL", arguments: [number])
            return all - (never ?? 0)
        }
    }

    /// The words of a kind that the pipeline has met.
    public func seen(_ kind: String, pipeline: String) throws -> Set<String> {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return [] }
            return try String.fetchSet(database, sql: "SELECT word FROM seen WHERE pipeline_no = ? AND kind = ?", arguments: [number, kind])
        }
    }

    /// The items that each of the newest runs with a parcel under way had, newest first. A parcel that was divided counts by its parts.
    public func loads(pipeline: String, limit: Int) throws -> [Int] {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return [] }
            return try Int.fetchAll(
                database,
                sql: """
                    SELECT SUM(p.items) FROM run r JOIN parcel p ON p.run_no = r.run_no
                    WHERE r.pipeline_no = ? AND p.posted_at IS NOT NULL AND p.outcome <> 'divided' GROUP BY r.run_no ORDER BY r.started_at DESC LIMIT ?
                    """, arguments: [number, limit])
        }
    }

    /// How many rows of the pipeline's runs have no verdict, and travelled last in a parcel with one of these outcomes.
    public func unresolvedCount(pipeline: String, outcomes: [String]) throws -> Int {
        let list = String(decoding: try JSONEncoder().encode(outcomes), as: UTF8.self)
        return try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return 0 }
            return try Int.fetchOne(
                database,
                sql: """
                    SELECT COUNT(*) FROM (
                      SELECT DISTINCT p.run_no FROM parcel p JOIN run r ON r.run_no = p.run_no
                      WHERE r.pipeline_no = ?1 AND p.outcome IN (SELECT value FROM json_each(?2))
                    ) late
                    CROSS JOIN verdict v ON v.verdict_no BETWEEN late.run_no << 32 AND late.run_no << 32 | 4294967295
                    WHERE v."end" = ?3 AND EXISTS (
                      SELECT 1 FROM parcel p WHERE p.run_no = late.run_no AND p.name = v.parcel AND p.outcome IN (SELECT value FROM json_each(?2)))
                    """, arguments: [number, list, Receipt.End.unknown.code]) ?? 0
        }
    }

    public func run(_ runID: String) throws -> RunFacts? {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(runID) else { return nil }
            let select = try Prepared(database, "SELECT \(LedgerColumns.run) FROM run WHERE run_no = ?")
            select.bind(1, number)
            var found: RunFacts?
            try select.forEachRow { found = try RunFacts(row: $0, words: &words) }
            return found
        }
    }

    /// The newest runs, newest first.
    public func runs(pipeline: String?, limit: Int) throws -> [RunFacts] {
        try reading { database in
            var words = LedgerWords(database)
            let select = try Prepared(
                database,
                """
                SELECT \(LedgerColumns.run) FROM run JOIN word ON word_no = run_no
                WHERE ?1 IS NULL OR pipeline_no = (SELECT word_no FROM word WHERE text = ?1) ORDER BY started_at DESC, text DESC LIMIT ?2
                """)
            select.bind(1, pipeline)
            select.bind(2, limit)
            var found: [RunFacts] = []
            try select.forEachRow { found.append(try RunFacts(row: $0, words: &words)) }
            return found
        }
    }

    /// The rows that a run rejected.
    public func rejections(of runID: String) throws -> [RejectedRow] {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(runID) else { return [] }
            let select = try Prepared(
                database, #"SELECT file_no, row, subject_id, file_time FROM verdict WHERE verdict_no BETWEEN ? AND ? AND "end" = ?"#)
            let verdicts = LedgerWriter.verdictNumbers(ofRun: number)
            select.bind(1, verdicts.lowerBound)
            select.bind(2, verdicts.upperBound)
            select.bind(3, Receipt.End.rejected.code)
            var found: [RejectedRow] = []
            try select.forEachRow { row in
                found.append(
                    RejectedRow(
                        runID: runID, file: try words.text(row.integer(0)), row: row.number(1), subject: row.text(2), fileTime: row.time(3)))
            }
            return found
        }
    }

    /// The run that took in a file with the same bytes before, the newest one.
    public func runThatTook(sha256: String, pipeline: String, besides runID: String) throws -> String? {
        try reading { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT w.text FROM file f JOIN run r ON r.run_no = f.run_no JOIN word w ON w.word_no = f.run_no
                    WHERE f.sha256 = ? AND r.pipeline_no = (SELECT word_no FROM word WHERE text = ?) AND w.text <> ? AND f.outcome = 'archived'
                    ORDER BY r.started_at DESC LIMIT 1
                    """, arguments: [sha256, pipeline, runID])
        }
    }

    /// Everything that ever happened to a subject, newest first.
    public func history(of subject: String, pipeline: String?, limit: Int) throws -> [HistoryEntry] {
        try reading { database in
            var words = LedgerWords(database)
            let select = try Prepared(
                database,
                """
                SELECT \(LedgerColumns.verdict), p.handle, p.posted_at, p.ended_at
                FROM verdict v JOIN word r ON r.word_no = v.verdict_no >> 32
                  LEFT JOIN parcel p ON p.run_no = v.verdict_no >> 32 AND p.name = v.parcel
                WHERE v.subject_id = ?1 AND (?2 IS NULL OR v.pipeline_no = (SELECT word_no FROM word WHERE text = ?2))
                ORDER BY v.at DESC, r.text DESC, v.verdict_no DESC LIMIT ?3
                """)
            select.bind(1, subject)
            select.bind(2, pipeline)
            select.bind(3, limit)
            var found: [HistoryEntry] = []
            try select.forEachRow { found.append(try HistoryEntry(row: $0, words: &words)) }
            return found
        }
    }
}
