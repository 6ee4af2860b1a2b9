import Engine
import Events

extension SyncReport {
    /// The report for a person at a terminal. The last line says whether the books balance.
    public func text(hints: [String] = []) -> String {
        if let error, runID.isEmpty, state != .planned { return neverBegun(error) }
        var lines: [String] = []
        lines.append("\(pipeline.isEmpty ? "plan" : pipeline) · \(state == .planned ? "dry run" : "run \(runID)") · \(stateInWords) · \(took)")
        if let error { lines += [""] + Self.words(of: error, isForetold: state == .planned) }
        lines += ["", "  files    \(Self.counts([("found", files.found), ("taken", files.taken), ("refused", files.rejected), ("archived", files.archived)]))"]
        lines.append("  rows     \(rows.read) read = " + Self.sum([
            ("rejected", rows.rejected), ("superseded", rows.superseded), ("unchanged", rows.unchanged), ("held", rows.held),
            (state == .planned ? "to send" : "sent", state == .planned ? rows.pending : rows.sent),
            ("pending", state == .planned ? 0 : rows.pending),
        ]))
        if state != .planned {
            let warned = items.warned > 0 ? " (\(items.warned) of them with a warning)" : ""
            lines.append("  items    \(items.sent) sent = \(items.accepted) accepted\(warned) + \(items.refused) refused by Meta + \(items.unknown) unknown")
        }
        lines.append("  batches  " + batchLine)
        if state != .planned, rows.sent == 0, rows.unchanged > 0 {
            lines += ["", "  Nothing to send: \(rows.unchanged) rows are as Meta has judged them last. To send them all the same: --full"]
        }
        if stillRefused > 0 {
            lines += ["", "  \(stillRefused) of the unchanged rows Meta has refused as they are; they are not sent again until the row or the settings change."]
        }
        if files.found > files.taken {
            lines += ["", "  Left in the landing zone: \(files.found - files.taken) of \(files.found) files. Their names say that they are not complete, or no CSV (log: file.skipped)."]
        }
        lines += refusedFileLines + findingLines + refusalLines + settledLines + hints.map { $0.isEmpty ? "" : "  \($0)" }
        let imbalances = books.imbalances + settled.flatMap { earlier in earlier.books.imbalances.map { "run \(earlier.runID): \($0)" } }
        lines += ["", balanced && imbalances.isEmpty ? "books balance" : "BOOKS DO NOT BALANCE: " + imbalances.joined(separator: "; ")]
        return lines.joined(separator: "\n") + "\n"
    }

    /// There are no figures to show, and no run to go on with.
    private func neverBegun(_ error: Failure) -> String {
        let lines = ["\(pipeline.isEmpty ? "vitrine" : pipeline) · not begun", ""] + Self.words(of: error) + ["", "books balance"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func words(of error: Failure, isForetold: Bool = false) -> [String] {
        // Settings with several mistakes have a line for each.
        let detail = error.detail.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    and ")
        return ["  \(isForetold ? "A run would stop here" : "Stopped"): \(error.culprit): \(detail)" + (detail.hasSuffix(".") ? "" : "."), "  What to do: \(error.remedy)"]
    }

    private var stateInWords: String {
        switch state {
        case .running: "running"
        case .done: "done"
        case .doneWithErrors: "done, with errors"
        case .validationFailed: "validation failed, nothing sent"
        case .held: "held, waits for a person"
        case .failed: "stopped, nothing lost, the next run goes on"
        case .nothingToDo: "nothing to do"
        case .planned: "nothing was sent or written"
        }
    }

    private var took: String { "\(Self.decimal(durationSeconds, places: durationSeconds < 10 ? 2 : 1)) s" }

    private var batchLine: String {
        if let estimate {
            return "\(batches.prepared) → about \(estimate.calls) calls, \(Self.decimal(estimate.minutes, places: 1)) minutes at Meta's lowest quota"
        }
        let retried = requests.retried > 0 ? " (\(requests.retried) repeated)" : ""
        return Self.counts([("prepared", batches.prepared), ("sent", batches.sent), ("without a handle", batches.failed)])
            + " · \(requests.sent) \(requests.sent == 1 ? "request" : "requests")\(retried) · handles "
            + Self.counts([("finished", handles.finished), ("failed", handles.failed), ("timed out", handles.timedOut)])
    }

    private var refusedFileLines: [String] {
        guard !refusedFiles.isEmpty else { return [] }
        return ["", "  Refused files:"]
            + refusedFiles.flatMap { ["    \($0.file)\($0.line > 0 ? ":\($0.line)" : "") \($0.rule) \($0.message)", "        → \($0.remedy)"] }
    }

    private var findingLines: [String] {
        let shown = findings.filter { $0.severity == "error" || $0.severity == "warn" }
        guard !shown.isEmpty else { return [] }
        return ["", "  What our checks found:"] + shown.flatMap { finding -> [String] in
            let rule = RuleText.title(of: finding.rule)
            let head = "    \(finding.rule) \(finding.severity == "error" ? "rejected" : "warned  ") \(Self.times(finding.count))  \(rule)"
            let hint = RuleText.hint(of: finding.rule).map { ["          → \($0)"] } ?? []
            return [head] + finding.examples.prefix(2).map { "        \($0.file):\($0.row)\($0.productID.isEmpty ? "" : "  \($0.productID)")\(Self.quoted($0.value))" } + hint
        }
    }

    private var refusalLines: [String] {
        guard !refusals.isEmpty else { return [] }
        return ["", "  What Meta refused:"] + refusals.flatMap { family -> [String] in
            ["    \(Self.times(family.count))  \(family.family)"]
                + family.examples.prefix(3).map { "        \($0.file):\($0.row)  \($0.productID)  \($0.message)" }
        }
    }

    private var settledLines: [String] {
        guard !settled.isEmpty else { return [] }
        return ["", "  Earlier runs settled first:"]
            + settled.map { "    \($0.runID)  \($0.state.rawValue)  \($0.items.sent) items: \($0.items.accepted) accepted, \($0.items.refused) refused, \($0.items.unknown) unknown" }
    }

    private static func counts(_ parts: [(String, Int)]) -> String { parts.map { "\($0.1) \($0.0)" }.joined(separator: ", ") }

    /// Parts of a sum that are zero are left out, but for the first one that people look for.
    private static func sum(_ parts: [(String, Int)]) -> String {
        let shown = parts.filter { $0.1 > 0 || $0.0 == "rejected" || $0.0 == "sent" || $0.0 == "to send" }
        return shown.map { "\($0.1) \($0.0)" }.joined(separator: " + ")
    }

    private static func times(_ count: Int) -> String { String(repeating: " ", count: max(0, 5 - String(count).count)) + "\(count) ×" }

    private static func quoted(_ value: String) -> String { value.isEmpty ? "" : "  '\(value)'" }

    static func decimal(_ number: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((number * scale).rounded())
        if places == 0 { return String(scaled) }
        let fraction = String(scaled % Int(scale))
        return "\(scaled / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
