import Cryptography
import Engine
import FoundationEssentials
import ObjectStore

/// Small files of a state in a bucket that more than one process changes, a person's command among them: incidents and outbox. Not under the lease
/// of the ledger, which a daemon keeps for as long as it lives: each change fetches what others have left, and is put back before it counts.
actor SharedFiles {
    /// By name in the state folder.
    static let names = ["alerts.json", "alerts.json.unreadable"]
    /// Bytes of one file.
    static let longest = 64 << 20
    /// How often a change is done over again because another process was quicker.
    private static let attempts = 8

    private let store: S3Store
    private let folder: String
    /// What lies in the folder and in the bucket alike.
    private var known: [String: Known] = [:]
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private struct Known: Equatable {
        let revision: String
        let sha256: String
    }

    init(store: S3Store, folder: String) {
        self.store = store
        self.folder = folder
    }

    /// Fetches, lets `body` change the files in the folder, and puts back what it has changed before it returns. Where another process has written
    /// in between, that is fetched and `body` is done again.
    func changing<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        if isBusy { await withCheckedContinuation { waiting.append($0) } }
        isBusy = true
        defer { if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() } }
        for attempt in 1... {
            for name in Self.names { try await fetch(name) }
            let value = try await body()
            do {
                for name in Self.names { try await putBack(name) }
                return value
            } catch {
                guard (error as? StoreError)?.reason == .changed, attempt < Self.attempts else { throw error }
                known.removeAll()
            }
        }
        preconditionFailure("the last attempt throws")
    }

    private func fetch(_ name: String) async throws {
        guard let there = try await store.info(name) else {
            try? FileManager.default.removeItem(atPath: path(name))
            known[name] = nil
            return
        }
        guard there.revision != known[name]?.revision else { return }
        let pinned = try await store.pin(name)
        guard pinned.info.size <= Self.longest else {
            throw StoreError(
                .tooLarge, culprit: "\(store.location)/\(name)", detail: "it has \(pinned.info.size) bytes, more than the \(Self.longest) that are read",
                remedy: "Look at what wrote it; Vitrine writes no file of this size.")
        }
        var bytes = [UInt8](repeating: 0, count: pinned.info.size)
        _ = try bytes.withUnsafeMutableBytes { bytes in try pinned.read(into: bytes, at: 0) }
        try AtomicFile.write(bytes, to: path(name))
        known[name] = Known(revision: pinned.info.revision, sha256: sha256Hex(bytes))
    }

    private func putBack(_ name: String) async throws {
        guard let data = FileManager.default.contents(atPath: path(name)) else { return }
        let bytes = Array(data)
        let sha256 = sha256Hex(bytes)
        guard sha256 != known[name]?.sha256 else { return }
        known[name] = Known(revision: try await store.put(name, bytes, replacing: known[name]?.revision), sha256: sha256)
    }

    private func path(_ name: String) -> String { folder + "/" + name }
}
