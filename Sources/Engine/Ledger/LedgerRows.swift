import Events
import GRDB

private func time(_ row: Row, _ column: String) -> Timestamp? {
    (row[column] as String?).flatMap { Timestamp(rfc3339: $0) }
}

private func requiredTime(_ row: Row, _ column: String) -> Timestamp { time(row, column) ?? Timestamp(nanoseconds: 0) }

extension RunFacts {
    init(row: Row) {
        self.init(
            runID: row["run_id"], pipeline: row["pipeline"], state: RunState(rawValue: row["state"]) ?? .failed,
            startedAt: requiredTime(row, "started_at"), endedAt: requiredTime(row, "ended_at"), settings: row["settings"],
            report: row["report"])
    }
}

/// The columns of a subject in the order in which `Subject.init(row:)` takes them: by place, since finding a column by its name costs more
/// than the look-up itself.
enum SubjectColumns {
    static let list = """
        subject_id, state, accepted_content, sent_content, settings, run_id, file, row, file_time, version, message, since, sent_file,
          sent_row, sent_file_time, sent_version, cause
        """
    static let select = "SELECT \(list) FROM subject WHERE pipeline = ? AND subject_id = ?"
}

extension Subject {
    init(row: Row) {
        func time(_ place: Int) -> Timestamp? { (row[place] as String?).flatMap { Timestamp(rfc3339: $0) } }
        let zero = Timestamp(nanoseconds: 0)
        self.init(
            id: row[0], state: SubjectState(rawValue: row[1]) ?? .unknown, acceptedContent: row[2], sentContent: row[3], settings: row[4],
            runID: row[5], file: row[6], row: row[7], fileTime: time(8) ?? zero, version: row[9], message: row[10], cause: row[16], since: time(11) ?? zero,
            sentFile: row[12], sentRow: row[13], sentFileTime: time(14), sentVersion: row[15])
    }
}

extension RejectedRow {
    init(row: Row) {
        self.init(
            runID: row["run_id"], file: row["file"], row: row["row"], subject: row["subject_id"], fileTime: requiredTime(row, "file_time"))
    }
}

extension HistoryEntry {
    init(row: Row) {
        let messages: String = row["messages"]
        let rules: String = row["rules"]
        let receipt = Receipt(
            subject: row["subject_id"], end: Receipt.End(rawValue: row["end"]) ?? .unknown, warned: row["warned"], file: row["file"],
            row: row["row"], fileTime: requiredTime(row, "file_time"), version: row["version"], content: row["content"],
            parcel: row["parcel"], handle: row["handle"], messages: messages.split(separator: "\n").map(String.init),
            rules: rules.split(separator: ",").map(String.init), newer: row["newer"], at: requiredTime(row, "at"))
        self.init(
            runID: row["run_id"], pipeline: row["pipeline"], receipt: receipt, postedAt: time(row, "posted_at"),
            endedAt: time(row, "ended_at"))
    }
}
