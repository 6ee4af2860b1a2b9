/// The sandbox could not be started.
public struct SandboxError: Error, CustomStringConvertible {
    /// The address asked for.
    public let culprit: String
    /// What to do.
    public let remedy: String
    public let cause: (any Error)?

    public var description: String { "the sandbox cannot listen on \(culprit)\(cause.map { ": \($0)" } ?? ""). \(remedy)" }
}
