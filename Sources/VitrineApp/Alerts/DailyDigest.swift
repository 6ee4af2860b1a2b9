import Alerting
import CatalogSync
import Engine
import Events
import Investigation

/// The letter of a day in facts, before it is text or a page: what is new, mended and still open, by what there is to do about it.
struct DailyDigest {
    struct Part {
        var pipeline: String
        /// Products that Meta shows.
        var live: Int
        var problems: [Health.Problem]
        var new: [Group]
        var open: [Group]
        /// How many, and the first of them.
        var mended: Int
        var mendedExamples: [String]
    }

    /// Products with one thing to do about them.
    struct Group: Equatable {
        var title: String
        var action: String
        /// Who stopped them.
        var whose: String
        var count: Int
        var example: String
    }

    let order: DigestOrder
    let zone: ZoneRules
    var parts: [Part] = []
    /// Sentences about what goes with the letter.
    var attached: [String] = []

    /// Groups shown of one kind; the rest is a number.
    static let groupLimit = 20
    static let exampleLimit = 5

    var new: Int { parts.reduce(0) { $0 + $1.new.reduce(0) { $0 + $1.count } } }
    var open: Int { parts.reduce(0) { $0 + $1.open.reduce(0) { $0 + $1.count } } }
    var mended: Int { parts.reduce(0) { $0 + $1.mended } }

    /// `[vitrine] 21 Nov: 12 products to mend are new, 30 mended, 112 still open`
    var subject: String {
        let day = zone.dayText(order.slot)
        guard new + open > 0 else { return "[vitrine] \(day): nothing to mend" + (mended > 0 ? ", \(mended) mended" : "") }
        return "[vitrine] \(day): \(new) new to mend, \(mended) mended, \(open) still open"
    }

    /// `21 Nov, 09:00 to 22 Nov, 09:00 (Asia/Baghdad, UTC+3)`
    var span: String { "\(zone.shortText(order.from)) to \(zone.shortText(order.until)) (\(zone.label(at: order.until)))" }
}

extension DailyDigest.Part {
    init(_ status: PipelineStatus, causes: [CauseNews], mended: [String]) {
        pipeline = Shown.line(status.pipeline, limit: 80)
        live = status.products.accepted
        // Incidents are for who runs it; what they are about stands here in words of products.
        let incidents = Set(status.incidents.map { Health.Problem(.warning, openIncident: $0).text })
        problems = Array(status.health.problems.filter { !incidents.contains($0.text) }.prefix(5))
        new = DailyDigest.Group.joined(causes) { $0.new }
        open = DailyDigest.Group.joined(causes) { $0.count - $0.new }
        self.mended = mended.count
        mendedExamples = mended.prefix(DailyDigest.exampleLimit).map { Shown.isolated($0, limit: 60) }
    }
}

extension DailyDigest.Group {
    /// Causes with one remedy are one group; the largest first.
    static func joined(_ causes: [CauseNews], _ count: (CauseNews) -> Int) -> [DailyDigest.Group] {
        var order: [String] = [], byAction: [String: DailyDigest.Group] = [:]
        for cause in causes where count(cause) > 0 {
            let remedy = Remedy.of(cause.state, cause: cause.cause.map { Shown.line($0, limit: 120) })
            let key = "\(cause.state.rawValue) \(remedy.action)"
            guard var known = byAction[key] else {
                order.append(key)
                byAction[key] = .init(
                    title: remedy.title, action: remedy.action, whose: cause.state.inWords, count: count(cause), example: Shown.isolated(cause.example, limit: 60))
                continue
            }
            known.count += count(cause)
            if !known.title.contains(remedy.title), known.title.count < 120 { known.title += ", \(remedy.title)" }
            byAction[key] = known
        }
        return order.compactMap { byAction[$0] }.sorted { $0.count > $1.count }
    }
}

// MARK: - As text

extension DailyDigest {
    var text: String {
        var lines = ["Your products on Meta, \(span)"]
        for part in parts { lines += ["", "\(part.pipeline): \(Self.sentence(part))"] + Self.lines(part) }
        if !attached.isEmpty { lines += [""] + attached }
        return lines.joined(separator: "\n") + "\n"
    }

    static func sentence(_ part: Part) -> String {
        let toMend = part.new.reduce(0) { $0 + $1.count } + part.open.reduce(0) { $0 + $1.count }
        let live = "\(part.live) \(part.live == 1 ? "product is" : "products are") live"
        return toMend == 0 ? "\(live), nothing is to be mended." : "\(live), \(toMend) \(toMend == 1 ? "is" : "are") to be mended."
    }

