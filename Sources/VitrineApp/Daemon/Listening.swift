import Synchronization

/// Where the endpoints are, once they are anywhere.
final class Listening: Sendable {
    private let wake = Wake()
    private let bound = Mutex(0)

    /// 0 until it is known.
    var port: Int { bound.withLock { $0 } }

    func began(port: Int) {
        bound.withLock { $0 = port }
        wake.ring()
    }

    /// Returns when they are there, or when its task is cancelled. For one task.
    func wait() async { await wake.wait() }
}
