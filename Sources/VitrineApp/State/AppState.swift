import Alerting
import Engine
import Events
import ObjectStore
import Settings

/// The state as a running process has it: a folder that it works in, and what lies behind it.
struct AppState: Sendable {
    /// Ledger, incidents and outbox lie here.
    let folder: String
    /// Nil where the folder is the state itself.
    let bucket: StateBucket?
    private let shared: SharedFiles?
    /// Kept as long as the state.
    private let scratch: ScratchFolder?
    /// Whether the ledger in the folder is the state's own; where the state is a bucket it stays there for a command that does not work on it.
    var hasLedger: Bool { bucket != nil || shared == nil }

    init(folder: String) {
        self.folder = folder
        bucket = nil
        shared = nil
        scratch = nil
    }

    init(_ bucket: StateBucket) {
        folder = bucket.scratch.path
        self.bucket = bucket
        shared = SharedFiles(store: bucket.store, folder: folder)
        scratch = bucket.scratch
    }

    /// Without the ledger and its lease: for a command that only changes `SharedFiles.names`.
    init(sharing store: S3Store, spool: String) throws {
        let scratch = try ScratchFolder(in: spool)
        folder = scratch.path
        bucket = nil
        shared = SharedFiles(store: store, folder: folder)
        self.scratch = scratch
    }

    /// For what changes `SharedFiles.names` in the folder: what it leaves there is kept, for every process, when this returns.
    /// - Parameter body: done again where another process was quicker: short, and without anything that others see.
    func changing<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        guard let shared else { return try await body() }
        return try await Unhurried.work { try await shared.changing(body) }
    }

    /// Brings what others have left of `SharedFiles.names` into the folder, to be read.
    func fetch() async throws { try await changing {} }
}

extension AppState: AlertKeeping {
    func keeping<Value: Sendable>(_ change: @escaping @Sendable () throws(AlertStoreError) -> Value) async throws(AlertStoreError) -> Value {
        do { return try await changing(change) } catch let error as AlertStoreError { throw error } catch {
            let stop = RunStop(appError: error)
            throw AlertStoreError(culprit: "\(stop.culprit): \(stop.detail)", remedy: stop.remedy)
        }
    }
}

extension PipelineFactory {
    /// Nil where the state is a folder.
    var stateBucket: S3Store? {
        get throws {
            guard let place = S3Place(url: loaded.settings.state) else { return nil }
            return S3Store(place, in: try aws.session(), world: aws.world, options: S3Store.Options(spool: Self.spool))
        }
    }

    /// For pauses, and for a probe.
    var stateStore: any LeasingStore {
        get throws { try stateBucket ?? FolderStore(root: loaded.path(loaded.settings.state)) }
    }

    /// To be worked on by this process alone, where it is a bucket.
    /// - Throws: 75 where another process works on it; what the store throws.
    func openState() async throws -> AppState {
        guard let store = try stateBucket else {
            let folder = loaded.path(loaded.settings.state)
            try FolderStore.makeFolders(folder)
            return AppState(folder: folder)
        }
        return AppState(try await StateBucket(store, spool: Self.spool, process: Environment.processName, now: world.now()))
    }

    /// For a command that asks or changes nothing but incidents and outbox; a daemon may be at work.
    func sharedState() throws -> AppState {
        guard let store = try stateBucket else { return AppState(folder: loaded.path(loaded.settings.state)) }
        return try AppState(sharing: store, spool: Self.spool)
    }

    /// The ledger to ask, as it was kept last; nil where there is none yet. Takes no lease and writes nothing.
    func ledgerIfAny() async throws -> Ledger? {
        guard let store = try stateBucket else { return try Ledger.existing(folder: loaded.path(loaded.settings.state))?.get() }
        let scratch = try ScratchFolder(in: Self.spool)
        guard try await StateBucket.fetch(store, to: scratch.path) != nil else { return nil }
        return try Ledger(reading: scratch.path, of: scratch)
    }
}
