/// Why a run stopped before its end. It ends `failed`: nothing is lost, and the next run goes on from the journal.
public struct RunStop: Error, Sendable, Equatable, CustomStringConvertible {
    public var code: ExitCode
    /// A short stable word, such as `throttled` or `token`.
    public var reason: String
    /// What it happened at; never a secret.
    public var culprit: String
    public var detail: String
    /// What a person can do.
    public var remedy: String

    public init(_ code: ExitCode, reason: String, culprit: String, detail: String, remedy: String) {
        self.code = code
        self.reason = reason
        self.culprit = culprit
        self.detail = detail
        self.remedy = remedy
    }

    public var description: String { "\(culprit): \(detail). \(remedy)" }
}
