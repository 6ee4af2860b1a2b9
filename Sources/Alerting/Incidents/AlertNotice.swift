public import Events

/// One thing to tell people: an incident as it stood, and why it is told now.
public struct AlertNotice: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, CaseIterable, Codable {
        case opened
        /// At least `IncidentBook.worseFactor` times the figure last told.
        case worse
        case newFamily = "new_family"
        case reminder
        case resolved
    }

    public var kind: Kind
    public var incident: Incident
    public var at: Timestamp
    /// Names of the channels that are to hear it.
    public var channels: [String]
    /// Other incidents with news that the hourly cap holds back.
    public var heldBack: Int
    public var context: AlertContext
    /// It is no incident but the letter of a day, which is written when it is sent.
    public var digest: DigestOrder?

    /// The same for every attempt to send it, so that a receiver can tell a repetition.
    public var id: String { "\(incident.thread)-\(incident.messages)" }
}

/// What a person needs beside the incident itself.
public struct AlertContext: Sendable, Equatable, Codable {
    /// Figures of the run that have changed since the last good one: name, then, now. The largest changes first.
    public struct Change: Sendable, Equatable, Codable {
        public var figure: String
        public var then: Double
        public var now: Double
    }

    public var lastGoodRun: String?
    public var lastGoodAt: Timestamp?
    public var changes: [Change] = []
    /// In plain words, why the run ended as it did and what to do.
    public var explanation: String?
    public var commands: [String] = []
    public var runbook: String?
    public var dashboard: String?

    static let changeLimit = 8
    static let commandLimit = 5
}
