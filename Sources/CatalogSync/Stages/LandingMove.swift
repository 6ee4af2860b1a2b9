import Engine
import ObjectStore

/// Moves a claimed file within the landing zone, in the version that was claimed and in no other.
struct LandingMove {
    let landing: any ObjectStore
    let claim: ClaimedFile

    /// - Parameter pinned: the pin of this process; nil: a new one, where the claimed version is still there.
    func outcome(to place: String, pinned: (any PinnedObject)?) async throws -> ArchiveOutcome {
        // Not where the source is there too: a crash between a bucket's copy and its delete leaves both, and moving again ends it.
        if let there = try await landing.info(place), there.revision == claim.object.revision,
            try await landing.info(claim.object.key)?.revision != claim.object.revision
        { return .archived }
        guard let pin = try await pin(pinned) else {
            // A copy that was made just before a crash is as good.
            return try await landing.exists(place) ? .archivedSourceChanged : .lost
        }
        do {
            switch try await landing.move(claim.object.key, pinned: pin, to: place) {
            case .moved: return .archived
            case .copiedSourceChanged: return .archivedSourceChanged
            case .copiedSourceGone: return .archivedSourceGone
            }
        } catch {
            if error.reason == .changed { return .lost }
            throw error
        }
    }

    private func pin(_ given: (any PinnedObject)?) async throws -> (any PinnedObject)? {
        if let given { return given }
        let pinned = try await landing.pinIfThere(claim.object.key)
        return pinned?.info.revision == claim.object.revision ? pinned : nil
    }
}
