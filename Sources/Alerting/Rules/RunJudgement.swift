/// One run against one rule, whatever came before.
struct RunJudgement: Equatable {
    var standing: RuleVerdict.Standing
    var figure: Double?
    var reason: String
    var families: [ErrorFamily] = []
}

extension AlertTrigger {
    /// Nil for a deadline, which no single run decides.
    func judge(_ run: RunFacts) -> RunJudgement? {
        if run.state == .planned {
            return isAboutRuns ? RunJudgement(standing: .undecided, reason: "a plan sends nothing, so it says nothing") : nil
        }
        switch self {
        case .figure(let name, let threshold, let floor): return Self.judge(run, name, threshold, floor)
        case .ends(let ends): return Self.judge(run, ends)
        case .noSuccessFor, .noFileFor, .unknownOlderThan, .endsWithin: return nil
        }
    }

    var isAboutRuns: Bool {
        switch self {
        case .figure, .ends: true
        case .noSuccessFor, .noFileFor, .unknownOlderThan, .endsWithin: false
        }
    }

    private static func judge(_ run: RunFacts, _ name: String, _ threshold: AlertThreshold, _ floor: Int?) -> RunJudgement {
        guard let value = run.figures[name] else { return unknownFigure(name, in: run) }
        let seen: String
        let isAbove: Bool
        switch threshold {
        case .number(let number):
            isAbove = value > number
            seen = "\(name) is \(PlainText.number(value)), \(isAbove ? "above" : "not above") \(PlainText.number(number))"
        case .share(let share, let other):
            guard let whole = run.figures[other] else { return unknownFigure(other, in: run) }
            guard whole > 0 else {
                return RunJudgement(standing: .undecided, figure: value, reason: "\(other) is 0, so \(name) has no share of it")
            }
            isAbove = value / whole > share
            seen = "\(name) is \(PlainText.number(value)) of \(PlainText.number(whole)) \(other) (\(PlainText.percent(value / whole))), "
                + "\(isAbove ? "above" : "not above") \(PlainText.percent(share))"
        }
        if isAbove, let floor, value < Double(floor) {
            return good(run, value, "\(seen), but fewer than at_least \(floor)")
        }
        guard isAbove else { return good(run, value, seen) }
        return RunJudgement(standing: .bad, figure: value, reason: seen, families: run.families.filter { $0.belongs(to: name) })
    }

    /// A run that did not come to its end proves nothing good.
    private static func good(_ run: RunFacts, _ value: Double, _ seen: String) -> RunJudgement {
        guard run.isConclusive else {
            return RunJudgement(standing: .undecided, figure: value, reason: "\(seen), but a run that ended as \(run.state.rawValue) proves nothing good")
        }
        return RunJudgement(standing: .good, figure: value, reason: seen)
    }

    private static func unknownFigure(_ name: String, in run: RunFacts) -> RunJudgement {
        let words = Set(name.split(separator: "_"))
        let near = run.figures.keys.filter { !words.isDisjoint(with: $0.split(separator: "_")) }.sorted().prefix(5)
        let hint = near.isEmpty ? "" : "; there are \(near.joined(separator: ", "))"
        return RunJudgement(standing: .undecided, reason: "the report has no figure `\(PlainText.line(name, limit: 60))`\(hint)")
    }

    private static func judge(_ run: RunFacts, _ ends: [AlertEnd]) -> RunJudgement {
        let found = ends.filter(run.ends.contains)
        guard found.isEmpty else {
            let families = found.map { ErrorFamily(key: $0.rawValue, count: 1) }
            return RunJudgement(standing: .bad, reason: "the run ended as \(run.state.rawValue): \(found.map(\.words).joined(separator: ", "))", families: families)
        }
        // Nothing to do is good news of what stood in the way here, and none of the other side, which nobody has asked.
        let isGood = run.isConclusive || run.state == .nothingToDo && !ends.contains(where: \.isLackOfAccess)
        let names = ends.map(\.rawValue).joined(separator: ", ")
        return RunJudgement(
            standing: isGood ? .good : .undecided,
            reason: "the run ended as \(run.state.rawValue), which is none of \(names)" + (isGood ? "" : " but proves nothing good either"))
    }
}
