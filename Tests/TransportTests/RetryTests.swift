import Testing
import Transport

/// A fixed sequence of draws, to put the jitter where a test wants it.
struct Draws: RandomNumberGenerator {
    var values: [UInt64]
    mutating func next() -> UInt64 { values.count > 1 ? values.removeFirst() : values[0] }
    static let lowest = Draws(values: [0])
    static let highest = Draws(values: [.max])
}

@Suite("Waiting and trying again")
struct RetryTests {
    @Test("the ceiling doubles with each failure up to the cap", arguments: zip(1...7, [1, 2, 4, 8, 10, 10, 10]))
    func ceiling(failure: Int, seconds: Int) {
        #expect(Backoff(base: .seconds(1), cap: .seconds(10)).ceiling(afterFailure: failure) == .seconds(seconds))
    }

    @Test("the ceiling does not overflow", arguments: [0, -1, 1_000_000])
    func extremes(failure: Int) {
        #expect(Backoff(base: .seconds(1), cap: .seconds(10)).ceiling(afterFailure: failure) == (failure < 1 ? .seconds(1) : .seconds(10)))
    }

    @Test("full jitter draws from zero to the ceiling, both included")
    func jitter() {
        let backoff = Backoff(base: .seconds(1), cap: .seconds(10))
        var lowest = Draws.lowest
        var highest = Draws.highest
        #expect(backoff.wait(afterFailure: 3, using: &lowest) == .zero)
        #expect(backoff.wait(afterFailure: 3, using: &highest) == .seconds(4))
    }

    @Test("a retry takes a token and its refund comes back with each answer")
    func budget() {
        var budget = RetryBudget(capacity: 2, refund: 0.125)
        var spent = (1...3).map { _ in budget.spend() }
        for _ in 0..<7 { budget.answered() }
        spent.append(budget.spend())
        budget.answered()
        spent.append(budget.spend())
        spent.append(budget.spend())
        #expect(spent == [true, true, false, false, true, false])
    }

    @Test("answers never fill the budget above its capacity")
    func budgetCap() {
        var budget = RetryBudget(capacity: 1, refund: 1)
        for _ in 0..<5 { budget.answered() }
        #expect(budget.tokens == 1)
    }

    @Test("a failure is retried until the attempts are used up")
    func attempts() {
        let policy = RetryPolicy(attemptLimit: 3, backoff: Backoff(base: .seconds(1), cap: .seconds(10)))
        var budget = RetryBudget()
        var draws = Draws.highest
        let decisions = (1...3).map { policy.afterFailure(ofAttempt: $0, budget: &budget, using: &draws) }
        #expect(decisions == [.retry(after: .seconds(1)), .retry(after: .seconds(2)), .giveUp(.attemptsUsedUp)])
        #expect(budget.tokens == budget.capacity - 2)
    }

    @Test("an empty budget ends the retries before the attempts do")
    func emptyBudget() {
        var budget = RetryBudget(capacity: 1, refund: 0)
        var draws = Draws.highest
        let policy = RetryPolicy()
        let decisions = (1...2).map { _ in policy.afterFailure(ofAttempt: 1, budget: &budget, using: &draws) }
        #expect(decisions == [.retry(after: policy.backoff.base), .giveUp(.budgetEmpty)])
    }

    @Test("a pause the peer asks for is kept in full, one that is too long ends the retries without spending")
    func askedPause() {
        let policy = RetryPolicy(backoff: Backoff(base: .seconds(1), cap: .seconds(10)), longestPause: .seconds(60))
        var budget = RetryBudget()
        var draws = Draws.lowest
        let decisions = [60, 61].map { policy.afterFailure(ofAttempt: 1, asked: .seconds($0), budget: &budget, using: &draws) }
        #expect(decisions == [.retry(after: .seconds(60)), .giveUp(.pauseTooLong)])
        #expect(budget.tokens == budget.capacity - 1)
    }
}
