import Synchronization

/// So many may be inside at the same time.
final class Admission: Sendable {
    let limit: Int
    private let inside = Mutex(0)

    init(limit: Int) { self.limit = limit }

    /// Kept while one is inside; the place is free again when it goes, however that comes about.
    final class Place: Sendable {
        private let admission: Admission
        fileprivate init(_ admission: Admission) { self.admission = admission }
        deinit { admission.inside.withLock { $0 -= 1 } }
    }

    /// Nil where all places are taken.
    func enter() -> Place? {
        let isAdmitted = inside.withLock { inside in
            guard inside < limit else { return false }
            inside += 1
            return true
        }
        return isAdmitted ? Place(self) : nil
    }
}
