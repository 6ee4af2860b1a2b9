public import Events

/// Every incident and what people have heard of it. A pure machine: what was seen goes in, what to tell comes out; the caller keeps it.
public struct IncidentBook: Sendable, Equatable, Codable {
    /// By fingerprint.
    public internal(set) var incidents: [String: Incident] = [:]
    public internal(set) var silences: [Silence] = []
    /// When the messages of the last hour went out, oldest first.
    var told: [Timestamp] = []
    /// Fingerprints of incidents whose news the cap holds back.
    var heldBack: Set<String> = []
    /// By pipeline, oldest first.
    var history: [String: [RunFacts]] = [:]
    /// By pipeline: the last run that ended `done`, compact.
    var lastGood: [String: RunFacts] = [:]
    /// By pipeline: when it was first heard of. A deadline counts from there where nothing ever went well.
    var firstSeen: [String: Timestamp] = [:]

    /// An open incident is told again when its figure is this many times what was last told.
    public static let worseFactor = 2.0

    public init() {}

    /// A run has ended, or what is known of an ended one has changed.
    /// - Parameters:
    ///   - run: one that is known already is judged anew in its own place; nothing happens twice.
    ///   - facts: nil: deadlines are not looked at.
    public mutating func observe(_ run: RunFacts, facts: PipelineFacts?, policy: AlertPolicy, at now: Timestamp) -> BookPage {
        let facts = facts.map { since(firstSeen: $0, at: now) }
        let known = history[run.pipeline]?.first { $0.runID == run.runID }
        let runs = remember(run, policy: policy)
        var verdicts = RuleJudge.verdicts(policy.rules, runs: runs, facts: facts, at: now)
        if let all = history[run.pipeline], all.last?.runID != run.runID {
            let present = RuleJudge.verdicts(policy.rules, runs: all, facts: nil, at: now)
            verdicts = verdicts.compactMap { late in
                switch (known.flatMap { late.rule.trigger.judge($0) }?.standing, late.standing) {
                case _ where late.runID == nil: return late
                case (.bad, .bad): return isFarWorse(late, than: known) ? late : nil
                case (_, .bad): return late
                // It was less bad than it looked: that proves something only together with the runs since.
                case (.bad, _): return present.first { $0.rule.name == late.rule.name && $0.standing == .good }
                // The last word on what is good has the last run.
                case (_, _): return nil
                }
            }
        }
        return settle(verdicts, of: run, policy: policy, at: now)
    }

    private func isFarWorse(_ late: RuleVerdict, than known: RunFacts?) -> Bool {
        guard let figure = late.figure, let old = known.flatMap({ late.rule.trigger.judge($0) })?.figure else { return false }
        return figure > old && figure >= old * Self.worseFactor
    }

    /// Time has gone on: deadlines, reminders, ends of silences, and what the cap held back.
    public mutating func look(_ facts: [PipelineFacts], policy: AlertPolicy, at now: Timestamp) -> BookPage {
        let facts = facts.map { since(firstSeen: $0, at: now) }
        let verdicts = facts.flatMap { RuleJudge.verdicts(policy.rules, runs: [], facts: $0, at: now) }
        return settle(verdicts, of: nil, policy: policy, at: now)
    }

    private mutating func since(firstSeen facts: PipelineFacts, at now: Timestamp) -> PipelineFacts {
        let first = firstSeen[facts.pipeline] ?? now
        firstSeen[facts.pipeline] = first
        var facts = facts
        facts.lastSuccess = facts.lastSuccess ?? first
        facts.lastFile = facts.lastFile ?? first
        return facts
    }

    private mutating func settle(_ verdicts: [RuleVerdict], of run: RunFacts?, policy: AlertPolicy, at now: Timestamp) -> BookPage {
        var page = BookPage(verdicts: verdicts)
        forget(policy, at: now)
        // Causes before what they cause.
        let ordered = verdicts.filter(\.rule.trigger.isAboutAccess) + verdicts.filter { !$0.rule.trigger.isAboutAccess }
        for verdict in ordered { apply(verdict, run: run, page: &page, at: now) }
        tell(policy, run: run, page: &page, at: now)
        if let run, run.state == .done { lastGood[run.pipeline] = run.compact }
        return page
    }

