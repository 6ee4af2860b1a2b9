public import Engine
public import Events
public import MetaCatalog

/// What happens in a catalogue sync, one case each. Row-path cases say their text in fields only, so that a line costs no building of text.
public enum SyncEvent: Event {
    case landingListed(files: Int, oldest: Timestamp?)
    case fileClaimed(file: String, bytes: Int, modified: Timestamp)
    case fileSkipped(file: String, reason: String)
    case fileRefused(file: String, ValidationFacts.Refusal)
    case fileArchived(file: String, outcome: String)
    case fileSeenBefore(file: String, runID: String)
    case rowsValidated(file: String, read: Int, rejected: Int)
    case findingsCounted(rule: String, severity: String, count: Int)
    case rowRejected(file: String, row: Int, productID: String, rule: String, column: String, value: String, hint: String)
    case rowSuperseded(file: String, row: Int, productID: String, newerFile: String, newerRow: Int)
    case validationFailed(StopFacts)
    case rejectedAccepted(reason: String)
    case runRestarted(reason: String)
    case rowsTransformed(winners: Int, unchanged: Int, superseded: Int, items: Int, batches: Int)
    case batchPrepared(batch: String, items: Int, bytes: Int)
    /// On its way, with the first of its tries.
    case batchPosting(batch: String, items: Int)
    case batchSent(batch: String, handle: String, items: Int, refused: Int, attempt: Int, seconds: Double)
    case batchRefused(batch: String, items: Int, message: String)
    case batchDivided(batch: String, into: String, reason: String)
    case callFailed(batch: String, CallFailure, attempt: Int, wait: Duration)
    case throttled(batch: String, CallFailure, wait: Duration)
    /// One try of one call; `status` where there was an answer.
    case called(API, CallOutcome, seconds: Double, batch: String, attempt: Int, status: Int?, CatalogClient.Address)
    case quotaRead(quota: String, ratio: Double)
    case handleAsked(batch: String, handle: String)
    case handlePolled(batch: String, handle: String, status: String)
    case handleFinished(batch: String, handle: String, errors: Int, warnings: Int, seconds: Double, ItemCounts)
    case handleFailed(batch: String, handle: String, status: String)
    case handleTimedOut(batch: String, handle: String, seconds: Double)
    case itemsGivenUp(batch: String, items: Int, reason: String)
    /// - Parameter told: what was said before of the same run.
    case itemsUnknown(items: Int, told: Int)
    case itemRefused(productID: String, file: String, row: Int, batch: String, handle: String?, message: String)
    case runSettled(runID: String, state: RunState, items: Int)
    /// What the ledger knows at the end of a run; a state without products may be missing.
    /// - Parameter unresolved: items, of whatever run, whose verdict is still asked for.
    case productsCounted([SubjectState: Int], unresolved: Int)
    case retentionSwept(objects: Int)
    /// A person's word that products are to be sent again; the next run takes it.
    case resendRequested(author: String, what: String, reason: String)
    case resendTaken(author: String, what: String, reason: String)
    case resendGathered(items: Int, skipped: Int)
    case productNotResent(productID: String, reason: String)
    /// Guards want a person before anything is sent.
    case runHeld(StopFacts)
    /// No run begins while one is held.
    case runStillHeld(reason: String, remedy: String)
    case runReleased(author: String, reason: String)
    /// The word of a person who released an earlier run lets this one pass.
    case releaseTaken(runID: String, author: String, reason: String)
    case runDiscarded(files: Int, author: String, reason: String)
    case fileDiscarded(file: String, author: String, reason: String)
    /// The lines of this run are not in its folder; other sinks have them.
    case runLogLost(reason: String)
    /// The mark of an open run could not be taken away from one that has ended; the next run does it.
    case runMarkLeft(reason: String)
    /// The log in the run's folder came to its bound; it ends with this line.
    case runLogCut(lines: Int)

    /// Meta's edges, as the label `api`.
    public enum API: String, Sendable, CaseIterable {
        case itemsBatch = "items_batch"
        case status = "check_batch_request_status"
    }

    /// The quotas that Meta documents ("Rate Limits", business use cases), as the label `quota`: Meta may send any word there, and a label has
    /// a closed list. What is not on it is `other`; the log line has Meta's word.
    public enum Quota: String, Sendable, CaseIterable {
        case adAccount = "ad_account"
        case adsInsights = "ads_insights"
        case adsManagement = "ads_management"
        case app
        case catalogBatch = "catalog_batch"
        case catalogManagement = "catalog_management"
        case customAudience = "custom_audience"
        case instagram, leadgen, messenger, pages, other
    }

