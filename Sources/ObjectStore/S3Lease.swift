import AWS
public import Events
import FoundationEssentials
import Synchronization

/// What stands in the object of a lease. It is never deleted, so that the number goes on rising.
struct LeaseText: Codable, Equatable {
    /// The fencing number.
    var fence: Int
    /// Goes up with each renewal, so that no two texts, and no two ETags, are the same.
    var renewals: Int
    /// How long it holds after it was written.
    var seconds: Double
    /// Nil: it was given back.
    var holder: LeaseHolder?

    /// Whether somebody else may not have it.
    ///
    /// - Parameters:
    ///   - age: since it was written, both times by S3's own clock: the clocks of two machines need not agree.
    ///   - now: by the caller's clock, for the time until which a staged run keeps it.
    func isHeld(against other: LeaseHolder, age: Duration, now: Timestamp) -> Bool {
        guard let holder else { return false }
        if let until = holder.until { return until > now && holder.runID != other.runID }
        return age < .seconds(seconds)
    }

    /// - Throws: for anything but such a text.
    static func read(_ bytes: [UInt8]) throws -> LeaseText { try JSONDecoder().decode(LeaseText.self, from: Data(bytes)) }

    var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map(Array.init) ?? []
    }
}

extension S3Store: LeasingStore {
    /// Bytes.
    private static let leaseTextLimit = 16 << 10
    /// How often it is tried to be the first of several who ask at once.
    private static let leaseAttempts = 4

    /// A conditional put. Whoever wins has it until it is silent for `Options.lease`.
    public func lease(_ key: String, for holder: LeaseHolder, now: Timestamp) async throws(StoreError) -> LeaseAnswer {
        let name = try checked(key)
        var other: LeaseHolder?
        for _ in 0..<Self.leaseAttempts {
            let found = try await leaseObject(key, name)
            other = found?.text.holder
            if let found, found.text.isHeld(against: holder, age: found.age, now: now) { return .held(by: other) }
            let text = LeaseText(fence: (found?.text.fence ?? 0) + 1, renewals: 0, seconds: options.lease / .seconds(1), holder: holder)
            guard text.bytes.count <= Self.leaseTextLimit else {
                throw StoreError(.tooLarge, culprit: culprit(key), detail: "the holder's names are too long", remedy: "Choose a shorter run id.")
            }
            do throws(AWSError) {
                let etag = try await writeLease(text, name, found.map { .ifMatch(etag: $0.etag) } ?? .ifAbsent)
                return .granted(S3Lease(store: self, key: key, name: name, text: text, etag: etag))
            } catch {
                // Somebody was quicker; who, the next look says.
                guard error.reason == .preconditionFailed || error.reason == .conflict || error.reason == .notFound else {
                    throw StoreError(error, at: culprit(key))
                }
            }
        }
        return .held(by: other)
    }

    func writeLease(_ text: LeaseText, _ name: String, _ condition: S3Condition) async throws(AWSError) -> String {
        try await S3Upload(store: self, key: name, source: .bytes(text.bytes)).run(condition)
    }

    private func leaseObject(_ key: String, _ name: String) async throws(StoreError) -> (text: LeaseText, etag: String, age: Duration)? {
        let object: S3Object
        let body: [UInt8]
        do throws(AWSError) {
            (object, body) = try await bucket.get(name, limit: Self.leaseTextLimit)
        } catch {
            if error.reason == .notFound, error.code != "NoSuchBucket" { return nil }
            throw StoreError(error, at: culprit(key))
        }
        guard let text = try? LeaseText.read(body) else {
            throw StoreError(
                .failed, culprit: culprit(key), detail: "it is no lease of Vitrine's", remedy: "Make sure that no run is at work, then delete the object.")
        }
        return (text, object.etag, (object.answeredAt ?? world.now()) - object.modified)
    }
}

final class S3Lease: Lease {
    private struct State {
        var text: LeaseText
        var etag: String
        /// When it was last known to be ours.
        var confirmedAt: Timestamp
        var isOurs = true
        var renewal: Task<Void, Never>?
    }

    let fencingNumber: Int?
    private let store: S3Store
    private let key: String
    private let name: String
    private let state: Mutex<State>
    private let turns = LeaseTurns()

    init(store: S3Store, key: String, name: String, text: LeaseText, etag: String) {
        self.store = store
        self.key = key
        self.name = name
        fencingNumber = text.fence
        state = Mutex(State(text: text, etag: etag, confirmedAt: store.world.now()))
        // Ends with the lease: it holds it only while it renews, and is cancelled by `release`, `extend` and `deinit`.
        let pause = store.options.lease / 3
        let wait = store.world.sleep
        let renewal = Task { [weak self] in
            while (try? await wait(pause)) != nil, await self?.renew() == true {}
        }
        state.withLock { $0.renewal = renewal }
    }

    /// Without a word: it ends by itself.
    deinit { state.withLock { $0.renewal?.cancel() } }

    func confirm() throws(StoreError) {
        let isOurs = state.withLock { $0.isOurs && store.world.now() - $0.confirmedAt < store.options.lease }
        guard isOurs else { throw lost }
    }

    func extend(until: Timestamp) async throws(StoreError) {
        state.withLock { $0.renewal?.cancel() }
        try await write { $0.holder?.until = until }
    }

    /// In a task of its own, waited for: a run that is told to stop gives its lease back all the same. Where that fails, the lease ends by itself.
    func release() async {
        state.withLock { $0.renewal?.cancel() }
        await Task {
            try? await write { $0.holder = nil }
            state.withLock { $0.isOurs = false }
        }.value
    }

    /// False where there is nothing to renew any more.
    private func renew() async -> Bool {
        do throws(StoreError) {
            try await write { _ in }
            return true
        } catch {
            // Not reached now, perhaps in a third of the lease; lost is lost.
            return state.withLock(\.isOurs)
        }
    }

    /// Writes are one behind the other, each on the ETag of the last one.
    private func write(_ change: @Sendable (inout LeaseText) -> Void) async throws(StoreError) {
        await turns.take()
        let (isOurs, before, etag) = state.withLock { ($0.isOurs, $0.text, $0.etag) }
        guard isOurs else {
            await turns.give()
            throw lost
        }
        var text = before
        text.renewals += 1
        change(&text)
        let at = store.world.now()
        do throws(AWSError) {
            let fresh = try await store.writeLease(text, name, .ifMatch(etag: etag))
            state.withLock {
                $0.text = text
                $0.etag = fresh
                $0.confirmedAt = at
            }
            await turns.give()
        } catch {
            let isLost = error.reason == .preconditionFailed || error.reason == .conflict || error.reason == .notFound
            if isLost { state.withLock { $0.isOurs = false } }
            await turns.give()
            throw isLost ? lost : StoreError(error, at: store.culprit(key))
        }
    }

    private var lost: StoreError {
        StoreError(
            .changed, culprit: store.culprit(key), detail: "the lease is not ours any more",
            remedy: "Another run may be at work; this one stops, and the next one goes on from the journal.")
    }
}

/// One at a time, in the order they came.
private actor LeaseTurns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        if !isTaken {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func give() {
        if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
    }
}
