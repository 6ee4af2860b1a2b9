import Synchronization

/// Set once.
final class Flag: Sendable {
    private let isSet = Atomic(false)
    /// True for the first caller.
    func set() -> Bool { isSet.compareExchange(expected: false, desired: true, ordering: .sequentiallyConsistent).exchanged }
}
