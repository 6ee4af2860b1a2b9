public import Events

extension IncidentBook {
    /// The worst first, then the oldest.
    public var open: [Incident] {
        incidents.values.filter { $0.resolvedAt == nil }.sorted(by: Self.comesFirst)
    }

    /// The rules that people have been told of because of a run, sorted.
    public func rulesTold(ofRun runID: String) -> [String] {
        incidents.values.filter { $0.toldIn == runID }.map(\.rule).sorted()
    }

    /// - Throws: where there are too many already.
    public mutating func add(_ silence: Silence, at now: Timestamp) throws(SilenceError) {
        silences.removeAll { $0.until <= now }
        guard silences.count < Silence.limit else {
            throw SilenceError(culprit: "there are \(Silence.limit) silences already", remedy: "end some of them first")
        }
        silences.append(silence)
    }

    /// False where there is none of that id.
    public mutating func end(silence id: String) -> Bool {
        let before = silences.count
        silences.removeAll { $0.id == id }
        return silences.count < before
    }

    /// For each rule why it does or does not speak of the run, and what became of it: told, muted by its cause, silenced, held back. Changes
    /// nothing.
    public func explain(_ run: RunFacts, facts: PipelineFacts?, policy: AlertPolicy, at now: Timestamp) -> [RuleExplanation] {
        let known = history[run.pipeline] ?? []
        let before = known.prefix { $0.runID != run.runID && $0.endedAt <= run.endedAt }
        var told = RuleJudge.explain(policy.rules, runs: before + [run], facts: facts, at: now)
        for index in told.indices where told[index].spoke {
            let words = standing(of: told[index].rule, in: run.pipeline, at: now)
            told[index].words += " \(words.text)"
            if words.isQuiet { told[index].spoke = false }
        }
        return told
    }

    private func standing(of rule: String, in pipeline: String, at now: Timestamp) -> (text: String, isQuiet: Bool) {
        guard let incident = incidents[Incident.fingerprint(pipeline: pipeline, rule: rule)] else {
            return ("No incident is open for it now.", false)
        }
        if let cause = incident.mutedBy { return ("People are not told, since its cause is: \(cause).", true) }
        if let silence = silences.first(where: { $0.matches(incident, at: now) }) {
            return ("Silenced by \(silence.author) until \(silence.until.rfc3339): \(silence.reason).", true)
        }
        if heldBack.contains(incident.fingerprint) { return ("Held back: the hour has had as many messages as it may.", true) }
        guard let last = incident.lastTold else { return ("Not told yet.", false) }
        return ("The incident is open since \(incident.openSince.rfc3339), last told at \(last.rfc3339).", false)
    }

    /// What these rules would have said of these runs, oldest first, and when.
    public static func backtest(_ runs: [RunFacts], policy: AlertPolicy) -> [AlertNotice] {
        var book = IncidentBook()
        return runs.sorted { $0.endedAt < $1.endedAt }.flatMap { book.observe($0, facts: nil, policy: policy, at: $0.endedAt).notices }
    }
}
