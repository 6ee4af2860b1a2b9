/// A bucket of tokens that all calls to one peer share: a retry takes one, an answer puts a part of one back. In an outage the retries
/// soon come to an end instead of multiplying the load.
///
/// Source of the idea: gRPC retry throttling (gRFC A6).
public struct RetryBudget: Sendable, Equatable {
    public static let defaultCapacity = 20.0
    public static let defaultRefund = 0.1

    public let capacity: Double
    /// Tokens that an answer puts back. 0.1 lets at most one call in ten be a retry in the long run.
    public let refund: Double
    public private(set) var tokens: Double

    /// Starts full.
    public init(capacity: Double = RetryBudget.defaultCapacity, refund: Double = RetryBudget.defaultRefund) {
        precondition(capacity >= 0 && refund >= 0, "a retry budget of \(capacity) with refund \(refund)")
        self.capacity = capacity
        self.refund = refund
        tokens = capacity
    }

    public mutating func answered() { tokens = min(capacity, tokens + refund) }

    /// Takes a token. False: there is none, do not retry.
    public mutating func spend() -> Bool {
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
