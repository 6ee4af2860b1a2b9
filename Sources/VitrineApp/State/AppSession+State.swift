import CatalogSync
import Engine
import Events
import ObjectStore
import Settings

/// What a state in a bucket asks of a run; nothing of it happens where the state is a folder.
extension AppSession {
    /// One run, with the mark before it and the ledger put back behind it.
    ///
    /// A ledger that could not be put back is the report's error where the run has none: the run itself is in its folder, and the next process reads
    /// it back from there.
    func keepingState(of pipeline: PipelineSettings, _ run: () async throws -> SyncReport) async throws -> SyncReport {
        guard let bucket = state.bucket else { return try await run() }
        try await catchUp(pipeline, bucket)
        try await bucket.begin(pipeline.name, since: factory.world.now(), folders: try await sync(pipeline).openRunFolders())
        let result: Result<SyncReport, any Error>
        do { result = .success(try await run()) } catch { result = .failure(error) }
        await bucket.end(pipeline.name)
        // So that they are in what is put back.
        if keepsFigures { _ = totals(of: [pipeline.name], for: .textfile) }
        do {
            try await putBack(bucket)
        } catch {
            let stop = RunStop(any: error)
            telemetry.reporter.scoped(pipeline: pipeline.name).report(StateEvent.notKept(stop))
            var report = try result.get()
            if report.error == nil { report.error = .init(stop) }
            return report
        }
        return try result.get()
    }

    /// A run that was told to stop is kept all the same, if the bucket takes it soon; else its mark stays, and the next process reads it back.
    private func putBack(_ bucket: StateBucket) async throws {
        try await Unhurried.work { [ledger, telemetry] in
            let bytes = try await bucket.keep(ledger)
            telemetry.reporter.report(StateEvent.kept(place: bucket.store.location, bytes: bytes))
        }
    }

    /// At the end of the process: the totals of its end, and the lease.
    func leaveState() async throws {
        guard let bucket = state.bucket else { return }
        let kept: Result<Void, any Error>
        do { kept = .success(keepsFigures && bucket.lost == nil ? try await putBack(bucket) : ()) } catch { kept = .failure(error) }
        await bucket.leave()
        try kept.get()
    }

    // MARK: A ledger that is older than the runs

    /// Before anybody asks it. What cannot be read back now stops the pipeline's next run, which says why.
    func catchUpEarly() async {
        guard let bucket = state.bucket else { return }
        for pipeline in loaded.settings.pipelines {
            try? await fetchSecrets(pipeline.catalog.secrets)
            try? await catchUp(pipeline, bucket)
        }
    }

    /// Reads back what an earlier process has closed and could not put into the bucket; all there is, where the ledger knows of no run, or an earlier
    /// attempt ended halfway. Where it fails no run begins: the next attempt, here or in another process, reads the same once more.
    private func catchUp(_ pipeline: PipelineSettings, _ bucket: StateBucket) async throws {
        guard await !bucket.isUpToDate(pipeline.name) else { return }
        let behind = try await bucket.behind(pipeline.name)
        let sync = try sync(pipeline)
        if try behind != nil || sync.knowsNothing() {
            let runs = try await sync.catchUp(since: behind?.since, folders: behind?.folders ?? [])
            if runs > 0 { telemetry.reporter.scoped(pipeline: pipeline.name).report(StateEvent.caughtUp(runs: runs)) }
        }
        await bucket.caughtUp(pipeline.name)
    }
}
