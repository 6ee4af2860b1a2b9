import GRDB

/// Which subjects a question is about, and how many of them are told at once. They come by state and id, which an index has ready.
public struct SubjectQuery: Sendable, Equatable {
    public var pipeline: String
    public var states: Set<SubjectState>
    /// Only those with this cause.
    public var cause: String?
    /// Only those whose id or message has this in it, whatever the case of its ASCII letters. Looks at each subject of the states.
    public var text: String?
    /// Only what comes behind this one: the last of the page before.
    public var after: SubjectCursor?
    /// 1...`mostAtOnce`
    public var limit: Int

    /// The most subjects of one page.
    public static let mostAtOnce = 10_000

    public init(
        pipeline: String, states: Set<SubjectState>, cause: String? = nil, text: String? = nil, after: SubjectCursor? = nil, limit: Int
    ) {
        self.pipeline = pipeline
        self.states = states
        self.cause = cause
        self.text = text
        self.after = after
        self.limit = min(max(limit, 1), Self.mostAtOnce)
    }
}

/// A place in the list of subjects.
public struct SubjectCursor: Sendable, Equatable {
    public var state: SubjectState
    public var id: String

    public init(state: SubjectState, id: String) {
        self.state = state
        self.id = id
    }

    /// `refused:SKU-1`, for an address of a page.
    public var text: String { "\(state.rawValue):\(id)" }

    public init?(text: String) {
        guard let colon = text.firstIndex(of: ":"), let state = SubjectState(rawValue: String(text[..<colon])) else { return nil }
        self.init(state: state, id: String(text[text.index(after: colon)...]))
    }
}

/// How many subjects share a state and a cause.
public struct CauseCount: Sendable, Equatable {
    public var state: SubjectState
    public var cause: String?
    public var count: Int
    /// The first of them by id.
    public var example: String
}

extension Ledger {
    /// A page of subjects.
    public func subjects(_ query: SubjectQuery) throws -> [Subject] {
        try reading { database in
            var found: [Subject] = []
            // One question for each state: SQLite then reads the index in its order and stops at the limit.
            for state in query.states.sorted(by: { $0.rawValue < $1.rawValue }) where found.count < query.limit {
                var after: String?
                if let cursor = query.after {
                    if state.rawValue < cursor.state.rawValue { continue }
                    if state == cursor.state { after = cursor.id }
                }
                found += try Self.page(of: query, state, after: after, limit: query.limit - found.count, database)
            }
            return found
        }
    }

    private static func page(of query: SubjectQuery, _ state: SubjectState, after: String?, limit: Int, _ database: Database) throws -> [Subject] {
        var sql = "SELECT \(SubjectColumns.list) FROM subject WHERE pipeline = ? AND state = ?"
        var arguments: StatementArguments = [query.pipeline, state.rawValue]
        if let cause = query.cause {
            sql += " AND cause = ?"
            arguments += [cause]
        }
        if let after {
            sql += " AND subject_id > ?"
            arguments += [after]
        }
        if let text = query.text, !text.isEmpty {
            sql += " AND (instr(lower(subject_id), lower(?)) OR instr(lower(coalesce(message, '')), lower(?)))"
            arguments += [text, text]
        }
        sql += " ORDER BY subject_id LIMIT ?"
        arguments += [limit]
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map(Subject.init)
    }

    /// How many subjects a question is about, whatever its page. With a text each of them is looked at.
    public func subjectCount(_ query: SubjectQuery) throws -> Int {
        try reading { database in
            try query.states.reduce(0) { sum, state in
                var sql = "SELECT COUNT(*) FROM subject WHERE pipeline = ? AND state = ?"
                var arguments: StatementArguments = [query.pipeline, state.rawValue]
                if let cause = query.cause {
                    sql += " AND cause = ?"
                    arguments += [cause]
                }
                if let text = query.text, !text.isEmpty {
                    sql += " AND (instr(lower(subject_id), lower(?)) OR instr(lower(coalesce(message, '')), lower(?)))"
                    arguments += [text, text]
                }
                return sum + (try Int.fetchOne(database, sql: sql, arguments: arguments) ?? 0)
            }
        }
    }

    /// Subjects by state and cause, the most frequent first, at most `limit` causes of each state. Read from an index alone.
    public func causeCounts(pipeline: String, states: Set<SubjectState>, limit: Int) throws -> [CauseCount] {
        try reading { database in
            try states.flatMap { state in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT cause, COUNT(*), MIN(subject_id) FROM subject WHERE pipeline = ? AND state = ?
                        GROUP BY cause ORDER BY COUNT(*) DESC, cause LIMIT ?
                        """, arguments: [pipeline, state.rawValue, limit]
                ).map { CauseCount(state: state, cause: $0[0], count: $0[1], example: $0[2]) }
            }.sorted { ($1.count, $0.state.rawValue, $0.cause ?? "") < ($0.count, $1.state.rawValue, $1.cause ?? "") }
        }
    }
}
