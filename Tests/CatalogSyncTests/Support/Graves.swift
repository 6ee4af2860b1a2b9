import Synchronization

/// Runs that have died in a test, to be cleared away at its end.
final class Graves: Sendable {
    private let dead = Mutex<[(fuse: Fuse, task: Task<Void, Never>)]>([])

    func add(_ fuse: Fuse, _ task: Task<Void, Never>) { dead.withLock { $0.append((fuse, task)) } }

    /// Nothing else may use the bench any more: what comes back still holds its ledger.
    func clear() async {
        for (fuse, task) in dead.withLock({ $0 }) {
            fuse.clear()
            await task.value
        }
    }
}
