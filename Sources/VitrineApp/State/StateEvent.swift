public import Engine
public import Events

/// What a state in a bucket has to say.
public enum StateEvent: Event {
    /// The ledger was put back.
    case kept(place: String, bytes: Int)
    /// It could not be put back. Nothing is lost: the next process reads the runs back from their folders.
    case notKept(RunStop)
    /// The ledger was older than the run folders; so many runs were read back.
    case caughtUp(runs: Int)

    public enum Name: String, EventName {
        case kept = "state.kept"
        case notKept = "state.not_kept"
        case caughtUp = "state.caught_up"
    }

    public var name: Name {
        switch self {
        case .kept: .kept
        case .notKept: .notKept
        case .caughtUp: .caughtUp
        }
    }

    public func describe(to signal: inout Signal) {
        switch self {
        case .kept(let place, let bytes):
            signal.say(.debug, "The ledger was put back into its bucket.")
            signal.field(.url, place)
            signal.field(.bytes, bytes)
        case .notKept(let stop):
            signal.say(.error, "The ledger could not be put back into its bucket; the next process reads the runs back from their folders.")
            signal.field(.culprit, stop.culprit)
            signal.field(.reason, stop.detail)
            signal.field(.remedy, stop.remedy)
        case .caughtUp(let runs):
            signal.say(.warning, "The ledger in the bucket was older than the runs: what it had missed was read back from their folders.")
            signal.field(.count, runs)
        }
    }

    public static let examples: [StateEvent] = [
        .kept(place: "s3://shop-state/vitrine", bytes: 182_340),
        .notKept(RunStop(
            .serviceUnavailable, reason: "unreachable", culprit: "s3://shop-state/vitrine/ledger.sqlite.gz",
            detail: "s3 PutObject s3://shop-state/vitrine/ledger.sqlite.gz: SlowDown (503)", remedy: "Try again later.")),
        .caughtUp(runs: 2),
    ]
}
