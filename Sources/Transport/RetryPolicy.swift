/// Decides whether and when to try again. Pure: the caller waits, draws and remembers.
public struct RetryPolicy: Sendable, Equatable {
    public enum Decision: Sendable, Equatable {
        case retry(after: Duration)
        case giveUp(GiveUp)
    }

    public enum GiveUp: String, Sendable, CaseIterable {
        case attemptsUsedUp = "attempts_used_up"
        case budgetEmpty = "budget_empty"
        /// The peer asks for a longer pause than we are ready to make.
        case pauseTooLong = "pause_too_long"
    }

    public static let defaultAttemptLimit = 5
    public static let defaultLongestPause = Duration.seconds(60)

    /// Tries in all, the first included. At least 1.
    public var attemptLimit: Int
    public var backoff: Backoff
    /// Longest pause a peer may ask for.
    public var longestPause: Duration

    public init(
        attemptLimit: Int = RetryPolicy.defaultAttemptLimit, backoff: Backoff = Backoff(), longestPause: Duration = RetryPolicy.defaultLongestPause
    ) {
        self.attemptLimit = attemptLimit
        self.backoff = backoff
        self.longestPause = longestPause
    }

    /// What to do after try number `attempt` (from 1) failed in a way that a retry may heal.
    ///
    /// - Parameter asked: the pause the peer asked for (`Retry-After`). It is kept in full; the jitter comes on top, since every client was told the same.
    public func afterFailure(
        ofAttempt attempt: Int, asked: Duration? = nil, budget: inout RetryBudget, using generator: inout some RandomNumberGenerator
    ) -> Decision {
        guard attempt < attemptLimit else { return .giveUp(.attemptsUsedUp) }
        let asked = asked ?? .zero
        guard asked <= longestPause else { return .giveUp(.pauseTooLong) }
        guard budget.spend() else { return .giveUp(.budgetEmpty) }
        return .retry(after: asked + backoff.wait(afterFailure: attempt, using: &generator))
    }
}
