import Events
import ObjectStore
import Transport
import Synchronization

/// A folder store that tells of every call before it is done and after, to somebody who may change the world meanwhile or let the call fail.
struct TappedStore: LeasingStore {
    enum Call: Sendable { case list, get, info, put, delete, pin, move, lease }
    enum Moment: Sendable { case before, after }
    typealias Tap = @Sendable (Call, Moment, String) async throws(StoreError) -> Void

    let base: FolderStore
    let tap: Tap
    var granted: any Lease = FreeLease()

    var location: String { base.location }

    func list(prefix: String) async throws(StoreError) -> [ObjectInfo] {
        try await tap(.list, .before, prefix)
        return try await base.list(prefix: prefix)
    }

    func get(_ key: String, limit: Int) async throws(StoreError) -> [UInt8] {
        try await tap(.get, .before, key)
        return try await base.get(key, limit: limit)
    }

    func info(_ key: String) async throws(StoreError) -> ObjectInfo? {
        try await tap(.info, .before, key)
        return try await base.info(key)
    }

    func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError) {
        try await tap(.put, .before, key)
        try await base.put(key, bytes, condition)
        try await tap(.put, .after, key)
    }

    func put(_ key: String, file: OpenFile) async throws(StoreError) {
        try await tap(.put, .before, key)
        try await base.put(key, file: file)
        try await tap(.put, .after, key)
    }

    func delete(_ key: String) async throws(StoreError) {
        try await tap(.delete, .before, key)
        try await base.delete(key)
        try await tap(.delete, .after, key)
    }

    func pin(_ key: String) async throws(StoreError) -> any PinnedObject {
        try await tap(.pin, .before, key)
        let pinned = try await base.pin(key)
        try await tap(.pin, .after, key)
        return pinned
    }

    func move(_ key: String, pinned: any PinnedObject, to destination: String) async throws(StoreError) -> MoveOutcome {
        try await tap(.move, .before, key)
        let outcome = try await base.move(key, pinned: pinned, to: destination)
        try await tap(.move, .after, key)
        return outcome
    }

    /// Always granted: flock(2) ends with its process, and the processes that die here are only tasks that never come back.
    func lease(_ key: String, for holder: LeaseHolder, now: Timestamp) async throws(StoreError) -> LeaseAnswer {
        try await tap(.lease, .before, key)
        return .granted(granted)
    }
}

private struct FreeLease: Lease {
    func extend(until: Timestamp) {}
    func release() {}
}

/// Ends a process in the middle of its n-th change to a store, counted over all stores that share the fuse.
final class Fuse: Sendable {
    enum Death: String, Sendable, CaseIterable {
        /// As `kill -9` does it: nothing runs any more, no closing, no word to the ledger, until the bench is cleared away.
        case silent
        /// As a full disk does it: every call fails from now on, and the run may still try to close.
        case failing
    }

    private struct State {
        var changes = 0
        var isBlown = false
        var isCleared = false
        var waiting: [UnsafeContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let place: Int?
    private let moment: TappedStore.Moment
    private let death: Death
    private let died: @Sendable () -> Void

    /// `place` counts from 1; nil: never, it only counts.
    init(at place: Int? = nil, _ moment: TappedStore.Moment = .before, _ death: Death = .failing, died: @escaping @Sendable () -> Void = {}) {
        self.place = place
        self.moment = moment
        self.death = death
        self.died = died
    }

    var changes: Int { state.withLock(\.changes) }
    var isBlown: Bool { state.withLock(\.isBlown) }

    func store(_ base: FolderStore) -> TappedStore {
        TappedStore(base: base) { (call, moment, _) throws(StoreError) in try await self.pass(call, moment) }
    }

    /// What died silently comes back and finds nothing to write to, so that its files can be closed: a test process has only so many.
    func clear() {
        let waiting = state.withLock { state in
            state.isCleared = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func stayDead() async {
        await withUnsafeContinuation { continuation in
            let isCleared = state.withLock { state in
                if !state.isCleared { state.waiting.append(continuation) }
                return state.isCleared
            }
            if isCleared { continuation.resume() }
        }
    }

    private func pass(_ call: TappedStore.Call, _ moment: TappedStore.Moment) async throws(StoreError) {
        let (isDead, isFirst) = state.withLock { state -> (Bool, Bool) in
            if state.isBlown { return (true, false) }
            let isChange = call == .put || call == .delete || call == .move
            if isChange, moment == .before { state.changes += 1 }
            guard isChange, moment == self.moment, state.changes == place else { return (false, false) }
            state.isBlown = true
            return (true, true)
        }
        guard isDead else { return }
        if isFirst { died() }
        if death == .silent { await stayDead() }
        throw StoreError(.failed, culprit: "the test", detail: "the store has died", remedy: "Start again.")
    }
}
