import Events
import GRDB

/// Columns in the order in which the initialisers below take them: by place, since finding a column by its name costs more than the look-up
/// itself.
enum LedgerColumns {
    static let subject = """
        s.subject_id, s.state, s.accepted_content, s.sent_content, s.settings_no, s.run_no, s.file_no, s.row, s.file_time, s.version, s.message,
        s.since, s.sent_file_no, s.sent_row, s.sent_file_time, s.sent_version, s.likeness, s.amount, s.unit, s.standing, s.cause_no
        """
    static let run = "run_no, pipeline_no, state, started_at, ended_at, settings_no, report"
    static let verdict = """
        v.verdict_no, v.pipeline_no, v.subject_id, v."end", v.warned, v.file_no, v.row, v.file_time, v.version, v.content, v.likeness, v.amount,
        v.unit, v.standing, v.parcel, v.messages, v.rules, v.newer, v.at
        """
}

extension RunFacts {
    init(row: Prepared, words: inout LedgerWords) throws {
        self.init(
            runID: try words.text(row.integer(0)), pipeline: try words.text(row.integer(1)), state: RunState(rawValue: row.text(2)) ?? .failed,
            startedAt: row.time(3), endedAt: row.time(4), settings: try words.text(row.integer(5)), report: row.text(6))
    }
}

extension Traits {
    /// Four columns from `first` on. Nil where none of them says anything.
    init?(row: Prepared, first: Int) {
        self.init(
            likeness: row.fingerprint(first), amount: row.integerIfAny(first + 1), unit: row.textIfAny(first + 2), standing: row.textIfAny(first + 3))
        if self == Traits() { return nil }
    }
}

extension Subject {
    init(row: Prepared, words: inout LedgerWords) throws {
        self.init(
            id: row.text(0), state: SubjectState(code: row.integer(1)) ?? .unknown, acceptedContent: row.fingerprint(2),
            sentContent: row.fingerprint(3), settings: try words.text(row.integer(4)), runID: try words.text(row.integer(5)),
            file: try words.text(row.integer(6)), row: row.number(7), fileTime: row.time(8), version: row.textIfAny(9), message: row.textIfAny(10),
            cause: try row.integerIfAny(20).map { try words.text($0) }, since: row.time(11), sentFile: try row.integerIfAny(12).map { try words.text($0) }, sentRow: row.integerIfAny(13).map { Int($0) },
            sentFileTime: row.timeIfAny(14), sentVersion: row.textIfAny(15), traits: Traits(row: row, first: 16) ?? Traits())
    }
}

extension HistoryEntry {
    /// The columns of a verdict, then handle, posted_at and ended_at of its parcel.
    init(row: Prepared, words: inout LedgerWords) throws {
        let receipt = Receipt(
            subject: row.text(2), end: Receipt.End(code: row.integer(3)) ?? .unknown, warned: row.integer(4) != 0,
            file: try words.text(row.integer(5)), row: row.number(6), fileTime: row.time(7), version: row.textIfAny(8), content: row.fingerprint(9),
            traits: Traits(row: row, first: 10), parcel: row.textIfAny(14), handle: row.textIfAny(19),
            messages: row.text(15).split(separator: "\n").map(String.init), rules: row.text(16).split(separator: ",").map(String.init),
            newer: row.textIfAny(17), at: row.time(18))
        self.init(
            runID: try words.text(row.integer(0) >> 32), pipeline: try words.text(row.integer(1)), receipt: receipt, postedAt: row.timeIfAny(20),
            endedAt: row.timeIfAny(21))
    }
}
