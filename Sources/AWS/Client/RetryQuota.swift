/// How many retries a client may still make: while a service is down, its callers must not add to its load. Pure.
///
/// Source: botocore, retries/standard.py (`RetryQuotaChecker`).
struct RetryQuota: Sendable, Equatable {
    static let full = 500
    static let cost = 5
    static let timeoutCost = 10
    /// Given back by a success without a retry.
    static let reward = 1

    private(set) var left = full

    /// What is taken; nil where not enough is left.
    mutating func take(isTimeout: Bool) -> Int? {
        let cost = isTimeout ? Self.timeoutCost : Self.cost
        guard left >= cost else { return nil }
        left -= cost
        return cost
    }

    /// - Parameter cost: of the last retry of the call; nil where there was none.
    mutating func succeeded(after cost: Int?) { left = min(Self.full, left + (cost ?? Self.reward)) }
}
