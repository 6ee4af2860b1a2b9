/// Why a store could not do what was asked, with the place and the way out.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Reason: String, Sendable {
        case notFound = "not_found"
        case alreadyThere = "already_there"
        case changed
        case denied
        /// No credentials, or ones that have ended or have not the right.
        case permission
        case noSpace = "no_space"
        case tooLarge = "too_large"
        case badKey = "bad_key"
        case unreachable
        /// Told to stop.
        case cancelled
        /// The place itself is not there or cannot be told: no such bucket, no region, an endpoint that is none.
        case misconfigured
        case failed
    }

    public let reason: Reason
    /// The path or URL it happened at.
    public let culprit: String
    public let detail: String
    public let remedy: String

    public init(_ reason: Reason, culprit: String, detail: String, remedy: String) {
        self.reason = reason
        self.culprit = culprit
        self.detail = detail
        self.remedy = remedy
    }

    public var description: String { "\(culprit): \(detail). \(remedy)" }
}
