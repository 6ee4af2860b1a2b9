public import Events

/// A person's word that something is known: nothing is said of what it matches until it ends.
public struct Silence: Sendable, Equatable, Codable {
    public var id: String
    /// Nil: any. At least one of the three is given.
    public var rule: String?
    public var pipeline: String?
    /// A part of the key of an error family: every family the incident shows must have it.
    public var family: String?
    public var since: Timestamp
    public var until: Timestamp
    public var author: String
    public var reason: String

    /// Scalars of an author or a reason.
    public static let longestText = 500
    /// Longer silences are forgotten incidents.
    public static let longest = Duration.seconds(90 * 86_400)
    /// In force at once.
    public static let limit = 200

    /// - Throws: `SilenceError` where it would match everything, never end, or nobody answers for it.
    public init(
        rule: String? = nil, pipeline: String? = nil, family: String? = nil, since: Timestamp, until: Timestamp, author: String, reason: String
    ) throws(SilenceError) {
        let author = PlainText.line(author, limit: Self.longestText), reason = PlainText.line(reason, limit: Self.longestText)
        guard rule != nil || pipeline != nil || family?.isEmpty == false else {
            throw SilenceError(culprit: "the silence matches everything", remedy: "name a rule, a pipeline or an error family")
        }
        guard since < until else { throw SilenceError(culprit: "the silence ends before it begins", remedy: "give it some time, such as 4h") }
        guard until - since <= Self.longest else {
            throw SilenceError(culprit: "the silence lasts longer than 90 days", remedy: "silence it for less, or take the rule out of the settings")
        }
        guard author.contains(where: { $0 != " " }), reason.contains(where: { $0 != " " }) else {
            throw SilenceError(culprit: "the silence has no author or no reason", remedy: "say who silences it and why: others will ask")
        }
        self.id = ""
        self.rule = rule
        self.pipeline = pipeline
        self.family = family
        self.since = since
        self.until = until
        self.author = author
        self.reason = reason
        id = Incident.fingerprint(pipeline: "\(rule ?? "")/\(pipeline ?? "")/\(family ?? "")", rule: "\(author)\(since.nanoseconds)")
    }

    public func matches(_ incident: Incident, at now: Timestamp) -> Bool {
        guard since <= now, now < until else { return false }
        if let rule, rule != incident.rule { return false }
        if let pipeline, pipeline != incident.pipeline { return false }
        guard let family else { return true }
        return !incident.families.isEmpty && incident.families.allSatisfy { $0.key.contains(family) }
    }
}

public struct SilenceError: Error, Sendable, Equatable, CustomStringConvertible {
    public var culprit: String
    public var remedy: String
    public var description: String { "\(culprit); \(remedy)" }
}
