import Engine
import Events
import FoundationEssentials
import Glibc
import Gzip
import ObjectStore
import Transport

/// `state: s3://…`, as one process works on it: the ledger is fetched to a scratch folder, and put back after each run, only ever over the version
/// that was fetched. A lease keeps others away; where it is lost all the same, the put fails and nothing is written over.
///
/// What is not put back is not lost: the run folders have it all, and the mark `LedgerBehind` says which of them to read.
actor StateBucket {
    static let ledgerKey = Ledger.fileName + ".gz"
    static let leaseKey = ".lease"
    /// Bytes, unpacked. A ledger of 5,000,000 products stays below it.
    static let largestLedger = 16 << 30

    nonisolated let store: S3Store
    nonisolated let scratch: ScratchFolder
    private let lease: any Lease
    private let process: String
    /// Of the ledger in the bucket; nil: there is none.
    private var revision: String?
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Pipelines whose mark is there, by this process or by one that died.
    private var marked: Set<String> = []
    private var atWork: Set<String> = []
    private var upToDate: Set<String> = []

    /// Takes the lease and fetches the ledger.
    /// - Throws: 75 where another process has the state; what the store throws.
    init(_ store: S3Store, spool: String, process: String, now: Timestamp) async throws {
        self.store = store
        self.process = process
        switch try await store.lease(Self.leaseKey, for: LeaseHolder(runID: "state", process: process), now: now) {
        case .granted(let lease): self.lease = lease
        case .held(let other):
            throw RunStop(
                .tryAgainLater, reason: "lease_held", culprit: store.location, detail: "process \(other?.process ?? "unknown") works on this state",
                remedy: "Wait until it has ended, then run again; what is to run at the same time wants a state of its own.")
        }
        do {
            scratch = try ScratchFolder(in: spool)
            revision = try await Self.fetch(store, to: scratch.path)
        } catch {
            await lease.release()
            throw error
        }
    }

    /// Brings the ledger into a folder. - Returns: its revision; nil where there is none.
    static func fetch(_ store: S3Store, to folder: String) async throws -> String? {
        guard let pinned = try await store.pinIfThere(ledgerKey) else { return nil }
        do {
            try PackedFile.unpack(pinned, to: folder + "/" + Ledger.fileName, limit: largestLedger)
        } catch let error as GzipError {
            throw StoreError(
                .changed, culprit: "\(store.location)/\(ledgerKey)", detail: "it cannot be unpacked: \(error.culprit)",
                remedy: "Delete it: the next run reads everything back from the run folders.")
        }
        return pinned.info.revision
    }

    // MARK: Runs

    /// Whether the ledger here is known to have all that is closed of a pipeline.
    func isUpToDate(_ pipeline: String) -> Bool { upToDate.contains(pipeline) }

    /// What earlier processes have left to read back; nil where there is nothing.
    func behind(_ pipeline: String) async throws -> LedgerBehind? {
        let found = try await LedgerBehind.read(pipeline, in: store)
        if found != nil { marked.insert(pipeline) }
        return found
    }

    func caughtUp(_ pipeline: String) { upToDate.insert(pipeline) }

    /// A run is about to begin. From here on the ledger in the bucket is behind, until it is put back.
    func begin(_ pipeline: String, since: Timestamp, folders: [String]) async throws {
        try await alone {
            try confirm()
            if !marked.contains(pipeline) { try await LedgerBehind(since: since, folders: folders, process: process).write(pipeline, to: store) }
            marked.insert(pipeline)
            atWork.insert(pipeline)
        }
    }

    func end(_ pipeline: String) { atWork.remove(pipeline) }

    /// Puts the ledger back, and takes the marks away of pipelines whose runs are over.
    /// - Returns: the bytes that were put.
    @discardableResult
    func keep(_ ledger: Ledger) async throws -> Int {
        try await alone {
            try confirm()
            let over = marked.intersection(upToDate).subtracting(atWork)
            let copy = scratch.path + "/copy.sqlite"
            unlink(copy)
            defer { unlink(copy) }
            try ledger.copy(to: copy)
            let packed = try PackedFile.pack(copy, spool: scratch.path)
            do throws(StoreError) {
                revision = try await store.put(Self.ledgerKey, packed, replacing: revision)
            } catch {
                guard error.reason == .changed else { throw error }
                throw RunStop(
                    .tryAgainLater, reason: "state_changed", culprit: error.culprit, detail: error.detail,
                    remedy: "Run again: what is missing there is read back from the run folders.")
            }
            for pipeline in over {
                try await store.delete(LedgerBehind.key(pipeline))
                marked.remove(pipeline)
            }
            return packed.size ?? 0
        }
    }

    /// The process is done with it.
    func leave() async {
        await lease.release()
        scratch.remove()
    }

    private func confirm() throws {
        do {
            try lease.confirm()
        } catch {
            throw RunStop(.tryAgainLater, reason: "lease_lost", culprit: error.culprit, detail: error.detail, remedy: error.remedy)
        }
    }

    /// One after the other, in the order they came.
    private func alone<Value>(_ body: () async throws -> Value) async throws -> Value {
        if isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
        defer { if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() } }
        return try await body()
    }
}
