public import Events

/// How many subjects share a state and a cause, and how many of them are news.
public struct CauseNews: Sendable, Equatable {
    public var state: SubjectState
    public var cause: String?
    public var count: Int
    /// Those that came into the state after the time that was asked for.
    public var new: Int
    /// The first of them by id.
    public var example: String
}

/// How long things have stood as they do.
extension Ledger {
    /// When the subject came into a state that has been in it longest; nil where there is none. Not for `accepted`, which nearly all are in.
    public func oldestTime(in state: SubjectState, pipeline: String) throws -> Timestamp? {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return nil }
            let select = try Prepared(database, "SELECT MIN(since) FROM subject WHERE pipeline_no = ?1 AND state = \(state.code) AND state <> 0")
            select.bind(1, number)
            var found: Timestamp?
            try select.forEachRow { found = $0.timeIfAny(0) }
            return found
        }
    }

    /// Subjects that are not accepted by state and cause, the most frequent first; of each state at most `limit` causes. What came into its state
    /// behind `until` is left out.
    public func causeNews(pipeline: String, after: Timestamp, until: Timestamp, limit: Int) throws -> [CauseNews] {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return [] }
            var found: [CauseNews] = []
            for state in SubjectState.allCases where state != .accepted {
                let select = try Prepared(
                    database,
                    """
                    SELECT cause_no, COUNT(*), SUM(since > ?2), MIN(subject_id) FROM subject
                    WHERE pipeline_no = ?1 AND since <= ?4 AND state = \(state.code) AND state <> 0 GROUP BY cause_no ORDER BY COUNT(*) DESC, cause_no LIMIT ?3
                    """)
                select.bind(1, number)
                select.bind(2, after)
                select.bind(3, limit)
                select.bind(4, until)
                try select.forEachRow { row in
                    let cause = try row.integerIfAny(0).map { try words.text($0) }
                    found.append(CauseNews(state: state, cause: cause, count: row.number(1), new: row.number(2), example: row.text(3)))
                }
            }
            return found.sorted { ($1.count, $0.state.rawValue, $0.cause ?? "") < ($0.count, $1.state.rawValue, $1.cause ?? "") }
        }
    }

    /// Subjects that came to be accepted between the two and were refused or rejected before; the first `limit` by id. Looks at each accepted subject.
    public func mended(pipeline: String, after: Timestamp, until: Timestamp, limit: Int) throws -> [String] {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return [] }
            let select = try Prepared(
                database,
                """
                SELECT subject_id FROM subject s WHERE pipeline_no = ?1 AND state = \(SubjectState.accepted.code) AND since > ?2 AND since <= ?4
                  AND EXISTS (SELECT 1 FROM verdict v WHERE v.subject_id = s.subject_id AND v.pipeline_no = ?1
                    AND v."end" IN (\(Receipt.End.refused.code), \(Receipt.End.rejected.code)))
                ORDER BY subject_id LIMIT ?3
                """)
            select.bind(1, number)
            select.bind(2, after)
            select.bind(3, limit)
            select.bind(4, until)
            var found: [String] = []
            try select.forEachRow { found.append($0.text(0)) }
            return found
        }
    }
}
