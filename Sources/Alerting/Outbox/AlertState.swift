public import Events

/// All that is kept between runs: one value, written as a whole, so that an incident is never told without its message on the way, nor a message
/// on the way without its incident.
public struct AlertState: Sendable, Equatable, Codable {
    public internal(set) var version = 1
    public internal(set) var book = IncidentBook()
    public internal(set) var outbox = Outbox()
    /// When the last digest was put on its way.
    public internal(set) var lastDigest: Timestamp?

    public init() {}
}
