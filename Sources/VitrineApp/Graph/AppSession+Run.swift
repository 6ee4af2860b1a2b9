import CatalogSync
import Engine
import Events
import Settings

extension AppSession {
    /// One run, or one stage of it: what `run`, `stage` and `serve` have in common. Never throws: what stops it is in the report.
    func run(_ pipeline: PipelineSettings, _ request: CatalogSync.Request, stage: SyncStage? = nil) async -> SyncReport {
        do {
            try factory.require(pipeline)
            if let pause = try await pause(of: pipeline.name, now: factory.world.now()) { throw RunStop.paused(pause) }
            let sync = try sync(pipeline)
            guard let stage else { return await sync.run(request) }
            return await sync.stage(stage, request, grace: pipeline.stageGrace)
        } catch {
            let stop = RunStop(appError: error)
            // A pause is no failure, and was said already.
            if stop.reason != "paused" { telemetry.reporter.scoped(pipeline: pipeline.name, runID: request.runID).report(EngineEvent.runNotBegun(stop)) }
            return SyncReport(stoppedBefore: stop, runID: request.runID ?? "", pipeline: pipeline.name, at: factory.world.now())
        }
    }
}

extension SyncReport {
    /// Of a run that did not come to begin.
    init(stoppedBefore stop: RunStop, runID: String, pipeline: String, at now: Timestamp) {
        self.init(runID: runID, pipeline: pipeline, state: .failed, startedAt: now)
        endedAt = now
        error = .init(stop)
    }
}
