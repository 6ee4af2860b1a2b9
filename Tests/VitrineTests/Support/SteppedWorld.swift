import Engine
import Events
import Glibc
import Synchronization

/// A clock that goes on only when everybody waits for it: then it jumps to whatever is waited for first. Real work in between (HTTP, files)
/// takes no time of this clock, so a day lasts as long as its work.
final class SteppedWorld: Sendable {
    private struct Sleeper {
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [Int: Sleeper] = [:]
        var number = 0
        var dice: UInt64 = 1
    }

    private let state: Mutex<State>

    init(_ start: Timestamp) { state = Mutex(State(now: start)) }

    var now: Timestamp { state.withLock { $0.now } }
    var sleepers: Int { state.withLock { $0.sleepers.count } }

    var world: World {
        World(now: { self.now }, sleep: { try await self.sleep($0) }, random: { self.random() })
    }

    private func random() -> UInt64 {
        state.withLock { state in
            state.dice = state.dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state.dice
        }
    }

    private func sleep(_ duration: Duration) async throws {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.sleepers[number] = Sleeper(deadline: state.now + duration, continuation: continuation)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Lets time pass up to a moment.
    /// - Parameter isQuiet: whether everybody who is at work waits for the clock.
    /// - Returns: false where nobody came to rest within a minute of real time: a hang.
    func pass(until end: Timestamp, isQuiet: @Sendable () -> Bool) async -> Bool {
        while true {
            guard await rests(isQuiet) else { return false }
            let (next, isOver) = state.withLock { state -> (Sleeper?, Bool) in
                // Somebody has been called back meanwhile.
                guard let first = state.sleepers.min(by: { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }) else { return (nil, false) }
                guard first.value.deadline <= end else {
                    state.now = max(state.now, end)
                    return (nil, true)
                }
                state.now = max(state.now, first.value.deadline)
                return (state.sleepers.removeValue(forKey: first.key), false)
            }
            if isOver { return true }
            next?.continuation.resume()
        }
    }

    /// Mostly somebody rests again at once; where real work is done the core is left to it.
    private func rests(_ isQuiet: @Sendable () -> Bool) async -> Bool {
        let limit = ContinuousClock.now + .seconds(60)
        var looks = 0
        while !isQuiet() {
            looks += 1
            if ContinuousClock.now > limit { return false }
            if looks < 100 { await Task.yield() } else { await onThread { _ = poll(nil, 0, 1) } }
        }
        return true
    }

    /// Lets time pass while nobody is there.
    func jump(to moment: Timestamp) { state.withLock { $0.now = max($0.now, moment) } }
}
