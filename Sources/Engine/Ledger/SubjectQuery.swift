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
            var words = LedgerWords(database)
            var found: [Subject] = []
            // One question for each state: SQLite then reads the index in its order and stops at the limit.
            for state in query.states.sorted(by: { $0.rawValue < $1.rawValue }) where found.count < query.limit {
                var after: String?
                if let cursor = query.after {
                    if state.rawValue < cursor.state.rawValue { continue }
                    if state == cursor.state { after = cursor.id }
                }
                guard let select = try SubjectSelection(query, state, after: after).prepare("\(LedgerColumns.subject)", database, &words) else { continue }
                select.bind(SubjectSelection.limitPlace, query.limit - found.count)
                try select.forEachRow { found.append(try Subject(row: $0, words: &words)) }
            }
            return found
        }
    }

    /// How many subjects a question is about, whatever its page. With a text each of them is looked at.
    public func subjectCount(_ query: SubjectQuery) throws -> Int {
        try reading { database in
            var words = LedgerWords(database)
            var count = 0
            for state in query.states {
                guard let select = try SubjectSelection(query, state, after: nil).prepare("COUNT(*)", database, &words) else { continue }
                select.bind(SubjectSelection.limitPlace, 1)
                try select.forEachRow { count += $0.number(0) }
            }
            return count
        }
    }

    /// Subjects that are not accepted by state and cause, the most frequent first, at most `limit` causes of each state. Read from an index alone.
    public func causeCounts(pipeline: String, states: Set<SubjectState>, limit: Int) throws -> [CauseCount] {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return [] }
            var found: [CauseCount] = []
            for state in states.subtracting([.accepted]) {
                let select = try Prepared(
                    database,
                    """
                    SELECT cause_no, COUNT(*), MIN(subject_id) FROM subject INDEXED BY subject_by_cause
                    WHERE pipeline_no = ?1 AND state = \(state.code) AND state <> 0
                    GROUP BY cause_no ORDER BY COUNT(*) DESC, cause_no LIMIT ?2
                    """)
                select.bind(1, number)
                select.bind(2, limit)
                try select.forEachRow { row in
                    let cause = try row.integerIfAny(0).map { try words.text($0) }
                    found.append(CauseCount(state: state, cause: cause, count: row.number(1), example: row.text(2)))
                }
            }
            return found.sorted { ($1.count, $0.state.rawValue, $0.cause ?? "") < ($0.count, $1.state.rawValue, $1.cause ?? "") }
        }
    }
}

/// The subjects of one state that a question is about.
private struct SubjectSelection {
    private let query: SubjectQuery
    private let state: SubjectState
    private let after: String?

    static let limitPlace = 5

    init(_ query: SubjectQuery, _ state: SubjectState, after: String?) {
        self.query = query
        self.state = state
        self.after = after
    }

    /// Nil where the ledger knows no such pipeline or cause.
    func prepare(_ columns: String, _ database: Database, _ words: inout LedgerWords) throws -> Prepared? {
        guard let pipeline = try words.numberIfAny(query.pipeline) else { return nil }
        let text = query.text.flatMap { $0.isEmpty ? nil : $0 }
        // Nearly all subjects are accepted and have the table for their index. Those of the others are named: SQLite would weigh them by guess.
        let index = state == .accepted ? "" : " INDEXED BY \(query.cause == nil ? "subject_by_state" : "subject_by_cause")"
        var sql = "SELECT \(columns) FROM subject s\(index) WHERE s.pipeline_no = ?1 AND s.state = \(state.code)"
        if state != .accepted { sql += " AND s.state <> 0" }
        if after != nil { sql += " AND s.subject_id > ?2" }
        if text != nil { sql += " AND (instr(lower(s.subject_id), lower(?3)) OR instr(lower(coalesce(s.message, '')), lower(?3)))" }
        if query.cause != nil { sql += " AND s.cause_no = ?4" }
        let select = try Prepared(database, sql + " ORDER BY s.subject_id LIMIT ?\(Self.limitPlace)")
        select.bind(1, pipeline)
        if let after { select.bind(2, after) }
        if let text { select.bind(3, text) }
        if let cause = query.cause {
            guard let number = try words.numberIfAny(cause) else { return nil }
            select.bind(4, number)
        }
        return select
    }
}
