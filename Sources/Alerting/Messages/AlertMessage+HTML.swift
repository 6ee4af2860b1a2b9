extension AlertMessage {
    /// A whole page with its styles inline, as mail programs want it: no script, no picture, nothing fetched. Texts from outside stand in
    /// `bdi`, so that a right-to-left title does not turn what is around it.
    func html(color: String) -> String {
        var page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>\(Self.escape(subject))</title></head>
            <body style="margin:0;padding:24px;background:#f4f5f7;font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1c2733">
            <div style="max-width:680px;margin:0 auto;background:#fff;border-radius:8px;border-top:6px solid \(color);padding:24px">
            <h1 style="font-size:18px;margin:0 0 16px"><bdi>\(Self.escape(headline))</bdi></h1>
            <table style="border-collapse:collapse;margin:0 0 16px">

            """
        for fact in facts { page += Self.row(fact.name, fact.value) }
        page += "</table>\n"
        if let explanation { page += "<p><bdi>\(Self.escape(explanation))</bdi></p>\n" }
        if !families.isEmpty { page += Self.heading("What was said, and of how many") + families.map(Self.family).joined() }
        if let lastGood {
            page += Self.heading(changes.isEmpty ? "Last good run" : "Changed since the last good run") + "<p style=\"margin:0 0 4px\">\(Self.escape(lastGood))</p>\n"
        }
        if !changes.isEmpty {
            page += "<table style=\"border-collapse:collapse\">\n" + changes.map { Self.row($0.name, $0.value) }.joined() + "</table>\n"
        }
        if !commands.isEmpty {
            page += Self.heading("Look further")
            page += "<pre style=\"background:#f4f5f7;padding:12px;border-radius:4px;white-space:pre-wrap;margin:0\">"
                + commands.map(Self.escape).joined(separator: "\n") + "</pre>\n"
        }
        if !links.isEmpty {
            page += "<p>" + links.map { "<a href=\"\(Self.escape($0.url))\">\(Self.escape($0.name))</a>" }.joined(separator: " · ") + "</p>\n"
        }
        for remark in remarks { page += "<p style=\"color:#566573\"><bdi>\(Self.escape(remark))</bdi></p>\n" }
        return page + "</div></body></html>\n"
    }

    private static func heading(_ text: String) -> String { "<h2 style=\"font-size:15px;margin:20px 0 8px\">\(escape(text))</h2>\n" }

    private static func row(_ name: String, _ value: String) -> String {
        "<tr><td style=\"padding:2px 16px 2px 0;color:#566573\">\(escape(name))</td><td style=\"padding:2px 0\"><bdi>\(escape(value))</bdi></td></tr>\n"
    }

    private static func family(_ family: Family) -> String {
        var text = "<p style=\"margin:8px 0 2px\"><b>\(family.count) ×</b> <bdi>\(escape(family.title))</bdi> "
        text += "<span style=\"color:#566573\">(\(escape(family.trend)))</span></p>\n"
        guard !family.examples.isEmpty else { return text }
        text += "<ul style=\"margin:0 0 8px;padding-left:20px;color:#566573;font-size:13px;overflow-wrap:anywhere\">\n"
        for example in family.examples { text += "<li><bdi>\(escape(example.place))</bdi><br><bdi>\(escape(example.message))</bdi></li>\n" }
        return text + "</ul>\n"
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension AlertNotice {
    /// Of the bar above a message.
    var color: String {
        if kind == .resolved { return "#1e8449" }
        switch incident.severity {
        case .critical: return "#c0392b"
        case .warning: return "#d68910"
        case .info: return "#2471a3"
        }
    }
}
