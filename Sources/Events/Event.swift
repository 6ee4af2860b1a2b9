/// Something that happened, as one typed value. The log line, the metric and the span are all made from it, so they cannot drift apart.
///
/// A family is a closed enum in the room that reports it. `describe(to:)` is an exhaustive `switch` without `default`: a new event does
/// not compile until it says what it means.
public protocol Event: Sendable {
    /// The closed list of names of this family, such as `batch.sent`. They are stable: people grep for them.
    associatedtype Name: EventName

    var name: Name { get }

    /// At least one value of each name. The generated reference of log events is what `describe(to:)` makes of these, and a test checks
    /// that no name is missing.
    static var examples: [Self] { get }

    /// Says the level, the message, the fields and the metric changes.
    func describe(to signal: inout Signal)
}

public protocol EventName: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}
