public import Events
import GRDB

/// Which runs a question is about; newest first.
public struct RunQuery: Sendable, Equatable {
    /// Nil: of all pipelines.
    public var pipeline: String?
    /// Only runs that started at this time or later.
    public var since: Timestamp?
    /// Only runs that started before: the start of the last one of the page before.
    public var before: Timestamp?
    /// 1...`mostAtOnce`
    public var limit: Int

    /// The most runs told at once: more than a year of hourly ones.
    public static let mostAtOnce = 10_000

    public init(pipeline: String? = nil, since: Timestamp? = nil, before: Timestamp? = nil, limit: Int) {
        self.pipeline = pipeline
        self.since = since
        self.before = before
        self.limit = min(max(limit, 1), Self.mostAtOnce)
    }
}

extension Ledger {
    public func runs(_ query: RunQuery) throws -> [RunFacts] {
        try reading { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM run WHERE (?1 IS NULL OR pipeline = ?1) AND (?2 IS NULL OR started_at >= ?2) AND (?3 IS NULL OR started_at < ?3)
                    ORDER BY started_at DESC, run_id DESC LIMIT ?4
                    """,
                arguments: [query.pipeline, query.since?.rfc3339, query.before?.rfc3339, query.limit]
            ).map(RunFacts.init)
        }
    }

    /// The newest run of a pipeline that came to one of these ends.
    public func lastRun(of pipeline: String, in states: Set<RunState>) throws -> RunFacts? {
        try reading { database in
            let marks = databaseQuestionMarks(count: states.count)
            return try Row.fetchOne(
                database, sql: "SELECT * FROM run WHERE pipeline = ? AND state IN (\(marks)) ORDER BY started_at DESC, run_id DESC LIMIT 1",
                arguments: [pipeline] + StatementArguments(states.map(\.rawValue).sorted())
            ).map(RunFacts.init)
        }
    }
}
