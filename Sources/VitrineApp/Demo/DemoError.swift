/// The sample landing zone could not be written.
public struct DemoError: Error, CustomStringConvertible {
    /// The path that could not be written.
    public let culprit: String
    /// What to do.
    public let remedy: String
    public let cause: any Error

    public var description: String { "the demo cannot write \(culprit): \(cause). \(remedy)" }
}
