import Engine
import Events
import Foundation
import ObjectStore
import Transport
import Synchronization
import Testing

let noon = Timestamp(year: 2026, month: 11, day: 21, hour: 12)

struct TemporaryFolder {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "engine-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Keeps what it is told, in order.
final class RecordingSink: EventSink {
    struct Entry: Sendable {
        let name: String
        let signal: Signal
        let scope: EventScope
    }

    private let kept = Mutex<[Entry]>([])
    var entries: [Entry] { kept.withLock { $0 } }

    func receive(_ event: some Event, in scope: EventScope) {
        var signal = Signal()
        event.describe(to: &signal)
        kept.withLock { [signal] in $0.append(Entry(name: event.name.rawValue, signal: signal, scope: scope)) }
    }
}

/// A record that only remembers what was applied.
struct WordRecord: RunRecord {
    var words: [String] = []
    mutating func apply(_ entry: String) { words.append(entry) }
}

/// A folder store that fails on demand: before it has done what it was asked to, or after.
struct FaultyStore: ObjectStore {
    enum Fault: Sendable { case none, before, after }

    let base: FolderStore
    let faults: Faults

    /// What becomes of the puts to come, the next one first; none once they are used up.
    final class Faults: Sendable {
        private let next = Mutex<[Fault]>([])
        func plan(_ faults: [Fault]) { next.withLock { $0 = faults } }
        fileprivate func take() -> Fault { next.withLock { $0.isEmpty ? .none : $0.removeFirst() } }
    }

    var location: String { base.location }

    func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError) {
        let fault = faults.take()
        if fault != .before { try await base.put(key, bytes, condition) }
        if fault != .none { throw StoreError(.failed, culprit: key, detail: "planned by the test", remedy: "None.") }
    }

    func put(_ key: String, file: OpenFile) async throws(StoreError) { try await base.put(key, file: file) }
    func list(prefix: String) async throws(StoreError) -> [ObjectInfo] { try await base.list(prefix: prefix) }
    func get(_ key: String, limit: Int) async throws(StoreError) -> [UInt8] { try await base.get(key, limit: limit) }
    func info(_ key: String) async throws(StoreError) -> ObjectInfo? { try await base.info(key) }
    func delete(_ key: String) async throws(StoreError) { try await base.delete(key) }
    func pin(_ key: String) async throws(StoreError) -> any PinnedObject { try await base.pin(key) }
    func move(_ key: String, pinned: any PinnedObject, to destination: String) async throws(StoreError) -> MoveOutcome {
        try await base.move(key, pinned: pinned, to: destination)
    }
}

/// A lease that somebody takes away.
final class LosableLease: Lease {
    let fencingNumber: Int? = 7
    private let isLost = Mutex(false)

    func lose() { isLost.withLock { $0 = true } }
    func extend(until: Timestamp) async throws(StoreError) {}
    func release() async {}

    func confirm() throws(StoreError) {
        if isLost.withLock(\.self) { throw StoreError(.changed, culprit: "the lease", detail: "it is not ours any more", remedy: "Wait.") }
    }
}
