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
            isUnfinished: !report.state.isEnd,
            // Its own, and those of earlier runs that it has asked for in vain.
            hasOpenVerdicts: report.state.isEnd && (report.items.unknown > 0 || report.settled.contains { $0.items.unknown > 0 }),
            // What a held run has judged is due again: nothing starts before a person has ended the hold, and then it does.
            tookFiles: isDone && report.files.archived > 0 || report.state == .held)
    }
}
