import Events

/// A notice in words, before it is text, HTML or JSON: one line a value, everything from outside made harmless and cut to what people read.
struct AlertMessage: Equatable {
    var subject: String
    /// One sentence.
    var headline: String
    var facts: [(name: String, value: String)]
    var explanation: String?
    var families: [Family]
    var changes: [(name: String, value: String)]
    var lastGood: String?
    var commands: [String]
    var links: [(name: String, url: String)]
    /// What else is to be said, whole sentences.
    var remarks: [String]

    struct Family: Equatable {
        var count: Int
        var title: String
        var trend: String
        var examples: [Example]
    }

    struct Example: Equatable {
        var place: String
        var message: String
    }

    /// Families shown; the rest is a number.
    static let familyLimit = 8
    static let longestSubject = 120

    static func == (left: AlertMessage, right: AlertMessage) -> Bool { left.text == right.text && left.subject == right.subject }
}

extension AlertMessage {
    /// - Parameter insteadOf: the channel that this one stands in for.
    init(_ notice: AlertNotice, insteadOf: String?) {
        let incident = notice.incident
        let pipeline = PlainText.line(incident.pipeline, limit: 80), rule = PlainText.line(incident.rule, limit: 80)
        subject = PlainText.line("[vitrine] \(Self.word(notice)): \(pipeline): \(rule)", limit: Self.longestSubject)
        headline = Self.headline(notice)
        facts = [("Pipeline", pipeline), ("Rule", "\(rule), \(incident.severity.rawValue)")]
        if let run = incident.lastRunID { facts.append((incident.resolvedAt == nil ? "Run" : "Last bad run", PlainText.line(run, limit: 80))) }
        let end = incident.resolvedAt ?? notice.at
        let age = end - incident.openSince
        facts.append(("Since", Self.moment(incident.openSince) + (age >= .seconds(60) ? ", \(PlainText.duration(age))" : "")))
        if incident.runsSeen > 0 { facts.append(("Bad runs", String(incident.runsSeen))) }
        if let resolved = incident.resolvedAt { facts.append(("Over at", Self.moment(resolved))) }
        explanation = notice.context.explanation.map { PlainText.line($0, limit: 1000) }
        // An end of a run is told in words already.
        let said = incident.families.filter { AlertEnd(rawValue: $0.key) == nil }
        families = incident.resolvedAt == nil ? said.prefix(Self.familyLimit).map { Family($0, of: incident) } : []
        changes = notice.context.changes.map {
            (PlainText.line($0.figure, limit: 80), "\(PlainText.number($0.then)) → \(PlainText.number($0.now))")
        }
        lastGood = notice.context.lastGoodRun.map { run in
            PlainText.line(run, limit: 80) + (notice.context.lastGoodAt.map { ", \(Self.moment($0))" } ?? "")
        }
        commands = notice.context.commands.map { PlainText.line($0, limit: 500) }
        links = [("Dashboard", notice.context.dashboard), ("What to do", notice.context.runbook)].compactMap { name, url in
            url.flatMap(Self.link).map { (name, $0) }
        }
        remarks = Self.remarks(notice, insteadOf: insteadOf, hidden: max(0, said.count - Self.familyLimit))
    }

    private static func word(_ notice: AlertNotice) -> String {
        switch notice.kind {
        case .opened: notice.incident.severity.rawValue
        case .worse: "worse"
        case .newFamily: "new error"
        case .reminder: "still open"
        case .resolved: "resolved"
        }
    }

    private static func headline(_ notice: AlertNotice) -> String {
        let reason = PlainText.line(notice.incident.reason, limit: 500)
        switch notice.kind {
        case .opened: return "\(reason)."
        case .worse: return "It has become worse" + (notice.incident.toldFigure.map { ", from \(PlainText.number($0)) when last told" } ?? "") + ": \(reason)."
        case .newFamily: return "A kind of error has come that was not there before: \(reason)."
        case .reminder: return "It is still so: \(reason)."
        case .resolved: return "All is well again. It was: \(reason)."
        }
    }

    private static func remarks(_ notice: AlertNotice, insteadOf: String?, hidden: Int) -> [String] {
        var remarks: [String] = []
        if notice.incident.resolvedAt == nil, hidden > 0 { remarks.append("\(hidden) more kinds of errors are in the report of the run.") }
        if notice.heldBack > 0 { remarks.append("\(notice.heldBack) more held back: this hour has had as many messages as it may. They follow.") }
        if let insteadOf { remarks.append("Sent in place of the channel \(PlainText.line(insteadOf, limit: 80)), which cannot be reached.") }
        return remarks
    }

    /// `2026-11-21 12:00 UTC`
    static func moment(_ time: Timestamp) -> String {
        let text = time.rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// Only what a browser opens as a page.
    private static func link(_ url: String) -> String? {
        let isPage = url.hasPrefix("https://") || url.hasPrefix("http://")
        return isPage && url.utf8.count <= 2000 && url.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x3c && $0 != 0x3e } ? url : nil
    }
}

extension AlertMessage.Family {
    init(_ family: Incident.Family, of incident: Incident) {
        count = family.count
        title = PlainText.line(family.key)
        if !family.isTold {
            trend = family.runs > 1 ? "new in this message, \(family.runs) runs" : "new"
        } else {
            let since = "since \(AlertMessage.moment(family.firstSeen)), \(family.runs) runs"
            let change = family.previousCount.map { family.count - $0 } ?? 0
            trend = since + (change > 0 ? ", \(change) more than before" : change < 0 ? ", \(-change) fewer than before" : "")
            if family.lastSeen < incident.lastSeen { trend += ", last seen \(AlertMessage.moment(family.lastSeen))" }
        }
        examples = family.examples.map(AlertMessage.Example.init)
    }
}

extension AlertMessage.Example {
    init(_ example: ErrorFamily.Example) {
        var place = ["\(PlainText.line(example.file)) row \(example.row)", PlainText.line(example.subject, limit: 120)]
        if let batch = example.batch { place.append("batch \(PlainText.line(batch, limit: 60))") }
        if let handle = example.handle { place.append("handle \(PlainText.line(handle, limit: 120))") }
        self.place = place.joined(separator: ", ")
        message = PlainText.line(example.message)
    }
}
