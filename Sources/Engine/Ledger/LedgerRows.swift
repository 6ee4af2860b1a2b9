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

extension Subject {
    init(row: Row) {
        self.init(
            id: row["subject_id"], state: SubjectState(rawValue: row["state"]) ?? .unknown, acceptedContent: row["accepted_content"],
            sentContent: row["sent_content"], settings: row["settings"], runID: row["run_id"], file: row["file"], row: row["row"],
            fileTime: requiredTime(row, "file_time"), version: row["version"], message: row["message"], since: requiredTime(row, "since"),
            sentFile: row["sent_file"], sentRow: row["sent_row"], sentFileTime: time(row, "sent_file_time"), sentVersion: row["sent_version"])
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
