public import Events
import FoundationEssentials
import GRDB

/// One subject as it was sent by one run.
public struct Delivery: Sendable, Equatable {
    public var subject: String
    public var runID: String
    public var runStartedAt: Timestamp
    public var end: Receipt.End
    /// The parcel that had the last word on it.
    public var parcel: String?
    public var content: Fingerprint?
    public var file: String
    public var row: Int
    public var message: String?
    public var at: Timestamp
}

extension Ledger {
    /// What a run sent, by subject, behind `after`; at most `limit`.
    public func deliveries(of runID: String, after: String? = nil, limit: Int) throws -> [Delivery] {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(runID) else { return [] }
            let verdicts = LedgerWriter.verdictNumbers(ofRun: number)
            let select = try Prepared(
                database,
                "\(Self.selectDelivery) WHERE v.verdict_no BETWEEN ?1 AND ?2 AND v.\"end\" IN (\(Self.sentEnds)) AND v.subject_id > ?3 ORDER BY v.subject_id LIMIT ?4")
            select.bind(1, verdicts.lowerBound)
            select.bind(2, verdicts.upperBound)
            select.bind(3, after ?? "")
            select.bind(4, limit)
            return try Self.deliveries(select, &words)
        }
    }

    /// The same of one subject.
    public func deliveries(of runID: String, only subject: String) throws -> [Delivery] {
        try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(runID) else { return [] }
            let verdicts = LedgerWriter.verdictNumbers(ofRun: number)
            let select = try Prepared(
                database, "\(Self.selectDelivery) WHERE v.subject_id = ?1 AND v.verdict_no BETWEEN ?2 AND ?3 AND v.\"end\" IN (\(Self.sentEnds))")
            select.bind(1, subject)
            select.bind(2, verdicts.lowerBound)
            select.bind(3, verdicts.upperBound)
            return try Self.deliveries(select, &words)
        }
    }

    /// For each of these subjects the last time that it was sent, whatever came of it, or that it was accepted; before `runID` began where one is
    /// given. Those that never were are missing. Ask for some thousand at once.
    public func lastDeliveries(_ ids: [String], pipeline: String, onlyAccepted: Bool, beforeRun runID: String? = nil) throws -> [String: Delivery] {
        let list = String(decoding: try JSONEncoder().encode(ids), as: UTF8.self)
        return try reading { database in
            var words = LedgerWords(database)
            guard let number = try words.numberIfAny(pipeline) else { return [:] }
            let ends = onlyAccepted ? "\(Receipt.End.accepted.code)" : Self.sentEnds
            let bound = runID == nil ? "" : "AND r.started_at < (SELECT started_at FROM run WHERE run_no = (SELECT word_no FROM word WHERE text = ?3))"
            // Few verdicts of one subject are sorted; the order of the runs decides, since a late verdict is written down late.
            let select = try Prepared(
                database,
                """
                \(Self.selectDelivery) WHERE v.verdict_no IN (
                  SELECT (SELECT x.verdict_no FROM verdict x JOIN run r ON r.run_no = x.verdict_no >> 32
                    WHERE x.subject_id = wanted.value AND x.pipeline_no = ?1 AND x."end" IN (\(ends)) \(bound)
                    ORDER BY r.started_at DESC, x.verdict_no DESC LIMIT 1) FROM json_each(?2) wanted)
                """)
            select.bind(1, number)
            select.bind(2, list)
            if let runID { select.bind(3, runID) }
            return Dictionary(try Self.deliveries(select, &words).map { ($0.subject, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    private static let sentEnds = [Receipt.End.accepted, .refused, .unknown].map { String($0.code) }.joined(separator: ", ")

    private static let selectDelivery = """
        SELECT v.subject_id, v.verdict_no >> 32, n.started_at, v."end", v.parcel, v.content, v.file_no, v.row, v.messages, v.at
        FROM verdict v JOIN run n ON n.run_no = v.verdict_no >> 32
        """

    private static func deliveries(_ select: Prepared, _ words: inout LedgerWords) throws -> [Delivery] {
        var found: [Delivery] = []
        try select.forEachRow { row in
            found.append(
                Delivery(
                    subject: row.text(0), runID: try words.text(row.integer(1)), runStartedAt: row.time(2),
                    end: Receipt.End(code: row.integer(3)) ?? .unknown, parcel: row.textIfAny(4), content: row.fingerprint(5),
                    file: try words.text(row.integer(6)), row: row.number(7),
                    message: row.text(8).split(separator: "\n").first.map(String.init), at: row.time(9)))
        }
        return found
    }
}
