import CatalogSync
import Engine
import Events
import Settings
import Telemetry

extension AppSession {
    /// One run, or one stage of it: what `run`, `stage` and `serve` have in common. Never throws: what stops it is in the report.
    func run(_ pipeline: PipelineSettings, _ request: CatalogSync.Request, stage: SyncStage? = nil) async -> SyncReport {
        let witness = RunAlerts(office: alerts, pipeline: pipeline, reporter: telemetry.reporter)
        var report = await run(pipeline, request, stage, witness)
        await lookAfterRun(at: pipeline)
        await witness.ended(&report)
        return report
    }

    private func run(_ pipeline: PipelineSettings, _ request: CatalogSync.Request, _ stage: SyncStage?, _ witness: RunAlerts) async -> SyncReport {
        do {
            try factory.require(pipeline)
            if let pause = try await pause(of: pipeline.name, now: factory.world.now()) { throw RunStop.paused(pause) }
            try await factory.reachLandingZone(pipeline)
            try await fetchSecrets(pipeline.catalog.secrets)
            return try await keepingState(of: pipeline) {
                let report = try await work(on: pipeline, request, stage, witness)
                return try await workAgainWithNewSecret(report, pipeline, request, stage, witness) ?? report
            }
        } catch {
            let stop = RunStop(appError: error)
            // A pause is no failure, and was said already.
            if stop.reason != "paused" { telemetry.reporter.scoped(pipeline: pipeline.name, runID: request.runID).report(EngineEvent.runNotBegun(stop)) }
            return SyncReport(stoppedBefore: stop, runID: request.runID ?? "", pipeline: pipeline.name, at: factory.world.now())
        }
    }
}

extension AppSession {
    /// Until its task is cancelled: lines wait no longer than this for the disk, also where nothing happens any more, so that whoever looks at a run that hangs
    /// finds the last one. By the real clock: the disk knows no other.
    func writeLines() async {
        while true {
            do { try await World.real.sleep(TelemetryHub.flushInterval) } catch { return }
            telemetry.hub.flush()
        }
    }

    private func work(on pipeline: PipelineSettings, _ request: CatalogSync.Request, _ stage: SyncStage?, _ witness: RunAlerts) async throws -> SyncReport {
        let sync = try sync(pipeline, witness: witness)
        guard let stage else { return await sync.run(request) }
        return await sync.stage(stage, request, grace: pipeline.stageGrace)
    }

    /// Meta refused the token, and AWS keeps another one by now: the run goes on with it, once. Nil where there is none.
    private func workAgainWithNewSecret(
        _ report: SyncReport, _ pipeline: PipelineSettings, _ request: CatalogSync.Request, _ stage: SyncStage?, _ witness: RunAlerts
    ) async throws -> SyncReport? {
        guard report.error?.reason == "token", await factory.fetchedSecrets.renew(pipeline.catalog.secrets) else { return nil }
        lookForSecrets()
        witness.believeToken()
        var request = request
        request.runID = report.runID
        return try await work(on: pipeline, request, stage, witness)
    }

    /// What AWS keeps, before it is used. - Throws: 77, 78 or 69, naming file and line of the reference.
    func fetchSecrets(_ references: [SecretReference]) async throws {
        if try await factory.fetchedSecrets.fetch(references) { lookForSecrets() }
    }

    /// The sinks look for them from here on.
    private func lookForSecrets() { telemetry.renew(for: factory) }
}

extension CatalogSettings {
    var secrets: [SecretReference] { [accessToken] + (appSecret.map { [$0] } ?? []) }
}

extension SyncReport {
    /// Of a run that did not come to begin.
    init(stoppedBefore stop: RunStop, runID: String, pipeline: String, at now: Timestamp) {
        self.init(runID: runID, pipeline: pipeline, state: .failed, startedAt: now)
        endedAt = now
        error = .init(stop)
    }
}