    public enum CallOutcome: String, Sendable, CaseIterable {
        case ok, throttled, transient, refused

        init(_ kind: FailureKind) {
            switch kind {
            case .throttled: self = .throttled
            case .transient, .lostAnswer, .unreachable, .malformedAnswer, .cancelled: self = .transient
            case .tooLarge, .authentication, .permission, .badRequest, .dataRefused, .versionRetired: self = .refused
            }
        }
    }

    public struct ItemCounts: Sendable, Equatable {
        public var accepted = 0
        public var warned = 0
        public var refused = 0
    }

    public enum Name: String, EventName {
        case landingListed = "landing.listed"
        case fileClaimed = "file.claimed"
        case fileSkipped = "file.skipped"
        case fileRefused = "file.refused"
        case fileArchived = "file.archived"
        case fileSeenBefore = "file.seen_before"
        case rowsValidated = "rows.validated"
        case findingsCounted = "findings.counted"
        case rowRejected = "row.rejected"
        case rowSuperseded = "row.superseded"
        case validationFailed = "validation.failed"
        case rejectedAccepted = "validation.accepted"
        case runRestarted = "run.restarted"
        case rowsTransformed = "rows.transformed"
        case batchPrepared = "batch.prepared"
        case batchPosting = "batch.posting"
        case batchSent = "batch.sent"
        case batchRefused = "batch.refused"
        case batchDivided = "batch.divided"
        case callFailed = "call.failed"
        case throttled = "call.throttled"
        case called = "call.ended"
        case quotaRead = "quota.read"
        case handleAsked = "handle.asked"
        case handlePolled = "handle.polled"
        case handleFinished = "handle.finished"
        case handleFailed = "handle.failed"
        case handleTimedOut = "handle.timed_out"
        case itemsGivenUp = "items.given_up"
        case itemsUnknown = "items.unknown"
        case itemRefused = "item.refused"
        case runSettled = "run.settled"
        case productsCounted = "products.counted"
        case retentionSwept = "retention.swept"
        case resendRequested = "resend.requested"
        case resendTaken = "resend.taken"
        case resendGathered = "resend.gathered"
        case productNotResent = "item.not_resent"
        case runHeld = "run.held"
        case runStillHeld = "run.still_held"
        case runReleased = "run.released"
        case releaseTaken = "run.release_taken"
        case runDiscarded = "run.discarded"
        case fileDiscarded = "file.discarded"
        case runLogLost = "run.log_lost"
        case runMarkLeft = "run.mark_left"
        case runLogCut = "run.log_cut"
    }

    public var name: Name {
        switch self {
        case .landingListed: .landingListed
        case .fileClaimed: .fileClaimed
        case .fileSkipped: .fileSkipped
        case .fileRefused: .fileRefused
        case .fileArchived: .fileArchived
        case .fileSeenBefore: .fileSeenBefore
        case .rowsValidated: .rowsValidated
        case .findingsCounted: .findingsCounted
        case .rowRejected: .rowRejected
        case .rowSuperseded: .rowSuperseded
        case .validationFailed: .validationFailed
        case .rejectedAccepted: .rejectedAccepted
        case .runRestarted: .runRestarted
        case .rowsTransformed: .rowsTransformed
        case .batchPrepared: .batchPrepared
        case .batchPosting: .batchPosting
        case .batchSent: .batchSent
        case .batchRefused: .batchRefused
        case .batchDivided: .batchDivided
        case .callFailed: .callFailed
        case .throttled: .throttled
        case .called: .called
        case .quotaRead: .quotaRead
        case .handleAsked: .handleAsked
        case .handlePolled: .handlePolled
        case .handleFinished: .handleFinished
        case .handleFailed: .handleFailed
        case .handleTimedOut: .handleTimedOut
        case .itemsGivenUp: .itemsGivenUp
        case .itemsUnknown: .itemsUnknown
        case .itemRefused: .itemRefused
        case .runSettled: .runSettled
        case .productsCounted: .productsCounted
        case .retentionSwept: .retentionSwept
        case .resendRequested: .resendRequested
        case .resendTaken: .resendTaken
        case .resendGathered: .resendGathered
        case .productNotResent: .productNotResent
        case .runHeld: .runHeld
        case .runStillHeld: .runStillHeld
        case .runReleased: .runReleased
        case .releaseTaken: .releaseTaken
        case .runDiscarded: .runDiscarded
        case .fileDiscarded: .fileDiscarded
        case .runLogLost: .runLogLost
        case .runMarkLeft: .runMarkLeft
        case .runLogCut: .runLogCut
        }
    }
}
