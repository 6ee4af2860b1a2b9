public import Events

public struct RunFacts: Sendable, Equatable {
    public var runID: String
    public var pipeline: String
    public var state: RunState
    public var startedAt: Timestamp
    public var endedAt: Timestamp
    /// The fingerprint of the settings that judge and shape rows; when it changes, refused subjects are tried once more.
    public var settings: String
    /// The stored report, JSON.
    public var report: String

    public init(
        runID: String, pipeline: String, state: RunState, startedAt: Timestamp, endedAt: Timestamp, settings: String, report: String
    ) {
        self.runID = runID
        self.pipeline = pipeline
        self.state = state
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.settings = settings
        self.report = report
    }
}

public struct FileFacts: Sendable, Equatable {
    public var name: String
    public var outcome: String
    public var rows: Int
    public var sha256: String?

    public init(name: String, outcome: String, rows: Int, sha256: String?) {
        self.name = name
        self.outcome = outcome
        self.rows = rows
        self.sha256 = sha256
    }
}

public struct ParcelFacts: Sendable, Equatable {
    public var name: String
    public var handle: String?
    public var items: Int
    public var outcome: String
    public var postedAt: Timestamp?
    public var endedAt: Timestamp?

    public init(name: String, handle: String?, items: Int, outcome: String, postedAt: Timestamp?, endedAt: Timestamp?) {
        self.name = name
        self.handle = handle
        self.items = items
        self.outcome = outcome
        self.postedAt = postedAt
        self.endedAt = endedAt
    }
}

/// What is known of a subject now. `rejected` means that its newest row was stopped by our checks; what the far side has may be older.
public enum SubjectState: String, Sendable, Codable, CaseIterable {
    case accepted, refused, rejected, unknown
}

public struct Subject: Sendable, Equatable {
    public var id: String
    public var state: SubjectState
    /// Fingerprint of what the far side accepted last. Nil once something newer was sent that it has not accepted.
    public var acceptedContent: Fingerprint?
    /// Fingerprint of what was sent last.
    public var sentContent: Fingerprint?
    public var settings: String
    public var runID: String
    public var file: String
    public var row: Int
    public var fileTime: Timestamp
    public var version: String?
    public var message: String?
    /// Why it is not accepted, in a word that subjects with the same remedy share; see `Receipt.cause`.
    public var cause: String?
    public var since: Timestamp
    /// The place of the newest row that says what was sent last, for deciding which of two rows is newer. The row that was sent, or a later
    /// one that said the same.
    public var sentFile: String?
    public var sentRow: Int?
    public var sentFileTime: Timestamp?
    public var sentVersion: String?
    /// Of what was sent last.
    public var traits: Traits
}

/// A row that a run rejected, and where it stood.
public struct RejectedRow: Sendable, Equatable {
    public var runID: String
    public var file: String
    public var row: Int
    /// Empty where the row had none.
    public var subject: String
    public var fileTime: Timestamp

    public init(runID: String, file: String, row: Int, subject: String, fileTime: Timestamp) {
        self.runID = runID
        self.file = file
        self.row = row
        self.subject = subject
        self.fileTime = fileTime
    }
}

/// One thing that happened to a subject in one run.
public struct HistoryEntry: Sendable, Equatable {
    public var runID: String
    public var pipeline: String
    public var receipt: Receipt
    public var postedAt: Timestamp?
    public var endedAt: Timestamp?
}
