import AWS
import Events
import Foundation
import ObjectStore
import Synchronization
import TestKit
import Testing

@Suite("A lease in a bucket", .enabled(if: Judge.python.isHere))
struct S3LeaseTests {
    private let first = LeaseHolder(runID: "run-1", process: "host:1")
    private let second = LeaseHolder(runID: "run-2", process: "host:2")

    private func withStore(
        _ lease: Duration = .seconds(120), sleep: (@Sendable (Duration) async throws -> Void)? = nil, _ body: (S3Store) async throws -> Void
    ) async throws {
        let server = try await MotoServer.shared()
        let bucket = "lease-\(UUID().uuidString.lowercased())"
        try await server.makeBucket(bucket)
        let store = try Bucket(server.environment, world: .test(server.environment, sleep: sleep)).store("s3://\(bucket)", spool: NSTemporaryDirectory()) { $0.lease = lease }
        try await body(store)
    }

    @Test("numbers its holders, rising, also past who was silent")
    func fencing() async throws {
        try await withStore { store in
            var numbers: [Int?] = []
            for holder in [first, second, first] {
                let lease = try #require(try await store.take(holder))
                numbers.append(lease.fencingNumber)
                await lease.release()
            }
            #expect(numbers == [1, 2, 3])
        }
    }

    @Test("is taken over from who was silent for its time, who then knows that it is lost")
    func takenOver() async throws {
        // Over before it is written, since a server's clock tells whole seconds; and never renewed.
        try await withStore(.seconds(-5), sleep: { _ in try await ContinuousClock().sleep(for: .seconds(3_600)) }) { store in
            let old = try #require(try await store.take(first))
            let new = try #require(try await store.take(second))
            #expect(new.fencingNumber == 2)
            let error = await #expect(throws: StoreError.self) { try await old.extend(until: LeaseConformanceTests.noon) }
            #expect(error?.reason == .changed)
            #expect(throws: StoreError.self) { try old.confirm() }
            await old.release()
            #expect(try await store.text("shop/.lease").contains("run-2"), "who lost it does not give it back for the other")
        }
    }

    @Test("is renewed after each third of its time, and each time written anew")
    func renewed() async throws {
        let ticks = Ticks()
        try await withStore(sleep: { try await ticks.sleep($0) }) { store in
            let lease = try #require(try await store.take(first))
            let before = try await store.info("shop/.lease")?.revision
            await ticks.tick()
            await ticks.asked(2)
            #expect(ticks.asked.first == .seconds(40))
            #expect(try await store.info("shop/.lease")?.revision != before)
            #expect(try await store.text("shop/.lease").contains(#""renewals":1"#))
            try lease.confirm()
            await lease.release()
        }
    }

    @Test("that somebody else has written over is lost at the next renewal")
    func overwritten() async throws {
        let ticks = Ticks()
        try await withStore(sleep: { try await ticks.sleep($0) }) { store in
            let lease = try #require(try await store.take(first))
            let text = try await store.text("shop/.lease")
            try await store.put("shop/.lease", text + " ")
            await ticks.tick()
            // Behind the renewal, or in its place.
            let error = await #expect(throws: StoreError.self) { try await lease.extend(until: LeaseConformanceTests.noon) }
            #expect(error?.reason == .changed)
            #expect(throws: StoreError.self) { try lease.confirm() }
        }
    }

    @Test("is given back by a task that was told to stop")
    func releasedWhenCancelled() async throws {
        try await withStore { store in
            let lease = try #require(try await store.take(first))
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                await lease.release()
            }
            await task.value
            #expect(try await store.take(second) != nil)
        }
    }

    @Test("is not taken where something else lies in its place")
    func noLease() async throws {
        try await withStore { store in
            try await store.put("shop/.lease", "a note")
            #expect(try await store.refusal { _ in _ = try await store.take(first) } == .failed)
        }
    }
}

/// A pause that a test ends.
private final class Ticks: Sendable {
    private struct State {
        var asked: [Duration] = []
        var sleepers: [CheckedContinuation<Void, any Error>] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    var asked: [Duration] { state.withLock(\.asked) }

    func sleep(_ duration: Duration) async throws {
        guard duration > .seconds(30) else { return }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                state.withLock { state in
                    state.asked.append(duration)
                    state.sleepers.append(continuation)
                    let count = state.asked.count
                    let met = state.waiters.filter { $0.count <= count }
                    state.waiters.removeAll { $0.count <= count }
                    return met
                }.forEach { $0.continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.sleepers = [] }
                return state.sleepers
            }.forEach { $0.resume(throwing: CancellationError()) }
        }
    }

    /// Ends the pause under way, once there is one.
    func tick() async {
        await asked(state.withLock { $0.asked.count - $0.sleepers.count + 1 })
        state.withLock { state in
            defer { state.sleepers = [] }
            return state.sleepers
        }.forEach { $0.resume() }
    }

    func asked(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let now = state.withLock { state in
                if state.asked.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if now { continuation.resume() }
        }
    }
}
