import CatalogSync
import Engine
import Settings

extension ScheduleEntry {
    init(_ pipeline: PipelineSettings) {
        let times = pipeline.schedule.map { cron in Times(text: cron.description) { cron.next(after: $0) } }
        self.init(pipeline: pipeline.name, times: times, watches: pipeline.watch, lookInterval: pipeline.watchInterval)
    }
}

extension ScheduledEnd {
    init(_ report: SyncReport) {
        let isDone = report.state == .done || report.state == .doneWithErrors
        self.init(
            isUnfinished: !report.state.isEnd, hasOpenVerdicts: report.state.isEnd && report.items.unknown > 0,
            tookFiles: isDone && report.files.archived > 0)
    }
}
