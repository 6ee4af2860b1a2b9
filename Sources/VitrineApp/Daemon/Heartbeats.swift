import Engine
import Events
import Synchronization

/// When each loop of the process was last seen at work, for `/healthz`.
final class Heartbeats: Sendable {
    struct Beat: Sendable, Equatable {
        let loop: String
        let age: Duration
        /// The longest that this loop may be silent.
        let bound: Duration
        var isAlive: Bool { age <= bound }
    }

    private struct Entry {
        var last: Timestamp
        var bound: Duration
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    func beat(_ loop: String, bound: Duration) {
        let now = now()
        entries.withLock { $0[loop] = Entry(last: now, bound: bound) }
    }

    /// A loop that is over is not missed.
    func end(_ loop: String) { _ = entries.withLock { $0.removeValue(forKey: loop) } }

    /// By name. A clock that was set back makes no beat older.
    var all: [Beat] {
        let now = now()
        return entries.withLock { $0 }.map { Beat(loop: $0.key, age: max(.zero, now - $0.value.last), bound: $0.value.bound) }
            .sorted { $0.loop < $1.loop }
    }
}
