import CatalogSync
import Engine
import Events
import Telemetry

/// The gauges of one pipeline as its ledger knows them, so that a process that has just begun does not look like one that never ran. They are what the events
/// of its last runs set: an event is the one place that knows which gauge a report's figure is.
struct FigureSeed {
    let pipeline: String
    let ledger: Ledger

    func sow(in registry: MetricRegistry) throws {
        var signal = Signal()
        // The last good one first: of what both set, the word of the last one stands.
        let good = try ledger.lastRun(of: pipeline, in: [.done, .nothingToDo])
        let last = try ledger.lastRun(of: pipeline, in: Set(RunState.allCases).subtracting([.running]))
        for run in [good, last].compactMap(\.self) { Self.end(of: run).describe(to: &signal) }
        if let file = try ledger.newestFileTime(pipeline: pipeline) { SyncEvent.fileClaimed(file: "", bytes: 0, modified: file).describe(to: &signal) }
        SyncEvent.productsCounted(try ledger.subjectCounts(pipeline: pipeline), unresolved: try ledger.itemsWithoutVerdict(pipeline: pipeline)).describe(to: &signal)
        for change in signal.changes where change.kind == .set { registry.apply(change, pipeline: pipeline) }
    }

    /// What was said when it ended. A report that cannot be read says nothing of its books.
    private static func end(of run: RunFacts) -> EngineEvent {
        let report = try? SyncReport(json: Array(run.report.utf8))
        return .runEnded(state: run.state, books: report?.books ?? Books(), seconds: report?.durationSeconds ?? 0, endedAt: run.endedAt)
    }
}
