public import Engine
public import Events
public import ObjectStore

/// One durable fact of a run. What is not in the journal has not happened.
public enum SyncEntry: Sendable, Codable {
    case opened(RunOpening)
    /// Who writes from here on holds the pipeline's lease under this number, which rises with each holder. Only where a lease has one: on S3.
    case leased(number: Int, at: Timestamp)
    /// A person has let this run pass what an earlier one was held for.
    case released(Hold)
    /// Files of the landing zone that this run works on, oldest first.
    case checked([ClaimedFile], found: Int)
    /// Requests to send products again, taken before the files are claimed.
    case resending(ResendFacts)
    /// A claimed file is not the version any more that was claimed, and nothing was sent yet: the run begins again with `check`.
    case restarted(reason: String)
    case validated(ValidationFacts)
    case transformed(TransformFacts)

    /// About to post. Without a later word on the parcel its answer is lost.
    ///
    /// `items`: the requests counted in the body itself; `repeats`: the items that travelled before and may have been stored. From these the
    /// books count the items sent; the rows sent they count from the record, so the two cannot agree by accident.
    case posting(String, items: Int, repeats: Int, at: Timestamp)
    /// Answered in a way that proves that nothing of it was stored.
    case declined(String, reason: String, at: Timestamp)
    /// No answer came; it may have been stored.
    case answerLost(String, at: Timestamp)
    case posted(String, PostFacts, at: Timestamp)
    /// The parcel is replaced by others that hold its open items.
    case divided(String, [Parcel], reason: String)
    case judged(String, JudgeFacts, at: Timestamp)
    /// Meta ended the handle without a result (`error`, `canceled`), or does not know it.
    case handleFailed(String, status: String, at: Timestamp)
    case timedOut(String, at: Timestamp)
    /// Its open items stay unknown for good.
    case givenUp(String, reason: String, at: Timestamp)

    case archived(String, ArchiveOutcome)
    case finished(SyncStage, at: Timestamp)
    case closed(RunState, at: Timestamp, stop: StopFacts?)
}

public struct RunOpening: Sendable, Codable, Equatable {
    public var runID: String
    public var pipeline: String
    public var catalogID: String
    public var startedAt: Timestamp
    public var settings: String
    /// Ignores what is unchanged.
    public var full: Bool
    /// The rejected share does not stop the run; says who wanted it and why.
    public var acceptRejected: String?
    /// A full load is announced: guards that look at how much is sent are silent. Nil, as in journals of earlier versions: it is not.
    public var expectsFull: Bool?
    public var version: String
}

public struct ClaimedFile: Sendable, Codable, Equatable {
    /// Relative to `data/`.
    public var name: String
    public var object: ObjectInfo
}

public struct ValidationFacts: Sendable, Codable, Equatable {
    public struct File: Sendable, Codable, Equatable {
        public var name: String
        public var rows: Int
        public var rejected: Int
        public var sha256: String
        /// Why the whole file was refused: rule, line and words.
        public var refusal: Refusal?
    }

    public struct Refusal: Sendable, Codable, Equatable {
        public var rule: String
        public var line: Int
        public var value: String
        public var message: String
        public var remedy: String
    }

    public var files: [File]
    /// By a newer row of the same run.
    public var superseded: Int
    public var winners: Int
    public var findings: [FindingSummary]
    /// Nil: go on. Else why the run is `validation_failed`, and the way on.
    public var stop: StopFacts?
}

public struct StopFacts: Sendable, Codable, Equatable {
    public var code: ExitCode
    public var reason: String
    public var culprit: String
    public var detail: String
    public var remedy: String
}

public struct TransformFacts: Sendable, Codable, Equatable {
    /// Items in each batch, in order; batch 1 comes first.
    public var batches: [Int]
    /// By a row that was sent in an earlier run.
    public var superseded: Int
    public var unchanged: Int
    /// Those of them that Meta has refused as they are.
    public var stillRefused = 0
    /// Encoded, of all batches together.
    public var bytes: Int
    /// Of the rules that look at what was sent before.
    public var findings: [FindingSummary] = []
    /// Set: the run waits for a person, nothing is sent, and `batches` is empty.
    public var hold: HoldFacts?
    /// What the items have that is to be remembered once they are sent, by kind: hosts, currencies.
    public var seen: [String: [String]]? = nil
}

/// What Meta said at once about single items, by their index in the batch.
public struct PostFacts: Sendable, Codable, Equatable {
    public var handle: String?
    public var refused: [ItemMessage]
    public var warned: [ItemMessage]
    /// Errors that came beside a handle and named no open item of the parcel.
    public var unattributed = 0
    /// Items that travelled here first and are as if they had not: Meta took nothing, and did not name them.
    public var returned = 0
}

public struct JudgeFacts: Sendable, Codable, Equatable {
    public var refused: [ItemMessage]
    public var warned: [ItemMessage]
    /// Meta's totals: messages, not products.
    public var errors: Int
    public var warnings: Int
    /// True: errors were counted but the ids hidden, so the other items of the parcel have no verdict yet.
    public var hidden: Bool
}

public struct ItemMessage: Sendable, Codable, Equatable {
    public var index: Int
    public var message: String
}

public enum ArchiveOutcome: String, Sendable, Codable {
    case archived
    /// The newer version stays in the landing zone for the next run.
    case archivedSourceChanged = "archived_source_changed"
    case archivedSourceGone = "archived_source_gone"
    /// The version that was read cannot be had any more.
    case lost
    case refused
}
