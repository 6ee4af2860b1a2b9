import Engine
import Events
import Feed
import MetaCatalog
import ObjectStore
import Synchronization

/// One open run: what its stages work with.
struct SyncRun: Sendable {
    let sync: CatalogSync
    let opening: RunOpening
    let folder: RunFolder
    let log: RunLog<SyncRecord>
    private(set) var reporter: Reporter
    /// False for a run that another one finishes while settling: the other one has settled all that is older, and looking for open runs
    /// again would find that other run itself.
    var settlesOthers = true
    /// The files as this process has read them; a later process reads them again.
    let memo: Memo

    final class Memo: Sendable {
        private let index = Mutex<FeedIndex?>(nil)
        var feedIndex: FeedIndex? {
            get { index.withLock { $0 } }
            set { index.withLock { $0 = newValue } }
        }
    }

    var configuration: CatalogSyncConfiguration { sync.configuration }
    var world: World { sync.world }
    var landing: any ObjectStore { sync.landing }
    var synced: any LeasingStore { sync.synced }
    var shelf: BatchShelf { BatchShelf(store: sync.synced, folder: folder) }

    /// How often a run begins again because a claimed file was replaced before anything was sent.
    private static let mostRestarts = 5

    /// The stages that are not finished, one after the other, up to `last`; after the last one, or once the run has nothing left to do, its
    /// end.
    func goOn(upTo last: SyncStage = .save) async -> SyncReport {
        do {
            try await workThrough(upTo: last)
            let record = await log.record
            guard record.isThrough(last) else { return ReportBuilder().report(record, opening: opening, state: .running, at: world.now(), stop: nil) }
            for stage in SyncStage.allCases { try await work(on: stage) }
            return try await close(state: nil, stop: nil)
        } catch {
            return await closeFailed(RunStop(any: error))
        }
    }

    private func workThrough(upTo last: SyncStage) async throws {
        for restart in 0... {
            do {
                for stage in SyncStage.allCases {
                    try await work(on: stage)
                    if stage == last { return }
                }
                return
            } catch let change as SourceChanged {
                guard restart < Self.mostRestarts else { throw RunStop.filesKeepChanging(change.file) }
                let reason = "\(change.file) was replaced while it was read"
                try await log.append(.restarted(reason: reason))
                memo.feedIndex = nil
                reporter.report(SyncEvent.runRestarted(reason: reason))
            }
        }
    }

    /// Does nothing where the stage is finished, or where the run has come to an end that leaves it out.
    func work(on stage: SyncStage) async throws {
        let record = await log.record
        guard !record.finished.contains(stage), record.needs(stage) else { return }
        if Task.isCancelled { throw RunStop.toldToStop }
        try await StageRunner(reporter: reporter, world: world).run(stage.rawValue) { reporter in
            var run = self
            run.reporter = reporter
            switch stage {
            case .settle: try await run.settle()
            case .check: try await run.check()
            case .validate: try await run.validate()
            case .transform: try await run.transform()
            case .send: try await run.send()
            case .checkHandles: try await run.checkHandles()
            case .archive: try await run.archive()
            case .save: try await run.save()
            }
        }
        try await log.append(.finished(stage, at: world.now()))
    }

    init(sync: CatalogSync, opening: RunOpening, folder: RunFolder, log: RunLog<SyncRecord>) {
        self.sync = sync
        self.opening = opening
        self.folder = folder
        self.log = log
        reporter = sync.reporter.scoped(pipeline: opening.pipeline, runID: opening.runID)
        memo = Memo()
    }

    var courier: Courier {
        Courier(
            log: log, client: sync.client, shelf: shelf, settings: configuration.delivery, world: world, reporter: reporter,
            gate: sync.gate)
    }
}

extension RunStop {
    static func filesKeepChanging(_ file: String) -> RunStop {
        RunStop(
            .tryAgainLater, reason: "file_changed", culprit: file, detail: "it is replaced again and again while it is read",
            remedy: "Write new files under a hidden name and rename them when they are complete.")
    }
}

extension SyncRecord {
    /// True when nothing is left after this stage but the end.
    func isThrough(_ stage: SyncStage) -> Bool { stage == .save || validation?.stop != nil || transform?.hold != nil || files != nil && !hasRows }

    /// Files to take, or products to send again.
    private var hasRows: Bool { files?.isEmpty == false || files != nil && resending != nil }

    /// A run without files, or one that failed validation, skips what it has nothing for.
    func needs(_ stage: SyncStage) -> Bool {
        switch stage {
        case .settle, .check, .save: true
        case .validate, .archive: hasRows
        case .transform: hasRows && validation?.stop == nil
        case .send, .checkHandles: !batches.isEmpty
        }
    }
}
