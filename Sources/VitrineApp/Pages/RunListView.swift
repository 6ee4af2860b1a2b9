import CatalogSync
import Engine
import Events

/// Runs with their books, newest first, page by page.
struct RunListView: Sendable {
    let runs: [RunLine]
    let hasRuns: Bool
    let of: String?
    let older: String?
    let isLater: Bool

    static let limit = 50

    /// - Parameter found: one more than a page holds, where there is more.
    init(_ found: [SyncReport], pipeline: String?, isFirst: Bool, _ zone: ZoneRules) {
        runs = found.prefix(Self.limit).map { RunLine($0, zone) }
        hasRuns = !runs.isEmpty
        of = pipeline.map { Shown.line($0) }
        let last = found.count > Self.limit ? found.prefix(Self.limit).last : nil
        older = last.map { "/runs?before=\(PercentEncoded.text($0.startedAt.rfc3339))" + (pipeline.map { "&pipeline=\(PercentEncoded.text($0))" } ?? "") }
        isLater = !isFirst
    }
}

/// A run on one line of a table.
struct RunLine: Sendable {
    let link: String
    let started: TimeView
    let pipeline: String
    let state: String
    let tone: String
    let read: Int
    let rejected: Int
    let superseded: Int
    let unchanged: Int
    let sent: Int
    let accepted: Int
    let refused: Int
    let unknown: Int
    let balance: String
    let balanceTone: String

    init(_ report: SyncReport, _ zone: ZoneRules) {
        link = "/runs/\(PercentEncoded.text(report.runID))"
        started = TimeView(report.startedAt, zone)
        pipeline = Shown.line(report.pipeline)
        state = report.state.shortWords
        tone = report.tone
        read = report.rows.read
        rejected = report.rows.rejected
        superseded = report.rows.superseded
        unchanged = report.rows.unchanged
        sent = report.items.sent
        accepted = report.items.accepted
        refused = report.items.refused
        unknown = report.items.unknown
        balance = report.balanced ? "balance" : "DO NOT BALANCE"
        balanceTone = report.balanced ? "" : "bad"
    }
}

extension RunState {
    /// One or two words.
    var shortWords: String {
        switch self {
        case .running: "running"
        case .done: "done"
        case .doneWithErrors: "with errors"
        case .validationFailed: "nothing sent"
        case .held: "held"
        case .failed: "stopped"
        case .nothingToDo: "nothing to do"
        case .planned: "planned"
        }
    }
}