    private static func lines(_ part: Part) -> [String] {
        var lines: [String] = []
        for problem in part.problems { lines += ["  ! \(Shown.line(problem.text))", "    → \(Shown.line(problem.remedy))"] }
        for (title, groups) in [("New", part.new), ("Still open", part.open)] where !groups.isEmpty {
            lines += ["", "  \(title)"]
            for group in groups.prefix(groupLimit) {
                lines += ["    \(group.count) × \(group.title) (\(group.whose)), such as \(group.example)", "      → \(group.action)"]
            }
            if groups.count > groupLimit { lines.append("    \(rest(groups)) more with other causes") }
        }
        if part.mended > 0 { lines += ["", "  Mended: \(part.mended), such as \(part.mendedExamples.joined(separator: ", "))"] }
        return lines
    }

    private static func rest(_ groups: [Group]) -> Int { groups.dropFirst(groupLimit).reduce(0) { $0 + $1.count } }
}

// MARK: - As a page

extension DailyDigest {
    /// Styles inline, as mail programs want it; nothing fetched.
    var html: String {
        var page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>\(Self.escape(subject))</title></head>
            <body style="margin:0;padding:24px;background:#f4f5f7;font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1c2733">
            <div style="max-width:680px;margin:0 auto;background:#fff;border-radius:8px;border-top:6px solid #2471a3;padding:24px">
            <h1 style="font-size:18px;margin:0 0 4px">Your products on Meta</h1>
            <p style="margin:0 0 16px;color:#566573">\(Self.escape(span))</p>
            <table style="border-collapse:collapse;margin:0 0 8px"><tr>\(Self.figure(new, "new to mend", "#c0392b"))\(Self.figure(mended, "mended", "#1e8449"))\(Self.figure(open, "still open", "#b9770e"))</tr></table>

            """
        for part in parts { page += Self.html(part) }
        if !attached.isEmpty { page += "<p style=\"margin:24px 0 0;color:#566573\">\(attached.map(Self.escape).joined(separator: "<br>"))</p>\n" }
        return page + "</div></body></html>\n"
    }

    private static func figure(_ count: Int, _ words: String, _ color: String) -> String {
        let shown = count > 0 ? color : "#566573"
        return "<td style=\"padding:0 32px 0 0\"><div style=\"font-size:26px;font-weight:600;color:\(shown)\">\(count)</div><div style=\"color:#566573\">\(words)</div></td>"
    }

    private static func html(_ part: Part) -> String {
        var page = "<h2 style=\"font-size:16px;margin:24px 0 0\"><bdi>\(escape(part.pipeline))</bdi></h2>\n<p style=\"margin:0 0 8px\">\(escape(sentence(part)))</p>\n"
        for problem in part.problems {
            page += "<p style=\"margin:4px 0;padding:8px 12px;background:#fdf2e9;border-radius:4px\"><bdi>\(escape(Shown.line(problem.text).capitalizedFirst)).</bdi><br>"
            page += "<span style=\"color:#566573\"><bdi>\(escape(Shown.line(problem.remedy)))</bdi></span></p>\n"
        }
        for (title, groups) in [("New", part.new), ("Still open", part.open)] where !groups.isEmpty {
            page += "<h3 style=\"font-size:14px;margin:16px 0 4px\">\(title)</h3>\n<table style=\"border-collapse:collapse;width:100%\">\n"
            page += groups.prefix(groupLimit).map(row).joined()
            page += "</table>\n"
            if groups.count > groupLimit { page += "<p style=\"color:#566573;margin:4px 0\">\(rest(groups)) more with other causes</p>\n" }
        }
        if part.mended > 0 {
            page += "<h3 style=\"font-size:14px;margin:16px 0 4px\">Mended</h3>\n<p style=\"margin:0\">\(part.mended), such as "
            page += part.mendedExamples.map { "<bdi>\(escape($0))</bdi>" }.joined(separator: ", ") + "</p>\n"
        }
        return page
    }

    private static func row(_ group: Group) -> String {
        """
        <tr><td style="padding:6px 12px 6px 0;vertical-align:top;text-align:right;font-weight:600;white-space:nowrap">\(group.count) ×</td>\
        <td style="padding:6px 0;overflow-wrap:anywhere"><bdi>\(escape(group.title))</bdi> <span style="color:#566573">(\(escape(group.whose)), such as <bdi>\(escape(group.example))</bdi>)</span>\
        <br><span style="color:#1a5276">\(escape(group.action))</span></td></tr>

        """
    }

    private static func escape(_ text: String) -> String { AlertLetter.escaped(text) }
}
