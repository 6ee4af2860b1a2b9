import Engine
import Events

extension SyncReport {
    /// The report for a person at a terminal or in a mail. The last line says whether the books balance.
    public func text(hints: [String] = [], for presentation: Presentation = Presentation()) -> String {
        if let error, runID.isEmpty, state != .planned { return neverBegun(error) }
        var lines = [heading] + timeLines(presentation.zone) + ["", "  " + inWords]
        if let error { lines += [""] + Self.words(of: error, isForetold: state == .planned) }
        lines += [""] + figureLines + noteLines + refusedFileLines
        lines += TextFindings(report: self, presentation: presentation).lines
        lines += settledLines + alertLines + hints.map { $0.isEmpty ? "" : "  \($0)" }
        let imbalances = books.imbalances + settled.flatMap { earlier in earlier.books.imbalances.map { "run \(earlier.runID): \($0)" } }
        lines += ["", balanced && imbalances.isEmpty ? "books balance" : "BOOKS DO NOT BALANCE: " + imbalances.joined(separator: "; ")]
        return lines.joined(separator: "\n") + "\n"
    }

    private var alertLines: [String] {
        alerts.isEmpty ? [] : ["", "  People are told: \(alerts.map { Shown.line($0) }.joined(separator: ", "))"]
    }

    /// There are no figures to show, and no run to go on with.
    private func neverBegun(_ error: Failure) -> String {
        let lines = ["\(pipeline.isEmpty ? "vitrine" : Shown.isolated(pipeline)) · not begun", ""] + Self.words(of: error) + ["", "books balance"]
        return lines.joined(separator: "\n") + "\n"
    }

    private var heading: String {
        let name = pipeline.isEmpty ? "plan" : Shown.isolated(pipeline)
        return "\(name) · \(state == .planned ? "dry run" : "run \(Shown.line(runID))") · \(state.inWords) · \(Words.duration(durationSeconds))"
    }

    private func timeLines(_ zone: ZoneRules) -> [String] {
        guard state != .planned else { return [] }
        let end = endedAt.map { ", ended \(zone.text($0))" } ?? ""
        return ["  started \(zone.text(startedAt))\(end) (\(zone.label(at: startedAt)))"]
    }

    private static func words(of error: Failure, isForetold: Bool = false) -> [String] {
        // Settings with several mistakes have a line for each.
        let detail = error.detail.split(separator: "\n", omittingEmptySubsequences: false).map { Shown.isolated(String($0), limit: 1000) }
            .joined(separator: "\n    and ")
        let what = isForetold ? "A run would stop here" : "Stopped"
        return ["  \(what): \(Shown.isolated(error.culprit)): \(detail)" + (detail.hasSuffix(".") ? "" : "."), "  What to do: \(Shown.isolated(error.remedy, limit: 1000))"]
    }

    private var figureLines: [String] {
        var lines = ["  files    \(Self.counts([("found", files.found), ("taken", files.taken), ("refused", files.rejected), ("archived", files.archived)]))"]
        lines.append("  rows     \(rows.read) read = " + Self.sum([
            ("rejected", rows.rejected), ("superseded", rows.superseded), ("unchanged", rows.unchanged), ("held", rows.held),
            (state == .planned ? "to send" : "sent", state == .planned ? rows.pending : rows.sent),
            ("pending", state == .planned ? 0 : rows.pending),
        ]))
        if resentRows > 0 { lines.append("           \(resentRows) of them in no file: a person wanted these products sent again") }
        if state != .planned {
            let warned = items.warned > 0 ? " (\(items.warned) of them with a warning)" : ""
            lines.append("  items    \(items.sent) sent = \(items.accepted) accepted\(warned) + \(items.refused) refused by Meta + \(items.unknown) unknown")
        }
        return lines + ["  batches  " + batchLine]
    }

    private var batchLine: String {
        if let estimate {
            return "\(batches.prepared) → about \(estimate.calls) calls, \(Words.decimal(estimate.minutes, places: 1)) minutes at Meta's lowest quota"
        }
        let retried = requests.retried > 0 ? " (\(requests.retried) repeated)" : ""
        return Self.counts([("prepared", batches.prepared), ("sent", batches.sent), ("without a handle", batches.failed)])
            + " · \(requests.sent) \(requests.sent == 1 ? "request" : "requests")\(retried) · handles "
            + Self.counts([("finished", handles.finished), ("failed", handles.failed), ("timed out", handles.timedOut)])
    }

    private var noteLines: [String] {
        var lines: [String] = []
        if state != .planned, rows.sent == 0, rows.held == 0, rows.unchanged > 0 { lines += ["", "  To send unchanged rows all the same: --full"] }
        if stillRefused > 0 {
            lines += ["", "  \(stillRefused) of the unchanged rows Meta has refused as they are; they are not sent again until the row or the settings change."]
        }
        if files.found > files.taken {
            lines += ["", "  Left in the landing zone: \(files.found - files.taken) of \(files.found) files. Their names say that they are not complete, or no CSV (log: file.skipped)."]
        }
        return lines
    }

    /// Files told one by one.
    private static let fileLimit = 20

    private var refusedFileLines: [String] {
        guard !refusedFiles.isEmpty else { return [] }
        let rest = refusedFiles.count - Self.fileLimit
        return ["", "  Files refused as a whole:"]
            + refusedFiles.prefix(Self.fileLimit).flatMap { file in
                let place = Shown.isolated(file.file) + (file.line > 0 ? ", line \(file.line)" : "")
                return ["    \(place): \(Shown.isolated(file.message)) (\(Shown.line(file.rule)))", "      → \(Shown.isolated(file.remedy))"]
            } + (rest > 0 ? ["    and \(rest) more: see rejected/\(runID)/"] : [])
    }

    private var settledLines: [String] {
        guard !settled.isEmpty else { return [] }
        return ["", "  Earlier runs settled first:"]
            + settled.map { "    \(Shown.line($0.runID))  \($0.state.rawValue)  \($0.items.sent) items: \($0.items.accepted) accepted, \($0.items.refused) refused, \($0.items.unknown) unknown" }
    }

    private static func counts(_ parts: [(String, Int)]) -> String { parts.map { "\($0.1) \($0.0)" }.joined(separator: ", ") }

    /// Parts of a sum that are zero are left out, but for the first one that people look for.
    private static func sum(_ parts: [(String, Int)]) -> String {
        let shown = parts.filter { $0.1 > 0 || $0.0 == "rejected" || $0.0 == "sent" || $0.0 == "to send" }
        return shown.map { "\($0.1) \($0.0)" }.joined(separator: " + ")
    }
}
