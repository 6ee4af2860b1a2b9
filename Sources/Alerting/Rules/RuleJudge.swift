public import Events

/// Rules against what is known. Pure: the same facts at the same time give the same verdicts.
public enum RuleJudge {
    /// - Parameters:
    ///   - runs: of one pipeline, oldest first, the one to judge last.
    ///   - facts: nil where only the run is to be judged, as for a verdict that came late.
    /// - Returns: one verdict for each rule that this can say something about, in the order of the rules.
    public static func verdicts(_ rules: [AlertRule], runs: [RunFacts], facts: PipelineFacts?, at now: Timestamp) -> [RuleVerdict] {
        rules.compactMap { rule in
            if rule.trigger.isAboutRuns { return overRuns(rule, runs) }
            return facts.flatMap { deadline(rule, $0, now) }
        }
    }

    private static func overRuns(_ rule: AlertRule, _ runs: [RunFacts]) -> RuleVerdict? {
        guard let run = runs.last, let last = rule.trigger.judge(run) else { return nil }
        var verdict = RuleVerdict(
            rule: rule, pipeline: run.pipeline, runID: run.runID, standing: last.standing, figure: last.figure, reason: last.reason,
            families: last.families)
        guard rule.window != .oneRun, last.standing != .undecided else { return verdict }
        let judged = runs.compactMap { rule.trigger.judge($0)?.standing }.filter { $0 != .undecided }
        let window = rule.window
        switch last.standing {
        case .bad where window.bad == 1: break
        case .bad:
            let bad = judged.suffix(window.of).count { $0 == .bad }
            verdict.reason += "; \(bad) of the last \(min(window.of, judged.count)) runs were bad, it takes \(window.bad) of \(window.of)"
            if bad < window.bad { verdict.standing = .undecided }
        case .good:
            let good = judged.reversed().prefix { $0 == .good }.count
            // Before anything was ever bad, one good run is as good as ten.
            let isEnough = good >= window.good || good == judged.count
            if !isEnough {
                verdict.reason += "; \(good) good in a row, it takes \(window.good)"
                verdict.standing = .undecided
            }
        case .undecided: break
        }
        return verdict
    }

    private static func deadline(_ rule: AlertRule, _ facts: PipelineFacts, _ now: Timestamp) -> RuleVerdict? {
        let (standing, reason): (RuleVerdict.Standing, String)
        switch rule.trigger {
        case .figure, .ends: return nil
        case .noSuccessFor(let limit):
            (standing, reason) = overdue(facts, "no run has ended well", "a run ended well", facts.lastSuccess.map { ($0, now - $0) }, limit)
        case .noFileFor(let limit, let hours):
            let elapsed = facts.lastFile.map { ($0, hours?.elapsed(from: $0, to: now) ?? now - $0) }
            let seen = overdue(facts, "no file has come", "a file came", elapsed, limit, hours == nil ? "" : " of active hours")
            // A file that waits can only be newer: it makes bad good, and never good bad.
            let isProved = facts.isWaitingKnown || seen.0 != .bad
            (standing, reason) = isProved ? seen : (.undecided, "what waits in the landing zone is not known; of what was taken: \(seen.1)")
        case .unknownOlderThan(let limit):
            guard let oldest = facts.oldestUnknown else {
                (standing, reason) = (.good, "every verdict is known")
                break
            }
            (standing, reason) = overdue(facts, "a verdict is not known", nil, (oldest, now - oldest), limit, countsWhilePaused: true)
        case .endsWithin(let what, let limit): (standing, reason) = ending(what, facts.expiries[what], limit, now)
        }
        return RuleVerdict(rule: rule, pipeline: facts.pipeline, runID: nil, standing: standing, figure: nil, reason: reason, families: [])
    }

    private static func ending(
        _ what: AlertExpiry, _ end: Timestamp?, _ limit: Duration, _ now: Timestamp
    ) -> (RuleVerdict.Standing, String) {
        guard let end else { return (.undecided, "when \(what.words) ends is not known") }
        guard end > now else { return (.bad, "\(what.words) ended on \(end.rfc3339.prefix(10))") }
        let seen = "\(what.words) ends on \(end.rfc3339.prefix(10)), in \(PlainText.duration(end - now)); the limit is \(PlainText.duration(limit))"
        return (end - now <= limit ? .bad : .good, seen)
    }

    private static func overdue(
        _ facts: PipelineFacts, _ what: String, _ lastGood: String?, _ elapsed: (since: Timestamp, time: Duration)?, _ limit: Duration, _ unit: String = "",
        countsWhilePaused: Bool = false
    ) -> (RuleVerdict.Standing, String) {
        guard let elapsed else { return (.undecided, "nothing is known yet of when this last went well") }
        if facts.isPaused, !countsWhilePaused { return (.undecided, "the pipeline is paused, so nothing is expected") }
        let seen = "\(what) for \(PlainText.duration(elapsed.time))\(unit), since \(elapsed.since.rfc3339)"
        let limitWords = "the limit is \(PlainText.duration(limit))"
        guard elapsed.time < limit else { return (.bad, "\(seen); \(limitWords)") }
        let words = lastGood.map { "\($0) \(PlainText.duration(elapsed.time))\(unit) ago, at \(elapsed.since.rfc3339)" } ?? seen
        return (.good, "\(words); \(limitWords)")
    }
}
