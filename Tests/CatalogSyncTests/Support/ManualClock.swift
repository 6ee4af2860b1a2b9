import Engine
import Events
import Synchronization
import TestKit

/// A clock that stands still until somebody sleeps; the sleep is then over at once. Waits of minutes cost nothing, real polls still happen.
final class ManualClock: Sendable {
    static let start = Timestamp(year: 2026, month: 11, day: 21, hour: 8)

    private struct State {
        var now = ManualClock.start
        var slept = Duration.zero
        var dice: SeededGenerator
    }

    private let state: Mutex<State>

    init(seed: UInt64 = 1) { state = Mutex(State(dice: SeededGenerator(seed: seed))) }

    var now: Timestamp { state.withLock(\.now) }
    /// What the runs have waited, in sum.
    var slept: Duration { state.withLock(\.slept) }

    func advance(_ duration: Duration) { state.withLock { $0.now = $0.now + duration } }

    var world: World {
        World(
            now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.now = state.now + duration
                    state.slept += duration
                }
                // A sleeper gives way, as in the world: else two waiting tasks could starve a third one.
                await Task.yield()
            },
            random: { self.state.withLock { $0.dice.next() } })
    }
}

extension SeededGenerator {
    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
}
