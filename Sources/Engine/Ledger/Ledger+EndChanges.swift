public import Events
import GRDB

/// What was known of a subject after some run: the last word on it until then.
public struct KnownEnd: Sendable, Equatable {
    /// The run that said it.
    public var runID: String
    public var end: Receipt.End
    public var file: String
    public var row: Int
    public var message: String?
}

/// A subject whose end differs between two moments; nil: it had not been met.
public struct EndChange: Sendable, Equatable {
    public var subject: String
    public var before: KnownEnd?
    public var after: KnownEnd?
}

extension Ledger {
    /// Subjects on which the last word until `first` is another one than until `second`, by subject. Both are the beginnings of runs, whose own words
    /// count with them. A row that was superseded or unchanged says nothing new of its subject.
    public func forEachEndChange(pipeline: String, between first: Timestamp, and second: Timestamp, _ body: (EndChange) throws -> Void) throws {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return }
            let select = try Prepared(database, Self.endChanges)
            select.bind(1, number)
            select.bind(2, min(first, second))
            select.bind(3, max(first, second))
            select.bind(4, first)
            select.bind(5, second)
            try select.forEachRow { row in
                try body(EndChange(subject: row.text(0), before: try Self.knownEnd(row, 1, &words), after: try Self.knownEnd(row, 6, &words)))
            }
        }
    }

    private static let tellingEnds = [Receipt.End.accepted, .refused, .rejected, .unknown].map { String($0.code) }.joined(separator: ", ")

    /// Only subjects that a run between the two has met can have changed.
    private static let endChanges = """
        WITH met AS (
          SELECT DISTINCT v.subject_id FROM run r JOIN verdict v ON v.verdict_no BETWEEN r.run_no << 32 AND (r.run_no << 32 | 4294967295)
          WHERE r.pipeline_no = ?1 AND r.started_at > ?2 AND r.started_at <= ?3 AND v."end" IN (\(tellingEnds)) AND v.subject_id <> ''
        ), known AS (SELECT subject_id, \(lastWord("?4")) AS before_no, \(lastWord("?5")) AS after_no FROM met)
        SELECT k.subject_id, b.verdict_no, b."end", b.file_no, b.row, b.messages, a.verdict_no, a."end", a.file_no, a.row, a.messages
        FROM known k LEFT JOIN verdict b ON b.verdict_no = k.before_no LEFT JOIN verdict a ON a.verdict_no = k.after_no
        WHERE b."end" IS NOT a."end" ORDER BY k.subject_id
        """

    /// Within a run what was sent goes before a row that was stopped.
    private static func lastWord(_ until: String) -> String {
        """
        (SELECT x.verdict_no FROM verdict x JOIN run n ON n.run_no = x.verdict_no >> 32
          WHERE x.subject_id = met.subject_id AND x.pipeline_no = ?1 AND x."end" IN (\(tellingEnds)) AND n.started_at <= \(until)
          ORDER BY n.started_at DESC, x."end" = \(Receipt.End.rejected.code), x.verdict_no DESC LIMIT 1)
        """
    }

    private static func knownEnd(_ row: Prepared, _ first: Int, _ words: inout LedgerWords) throws -> KnownEnd? {
        guard let verdict = row.integerIfAny(first) else { return nil }
        return KnownEnd(
            runID: try words.text(verdict >> 32), end: Receipt.End(code: row.integer(first + 1)) ?? .unknown,
            file: try words.text(row.integer(first + 2)), row: row.number(first + 3),
            message: row.text(first + 4).split(separator: "\n").first.map(String.init))
    }
}
