/// Whether and when one call is tried again. Pure: chance is a parameter.
struct RetryPolicy: Sendable, Equatable {
    /// Source: botocore, standard mode.
    static let longestBackoff = Duration.seconds(20)
    /// More than our own delay that the peer may ask for.
    static let mostAskedBeyondOwn = Duration.seconds(5)

    enum Decision: Sendable, Equatable {
        case wait(Duration, cost: Int)
        case giveUp
    }

    let attempts: Int

    /// - Parameters:
    ///   - attempt: the number of the try that failed, from 1.
    ///   - asked: by the peer, in `x-amz-retry-after` or `Retry-After`.
    ///   - chance: 0 ..< 1.
    func decide(_ kind: FailureKind, attempt: Int, asked: Duration?, chance: Double, quota: inout RetryQuota) -> Decision {
        guard kind.isRetryable, attempt < attempts, let cost = quota.take(isTimeout: kind == .timeout) else { return .giveUp }
        let ceiling = min(Duration.seconds(1 << min(attempt - 1, 10)), Self.longestBackoff)
        let own = ceiling * chance
        guard let asked else { return .wait(own, cost: cost) }
        return .wait(min(max(own, asked), own + Self.mostAskedBeyondOwn), cost: cost)
    }
}

/// What a failed try means for the next one.
enum FailureKind: Sendable, Equatable {
    case throttled, transient, timeout
    /// The signature's time was refused.
    case clockSkew
    /// The session token has ended.
    case expired
    case final

    var isRetryable: Bool {
        switch self {
        case .throttled, .transient, .timeout: true
        case .clockSkew, .expired, .final: false
        }
    }

    /// Source: botocore and smithy-typescript, lists of retryable codes.
    private static let throttlingCodes: Set = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
        "ProvisionedThroughputExceededException", "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException",
        "TransactionInProgressException", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
    ]
    private static let transientCodes: Set = [
        "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete", "InternalError", "InternalFailure", "ServiceUnavailable",
        "IDPCommunicationError",
    ]
    private static let skewCodes: Set = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure",
    ]
    private static let expiredCodes: Set = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]

    init(code: String?, status: Int) {
        if let code {
            if Self.throttlingCodes.contains(code) { self = .throttled; return }
            if Self.expiredCodes.contains(code) { self = .expired; return }
            if Self.skewCodes.contains(code) { self = .clockSkew; return }
            if Self.transientCodes.contains(code) { self = .transient; return }
        }
        switch status {
        case 429: self = .throttled
        case 500, 502, 503, 504: self = .transient
        default: self = .final
        }
    }
}
