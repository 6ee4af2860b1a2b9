import CatalogSync
import Engine
import Events
import Telemetry

/// The gauges of one pipeline as its ledger knows them, so that a process that has just begun does not look like one that never ran.
struct FigureSeed {
    let pipeline: String
    let ledger: Ledger

    func sow(in registry: MetricRegistry) throws {
        if let last = try ledger.lastRun(of: pipeline, in: Set(RunState.allCases).subtracting([.running])) {
            registry.set(.lastCompletion, last.endedAt.seconds, pipeline: pipeline)
            if let report = try? SyncReport(json: Array(last.report.utf8)) {
                registry.set(.runDuration, report.durationSeconds, pipeline: pipeline)
                registry.set(.unaccountedRows, Double(report.books.unaccountedRows), pipeline: pipeline)
                registry.set(.unresolvedItems, Double(report.items.unknown), pipeline: pipeline)
            }
        }
        if let good = try ledger.lastRun(of: pipeline, in: [.done, .nothingToDo]) {
            registry.set(.lastSuccess, good.endedAt.seconds, pipeline: pipeline)
        }
        if let file = try ledger.newestFileTime(pipeline: pipeline) { registry.set(.lastFile, file.seconds, pipeline: pipeline) }
        let counts = try ledger.subjectCounts(pipeline: pipeline)
        for state in SubjectState.allCases {
            registry.set(.products, Double(counts[state] ?? 0), pipeline: pipeline, LabelValue(.state, state.rawValue))
        }
    }
}
