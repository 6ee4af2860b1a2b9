import CatalogSync
import Engine
import Events
import ObjectStore
import Settings
import Telemetry

/// How things stand at a pipeline whether a run is at work or not: what waits in its landing zone, and whether a run waits for a person.
extension AppSession {
    /// How long a run that has ended looks at most, and anybody at a hold: the synced store may be gone while the landing zone is there.
    private static let lookBound = Duration.seconds(5)
    /// And one that was told to stop.
    private static let hurriedLook = Duration.seconds(1)

    /// Looks, and tells the gauges.
    /// - Returns: the files that a run would take, oldest first.
    /// - Throws: why the landing zone cannot be looked at; its gauges stay as they were.
    func look(at pipeline: PipelineSettings) async throws -> [ObjectInfo] {
        await lookAtHold(of: pipeline)
        try factory.require(pipeline)
        let files = try await LandingZone.completeFiles(in: factory.landing(pipeline))
        telemetry.reporter.scoped(pipeline: pipeline.name).report(DaemonEvent.landingWatched(files: files.count, oldest: files.first?.modified))
        return files
    }

    /// When a run has ended, whatever the end, or a person has spoken: one that could not begin has not looked, and one that has has moved files since. Where it cannot be
    /// looked at now the run has said so, or the next one will.
    func lookAfterRun(at pipeline: PipelineSettings) async {
        let bound = Task.isCancelled ? Self.hurriedLook : Self.lookBound
        // Waited for, and over within its bound; not in the task that may have been told to stop.
        _ = await Task { await Bounded.within(bound) { _ = try? await self.look(at: pipeline) } }.value
    }

    /// Before the first run of a process that serves: what its gauges cannot know from the ledger, so that no scrape finds them at a zero that means nothing.
    func seedPresent() async {
        for pipeline in loaded.settings.pipelines {
            telemetry.hub.registry.set(.runStarted, 0, pipeline: pipeline.name)
            await lookAtHold(of: pipeline)
        }
        // From here on only what this process changes is its own word.
        if figures != nil { _ = totals(of: pipelineNames, for: .otlp) }
    }

    /// A store that cannot be asked now leaves the gauge as it was.
    private func lookAtHold(of pipeline: PipelineSettings) async {
        _ = await Bounded.within(Self.lookBound) {
            do {
                let hold = try await self.hold(of: pipeline.name)
                self.telemetry.reporter.scoped(pipeline: pipeline.name).report(DaemonEvent.holdWatched(runID: hold?.runID))
            } catch {
                return
            }
        }
    }

    var pipelineNames: [String] { loaded.settings.pipelines.map(\.name) }
}