    private mutating func apply(_ verdict: RuleVerdict, run: RunFacts?, page: inout BookPage, at now: Timestamp) {
        let key = Incident.fingerprint(pipeline: verdict.pipeline, rule: verdict.rule.name)
        switch verdict.standing {
        case .undecided: break
        case .good:
            guard var incident = incidents[key], incident.resolvedAt == nil else { return }
            incident.resolvedAt = now
            incident.mutedBy = nil
            // Nobody heard of it, so nobody needs to hear that it is over.
            incidents[key] = incident.lastTold == nil ? nil : incident
            page.closed.append(incident)
        case .bad:
            let cause = cause(of: verdict, run: run)
            if var incident = incidents[key] {
                incident.see(verdict, at: now)
                incident.mutedBy = cause
                incidents[key] = incident
            } else {
                var incident = Incident(verdict, at: now)
                incident.mutedBy = cause
                incidents[key] = incident
                page.opened.append(incident)
            }
            if let cause { page.muted.append((verdict.rule.name, cause)) }
        }
    }

    /// What causes it and is told in its place.
    private func cause(of verdict: RuleVerdict, run: RunFacts?) -> String? {
        if verdict.rule.trigger.isAboutAccess { return nil }
        switch verdict.rule.trigger {
        case .ends: return nil
        case .noFileFor, .endsWithin: return nil
        case .figure, .unknownOlderThan, .noSuccessFor: break
        }
        let access = incidents.values.filter { incident in
            incident.pipeline == verdict.pipeline && incident.resolvedAt == nil
                && incident.families.contains { AlertEnd(rawValue: $0.key)?.isLackOfAccess ?? false }
        }.min { $0.rule < $1.rule }
        if let access { return "rule \(access.rule): \(access.reason)" }
        let last = run ?? history[verdict.pipeline]?.last
        if last?.isOutage == true, verdict.rule.trigger.isAboutItems { return "an outage of the other side" }
        return nil
    }

    /// Adds or replaces the run.
    /// - Returns: the runs up to and with it.
    private mutating func remember(_ run: RunFacts, policy: AlertPolicy) -> [RunFacts] {
        var runs = history[run.pipeline] ?? []
        if let index = runs.firstIndex(where: { $0.runID == run.runID }) {
            runs[index] = run.compact
            history[run.pipeline] = runs
            return runs[..<index] + [run]
        }
        // A run that is amended after it was forgotten stands alone.
        if let oldest = runs.first, runs.count >= policy.runsToKeep, run.endedAt < oldest.endedAt { return [run] }
        let place = runs.lastIndex { $0.endedAt <= run.endedAt }.map { $0 + 1 } ?? 0
        let before = Array(runs[..<place])
        runs.insert(run.compact, at: place)
        history[run.pipeline] = runs.suffix(policy.runsToKeep)
        return before + [run]
    }

    /// What no rule speaks for any more, and what is over.
    private mutating func forget(_ policy: AlertPolicy, at now: Timestamp) {
        let rules = Set(policy.rules.map(\.name))
        incidents = incidents.filter { rules.contains($0.value.rule) }
        silences.removeAll { $0.until <= now }
        told.removeAll { now - $0 >= .seconds(3600) }
        heldBack.formIntersection(incidents.keys)
    }
}

/// What one look at the book gave.
public struct BookPage: Sendable {
    public var verdicts: [RuleVerdict]
    public var opened: [Incident] = []
    public var closed: [Incident] = []
    /// Bad, and not told because of its cause.
    public var muted: [(rule: String, cause: String)] = []
    /// To tell, in this order.
    public var notices: [AlertNotice] = []
    /// Incidents with news that the cap holds back.
    public var heldBack = 0
}

extension AlertTrigger {
    var isAboutAccess: Bool {
        if case .ends(let ends) = self { return ends.contains(where: \.isLackOfAccess) }
        return false
    }

    /// About single items, which an outage spoils too. That nothing succeeds is what an outage is told by.
    var isAboutItems: Bool {
        switch self {
        case .figure, .unknownOlderThan: true
        case .ends, .noSuccessFor, .noFileFor, .endsWithin: false
        }
    }
}
