public import Events

/// Something that is wrong, from the first bad run until it is good again: what people hear of, once.
///
/// Its identity is pipeline and rule. The error families it shows are kept apart within it, so that a new one is news and an old one is not.
public struct Incident: Sendable, Equatable, Codable {
    /// One error family within an incident.
    public struct Family: Sendable, Equatable, Codable {
        public var key: String
        public var firstSeen: Timestamp
        public var lastSeen: Timestamp
        /// In the last run that showed it, and in the one before.
        public var count: Int
        public var previousCount: Int?
        /// Runs that showed it.
        public var runs: Int
        /// It is no news: a message has told of it, or it was there before.
        public var isTold: Bool
        public var examples: [ErrorFamily.Example]
    }

    /// 16 hex digits of pipeline and rule: the same whenever the same thing goes wrong again.
    public var fingerprint: String
    public var pipeline: String
    public var rule: String
    public var severity: AlertSeverity
    public var openSince: Timestamp
    public var lastSeen: Timestamp
    public var reason: String
    /// Nil where there is only yes or no.
    public var figure: Double?
    /// Bad runs, each counted once however often it was judged.
    public var runsSeen: Int
    public var lastRunID: String?
    /// The most frequent first.
    public var families: [Family]
    /// The marks of families that came while it was open, at most `knownLimit`: which of them are shown changes with the figures, which of them are
    /// new must not.
    public var knownFamilies: Set<String>
    /// A family came that was not known, and no message has told of it yet.
    public var hasNewFamily: Bool

    /// Nil: nobody has heard of it yet.
    public var lastTold: Timestamp?
    public var toldFigure: Double?
    /// The run whose end a message told of last.
    public var toldIn: String?
    /// Messages about it so far.
    public var messages: Int
    /// It is good again, and that is still to be told.
    public var resolvedAt: Timestamp?
    /// Why nothing is said of it now, though it is bad: what causes it is told in its place.
    public var mutedBy: String?

    /// Families that an incident shows.
    public static let familyLimit = 20
    /// Families that it knows again. Beyond that no family is news: so many are one thing.
    public static let knownLimit = 500
}

extension Incident {
    /// - Precondition: the verdict is bad.
    init(_ verdict: RuleVerdict, at now: Timestamp) {
        fingerprint = Self.fingerprint(pipeline: verdict.pipeline, rule: verdict.rule.name)
        pipeline = verdict.pipeline
        rule = verdict.rule.name
        severity = verdict.rule.severity
        openSince = now
        lastSeen = now
        reason = verdict.reason
        runsSeen = 0
        families = []
        knownFamilies = []
        hasNewFamily = false
        messages = 0
        see(verdict, at: now)
        // Those that its first message has no room for are there from the beginning, too.
        for family in verdict.families.prefix(Self.knownLimit) { _ = know(family) }
    }

    /// It is bad again, or still.
    mutating func see(_ verdict: RuleVerdict, at now: Timestamp) {
        lastSeen = now
        resolvedAt = nil
        severity = verdict.rule.severity
        reason = verdict.reason
        figure = verdict.figure
        let isNewRun = verdict.runID != nil && verdict.runID != lastRunID
        if isNewRun {
            runsSeen += 1
            lastRunID = verdict.runID
        }
        for family in verdict.families.prefix(Self.familyLimit) { see(family, inNewRun: isNewRun, at: now) }
        families.sort { ($0.lastSeen, $0.count, $1.key) > ($1.lastSeen, $1.count, $0.key) }
        if families.count > Self.familyLimit { families.removeLast(families.count - Self.familyLimit) }
    }

    /// False where it was known, or where no more can be.
    private mutating func know(_ family: ErrorFamily) -> Bool {
        guard knownFamilies.count < Self.knownLimit else { return false }
        return knownFamilies.insert(Self.mark(of: family)).inserted
    }

    private mutating func see(_ seen: ErrorFamily, inNewRun: Bool, at now: Timestamp) {
        let isNew = know(seen)
        if isNew { hasNewFamily = true }
        guard let index = families.firstIndex(where: { $0.key == seen.key }) else {
            families.append(
                Family(
                    key: seen.key, firstSeen: now, lastSeen: now, count: seen.count, previousCount: nil, runs: 1, isTold: !isNew, examples: seen.examples))
            return
        }
        if inNewRun {
            families[index].previousCount = families[index].count
            families[index].runs += 1
        }
        families[index].lastSeen = now
        families[index].count = seen.count
        if !seen.examples.isEmpty { families[index].examples = seen.examples }
    }

    /// A message about it is on its way.
    mutating func told(at now: Timestamp, in run: String? = nil) {
        lastTold = now
        toldIn = run
        toldFigure = figure
        messages += 1
        hasNewFamily = false
        for index in families.indices { families[index].isTold = true }
    }
}
