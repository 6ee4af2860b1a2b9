public import Events

/// What every run says, whatever its pipeline does.
public enum EngineEvent: Event {
    case runStarted(version: String)
    case runResumed(entries: Int)
    case runEnded(state: RunState, books: Books, seconds: Double, endedAt: Timestamp)
    case runStopped(RunStop)
    /// It came to no journal: nothing was read, nothing changed.
    case runNotBegun(RunStop)
    case runAmended(state: RunState, books: Books)
    case stageStarted(String)
    case stageEnded(String, seconds: Double, failed: Bool = false)
    case booksUnbalanced(String)
    case leaseHeld(holder: String)
    /// A run of this process is at work on the pipeline.
    case pipelineBusy(since: Timestamp)
    case pipelineIdle

    public enum Name: String, EventName {
        case runStarted = "run.started"
        case runResumed = "run.resumed"
        case runEnded = "run.ended"
        case runStopped = "run.stopped"
        case runNotBegun = "run.could_not_begin"
        case runAmended = "run.amended"
        case stageStarted = "stage.started"
        case stageEnded = "stage.ended"
        case booksUnbalanced = "books.unbalanced"
        case leaseHeld = "lease.held"
        case pipelineBusy = "pipeline.busy"
        case pipelineIdle = "pipeline.idle"
    }

    public var name: Name {
        switch self {
        case .runStarted: .runStarted
        case .runResumed: .runResumed
        case .runEnded: .runEnded
        case .runStopped: .runStopped
        case .runNotBegun: .runNotBegun
        case .runAmended: .runAmended
        case .stageStarted: .stageStarted
        case .stageEnded: .stageEnded
        case .booksUnbalanced: .booksUnbalanced
        case .leaseHeld: .leaseHeld
        case .pipelineBusy: .pipelineBusy
        case .pipelineIdle: .pipelineIdle
        }
    }

    public func describe(to signal: inout Signal) {
        switch self {
        case .runStarted(let version):
            signal.say(.info, "Run started.")
            signal.begin(.run)
            signal.field(.version, version)
        case .runResumed(let entries):
            signal.say(.info, "Run resumed from its journal.")
            signal.begin(.run)
            signal.field(.count, entries)
        case .runEnded(let state, let books, let seconds, let endedAt):
            signal.say(state == .failed ? .error : .info, "Run ended: \(state.rawValue).")
            signal.end(.run, failed: state == .failed || state == .validationFailed)
            signal.field(.state, state.rawValue)
            signal.books(books)
            signal.field(.durationMilliseconds, Int(seconds * 1000))
            signal.add(.runs, 1, LabelValue(.state, state.rawValue))
            signal.add(.rowsHeld, books.rows.held)
            signal.set(.runDuration, seconds)
            signal.set(.unaccountedRows, Double(books.unaccountedRows))
            signal.set(.lastCompletion, endedAt.seconds)
            if state == .done || state == .nothingToDo, books.balanced { signal.set(.lastSuccess, endedAt.seconds) }
        case .runStopped(let stop):
            signal.say(.error, "Run stopped: \(stop.detail).")
            signal.field(.reason, stop.reason)
            signal.field(.culprit, stop.culprit)
            signal.field(.remedy, stop.remedy)
        case .runNotBegun(let stop):
            signal.say(.error, "Run could not begin: \(stop.detail).")
            signal.field(.reason, stop.reason)
            signal.field(.culprit, stop.culprit)
            signal.field(.remedy, stop.remedy)
            signal.add(.runs, 1, LabelValue(.state, RunState.failed.rawValue))
        case .runAmended(let state, let books):
            signal.say(.info, "Late verdicts amended the books of this run.")
            signal.end(.run)
            signal.field(.state, state.rawValue)
            signal.books(books)
        case .stageStarted:
            signal.say(.debug, "Stage started.")
            signal.begin(.stage)
        case .stageEnded(let stage, let seconds, let failed):
            signal.say(.info, "Stage ended.")
            signal.end(.stage, failed: failed)
            signal.field(.durationMilliseconds, Int(seconds * 1000))
            signal.observe(.stageDuration, seconds, LabelValue(.stage, stage))
        case .booksUnbalanced(let sum):
            signal.say(.error, "THE BOOKS DO NOT BALANCE. This is a defect of Vitrine: keep the run folder and report it.")
            signal.field(.reason, sum)
        case .leaseHeld(let holder):
            signal.say(.warning, "Another run holds the lease; this one ends.")
            signal.field(.culprit, holder)
        case .pipelineBusy(let since):
            signal.say(.debug, "A run is at work.")
            signal.set(.runStarted, since.seconds)
        case .pipelineIdle:
            signal.say(.debug, "No run is at work any more.")
            signal.set(.runStarted, 0)
        }
    }

    public static var examples: [EngineEvent] {
        var books = Books()
        books.rows.read = 103
        books.rows.rejected = 2
        books.rows.sent = 101
        books.items.sent = 101
        books.items.accepted = 100
        books.items.refused = 1
        let stop = RunStop(
            .permission, reason: "token", culprit: "catalog 1234567890", detail: "Meta does not accept the access token (190)",
            remedy: "Make a new system user token and set it in META_ACCESS_TOKEN")
        return [
            .runStarted(version: "0.1.0"), .runResumed(entries: 12),
            .runEnded(state: .doneWithErrors, books: books, seconds: 12.5, endedAt: Timestamp(year: 2026, month: 11, day: 21)),
            .runEnded(state: .done, books: books, seconds: 12.5, endedAt: Timestamp(year: 2026, month: 11, day: 21)),
            .runStopped(stop), .runNotBegun(stop), .runAmended(state: .done, books: books), .stageStarted("validate"), .stageEnded("validate", seconds: 0.25),
            .booksUnbalanced("101 rows sent, but 100 items sent"), .leaseHeld(holder: "run 20261121T080000Z-3fa4c1 (shop-1:4711)"),
            .pipelineBusy(since: Timestamp(year: 2026, month: 11, day: 21)), .pipelineIdle,
        ]
    }
}

extension Signal {
    mutating func books(_ books: Books) {
        field(.read, books.rows.read)
        field(.rejected, books.rows.rejected)
        field(.superseded, books.rows.superseded)
        field(.unchanged, books.rows.unchanged)
        field(.held, books.rows.held)
        field(.sent, books.rows.sent)
        field(.pending, books.rows.pending)
        field(.accepted, books.items.accepted)
        field(.warned, books.items.warned)
        field(.refused, books.items.refused)
        field(.unknown, books.items.unknown)
    }
}
