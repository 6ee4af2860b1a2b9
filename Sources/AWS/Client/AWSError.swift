public import Transport

/// Why a call to AWS did not succeed, with who said so and the way out. Holds no key, no token and no body: it may be logged.
public struct AWSError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Reason: Sendable, Equatable {
        /// No source gave credentials.
        case noCredentials
        /// A source is configured and broken: a missing role, a file without a key.
        case badCredentials
        /// No region is configured.
        case noRegion
        /// An endpoint override or a profile that cannot be used.
        case badConfiguration
        /// The session token has ended, or AWS does not know it.
        case expired
        /// Signature, key or right refused.
        case denied
        /// There is no such bucket, key, queue, group, …
        case notFound
        /// The condition of the request did not hold (HTTP 412).
        case preconditionFailed
        /// Another writer was at work at the same moment (HTTP 409): the same request may succeed when sent again.
        case conflict
        case throttled
        /// AWS itself failed (5xx).
        case service
        /// Any other answer that refuses the request.
        case refused
        /// A whole answer that cannot be read.
        case malformedAnswer
        /// No whole answer came.
        case transport(TransportError.Reason)
        case cancelled
    }

    public var reason: Reason
    /// Who was asked what and what was said, such as `s3 GetObject s3://bucket/key: AccessDenied (403)`.
    public var culprit: String
    public var remedy: String
    /// AWS's own name of the error, such as `NoSuchKey`.
    public var code: String?
    /// HTTP status, where an answer came.
    public var status: Int?
    /// Names the call to AWS's support.
    public var requestID: String?
    /// The request may have been acted on although no answer says so.
    public var mayHaveArrived: Bool

    public init(
        _ reason: Reason, culprit: String, remedy: String, code: String? = nil, status: Int? = nil, requestID: String? = nil,
        mayHaveArrived: Bool = false
    ) {
        self.reason = reason
        self.culprit = culprit
        self.remedy = remedy
        self.code = code
        self.status = status
        self.requestID = requestID
        self.mayHaveArrived = mayHaveArrived
    }

    public var description: String { "\(culprit). \(remedy)" }
}

extension AWSError {
    static func malformed(_ who: String, _ what: String) -> AWSError {
        AWSError(
            .malformedAnswer, culprit: "\(who): the answer \(what)", remedy: "Check that the endpoint speaks AWS's protocol; if it does, report this.")
    }
}
