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
        try runs(
            where: """
                (?1 IS NULL OR pipeline_no = (SELECT word_no FROM word WHERE text = ?1)) AND (?2 IS NULL OR started_at >= ?2)
                  AND (?3 IS NULL OR started_at < ?3)
                """, limit: query.limit
        ) { select in
            select.bind(1, query.pipeline)
            select.bind(2, query.since)
            select.bind(3, query.before)
        }
    }

    /// The newest run of a pipeline that came to one of these ends.
    public func lastRun(of pipeline: String, in states: Set<RunState>) throws -> RunFacts? {
        let words = states.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
        return try runs(where: "pipeline_no = (SELECT word_no FROM word WHERE text = ?1) AND state IN (\(words))", limit: 1) {
            $0.bind(1, pipeline)
        }.first
    }

    private func runs(where condition: String, limit: Int, _ bind: (Prepared) -> Void) throws -> [RunFacts] {
        try reading { database in
            var words = LedgerWords(database)
            let select = try Prepared(
                database,
                "SELECT \(LedgerColumns.run) FROM run JOIN word ON word_no = run_no WHERE \(condition) ORDER BY started_at DESC, text DESC LIMIT ?4")
            bind(select)
            select.bind(4, limit)
            var found: [RunFacts] = []
            try select.forEachRow { found.append(try RunFacts(row: $0, words: &words)) }
            return found
        }
    }
}
