import Events

extension IncidentBook {
    /// Makes notices of all news, the worst first, as far as the cap allows. What is held back stays news.
    mutating func tell(_ policy: AlertPolicy, run: RunFacts?, page: inout BookPage, at now: Timestamp) {
        let news = incidents.values.sorted(by: Self.comesFirst).compactMap { incident in
            reasonToTell(incident, policy, at: now).map { (incident: incident, kind: $0) }
        }
        let allowed = news.prefix(max(0, policy.hourlyCap - told.count))
        let late = news.dropFirst(allowed.count)
        heldBack = Set(late.map(\.incident.fingerprint))
        page.heldBack = late.count
        for (index, item) in allowed.enumerated() {
            let (incident, kind) = item
            guard let rule = policy.rules.first(where: { $0.name == incident.rule }) else { continue }
            var told = incident
            told.told(at: now, in: run?.pipeline == incident.pipeline ? run?.runID : nil)
            incidents[incident.fingerprint] = kind == .resolved ? nil : told
            self.told.append(now)
            // Read by people: what was told before this message, not with it.
            var shown = told
            shown.families = incident.families
            shown.toldFigure = incident.toldFigure
            page.notices.append(
                AlertNotice(
                    kind: kind, incident: shown, at: now, channels: rule.channels, heldBack: index == allowed.count - 1 ? late.count : 0,
                    context: context(of: incident, rule: rule, policy: policy, run: run)))
        }
    }

    static func comesFirst(_ left: Incident, _ right: Incident) -> Bool {
        if left.severity != right.severity { return left.severity > right.severity }
        if left.openSince != right.openSince { return left.openSince < right.openSince }
        return left.fingerprint < right.fingerprint
    }

    /// Why an incident is to be told now; nil where there is nothing new or nothing may be said.
    private func reasonToTell(_ incident: Incident, _ policy: AlertPolicy, at now: Timestamp) -> AlertNotice.Kind? {
        guard let rule = policy.rules.first(where: { $0.name == incident.rule }), incident.mutedBy == nil else { return nil }
        guard !silences.contains(where: { $0.matches(incident, at: now) }) else { return nil }
        if incident.resolvedAt != nil { return incident.lastTold == nil ? nil : .resolved }
        guard let lastTold = incident.lastTold else { return .opened }
        if incident.hasNewFamily { return .newFamily }
        if let figure = incident.figure, let before = incident.toldFigure, figure > before, figure >= before * Self.worseFactor { return .worse }
        if let remind = rule.remind, now - lastTold >= remind { return .reminder }
        return nil
    }

    private func context(of incident: Incident, rule: AlertRule, policy: AlertPolicy, run: RunFacts?) -> AlertContext {
        var context = AlertContext()
        context.runbook = rule.runbook
        context.dashboard = policy.dashboard
        let good = lastGood[incident.pipeline]
        context.lastGoodRun = good?.runID
        context.lastGoodAt = good?.endedAt
        guard let run, run.pipeline == incident.pipeline else { return context }
        if incident.resolvedAt != nil, run.state == .done || run.state == .doneWithErrors || run.state == .nothingToDo {
            context.lastGoodRun = run.runID
            context.lastGoodAt = run.endedAt
        }
        context.explanation = run.explanation
        context.commands = Array(run.commands.prefix(AlertContext.commandLimit))
        // Of a run that was stopped half-way the figures say nothing.
        if let good, incident.resolvedAt == nil, run.isConclusive { context.changes = Self.changes(from: good, to: run) }
        return context
    }

    private static func changes(from good: RunFacts, to run: RunFacts) -> [AlertContext.Change] {
        let changes = run.figures.compactMap { name, now -> AlertContext.Change? in
            guard let then = good.figures[name], then != now else { return nil }
            return AlertContext.Change(figure: name, then: then, now: now)
        }
        func weight(_ change: AlertContext.Change) -> Double { abs(change.now - change.then) / max(1, abs(change.then)) }
        return Array(
            changes.sorted { (weight($0), $1.figure) > (weight($1), $0.figure) }.prefix(AlertContext.changeLimit))
    }
}
