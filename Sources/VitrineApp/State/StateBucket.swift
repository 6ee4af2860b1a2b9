import Engine
import Events
import FoundationEssentials
import Glibc
import Gzip
import ObjectStore
import Synchronization
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
    /// The version of its mark, by pipeline: of this process or of one that died.
    private var marked: [String: String] = [:]
    /// Every put of this process begins its mark with this word, so that it knows its own again where an answer never came.
    private let word = UUID().uuidString.lowercased()
    private var puts = 0
    private nonisolated let loss = Mutex<RunStop?>(nil)
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

    /// Set once the state is another's: nothing is kept any more by this process, no run begins, and only a new process can go on. Nil: it is ours.
    nonisolated var lost: RunStop? { loss.withLock { $0 } }

    /// Whether the ledger here is known to have all that is closed of a pipeline.
    func isUpToDate(_ pipeline: String) -> Bool { upToDate.contains(pipeline) }

    /// What earlier processes have left to read back; nil where there is nothing.
    func behind(_ pipeline: String) async throws -> LedgerBehind? {
        guard let found = try await LedgerBehind.read(pipeline, in: store) else { return nil }
        marked[pipeline] = found.revision
        return found.mark
    }

    func caughtUp(_ pipeline: String) { upToDate.insert(pipeline) }

    /// A run is about to begin. From here on the ledger in the bucket is behind, until it is put back.
    func begin(_ pipeline: String, since: Timestamp, folders: [String]) async throws {
        try await alone {
            try confirm()
            if marked[pipeline] == nil {
                let (store, key, bytes) = (store, LedgerBehind.key(pipeline), try LedgerBehind(since: since, folders: folders, process: process).bytes)
                marked[pipeline] = try await put(key, replacing: nil) { revision, mark throws(StoreError) in
                    try await store.put(key, bytes, replacing: revision, mark: mark)
                }
            }
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
            let over = Set(marked.keys).intersection(upToDate).subtracting(atWork)
            let copy = scratch.path + "/copy.sqlite"
            unlink(copy)
            defer { unlink(copy) }
            try ledger.copy(to: copy)
            let packed = try PackedFile.pack(copy, spool: scratch.path)
            revision = try await put(Self.ledgerKey, replacing: revision) { [store] revision, mark throws(StoreError) in
                try await store.put(Self.ledgerKey, packed, replacing: revision, mark: mark)
            }
            for pipeline in over { try await takeAway(pipeline) }
            return packed.size ?? 0
        }
    }

    /// A mark that somebody else has written meanwhile stays.
    private func takeAway(_ pipeline: String) async throws {
        guard let revision = marked[pipeline] else { return }
        try confirm()
        do throws(StoreError) {
            try await store.delete(LedgerBehind.key(pipeline), revision: revision)
        } catch {
            throw error.reason == .changed ? lose("state_changed", error) as any Error : error
        }
        marked[pipeline] = nil
    }

    /// Over a version that is known, or one that an earlier put of this process has made whose answer never came.
    private func put(
        _ key: String, replacing revision: String?, _ put: (_ revision: String?, _ mark: String) async throws(StoreError) -> String
    ) async throws -> String {
        puts += 1
        let mark = "\(word)-\(puts)"
        let refusal: StoreError
        do throws(StoreError) { return try await put(revision, mark) } catch { refusal = error }
        guard refusal.reason == .changed else { throw refusal }
        guard let there = try await store.mark(of: key), there.mark.hasPrefix(word), there.revision != revision else { throw lose("state_changed", refusal) }
        do throws(StoreError) { return try await put(there.revision, mark) } catch {
            throw error.reason == .changed ? lose("state_changed", error) as any Error : error
        }
    }

    /// The process is done with it.
    func leave() async {
        await lease.release()
        scratch.remove()
    }

    private func confirm() throws {
        if let lost { throw lost }
        do {
            try lease.confirm()
        } catch {
            throw lose("lease_lost", error)
        }
    }

    private func lose(_ reason: String, _ error: StoreError) -> RunStop {
        let remedy = reason == "lease_lost" ? error.remedy : "Run again: what is missing there is read back from the run folders."
        let stop = RunStop(.tryAgainLater, reason: reason, culprit: error.culprit, detail: error.detail, remedy: remedy)
        loss.withLock { $0 = $0 ?? stop }
        return stop
    }

    /// One after the other, in the order they came.
    private func alone<Value>(_ body: () async throws -> Value) async throws -> Value {
        if isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
        defer { if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() } }
        return try await body()
    }
}
