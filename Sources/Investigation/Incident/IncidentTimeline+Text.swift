import CatalogSync
import Events

extension IncidentTimeline {
    /// For a terminal or an editor: one line a step.
    public func text(title: String) -> String {
        var lines = [title, String(repeating: "=", count: title.count), ""]
        for step in steps {
            let level = step.level >= .warning ? step.level.name.uppercased() : step.level.name
            lines.append("\(Shown.line(step.from))  \(Self.padded(level, 7))  \(Self.padded(Shown.line(step.event), 20))  \(Self.words(step))")
        }
        if left > 0 { lines.append("and \(left) more steps: see log.ndjson") }
        return lines.map { $0 + "\n" }.joined()
    }

    /// For a browser, without a network: one page, no scripts.
    public func html(title: String) -> String {
        let rows = steps.map { step in
            """
            <tr class="\(step.level.name)"><td>\(Self.escaped(Shown.line(step.from)))</td><td>\(step.level.name)</td><td>\(Self.escaped(Shown.line(step.event)))</td>\
            <td dir="auto">\(Self.escaped(Self.words(step)))</td></tr>
            """
        }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>\(Self.escaped(title))</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1c1e21; background: #fff }
            table { border-collapse: collapse; width: 100% } th, td { text-align: start; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #dde }
            td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums } td:last-child { overflow-wrap: anywhere }
            .error { background: #fdecea } .warning { background: #fff6e0 } .debug { color: #667 }
            @media (prefers-color-scheme: dark) { body { background: #17191c; color: #e6e8eb } th, td { border-color: #333 } .error { background: #4a1d1a } .warning { background: #42340f } }
            </style></head><body>
            <h1>\(Self.escaped(title))</h1>
            <table><thead><tr><th>time (UTC)</th><th>level</th><th>event</th><th>what happened</th></tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table>
            \(left > 0 ? "<p>And \(left) more steps: see log.ndjson.</p>" : "")
            </body></html>

            """
    }

    private static func words(_ step: Step) -> String {
        if step.count > 1 { return "\(step.count) ×  \(Shown.isolated(step.message)) until \(Shown.line(step.to))" }
        let details = step.details.map { "\(Shown.line($0.name))=\(Shown.isolated($0.value ?? "null"))" }
        return ([Shown.isolated(step.message)] + details).joined(separator: "  ")
    }

    private static func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
