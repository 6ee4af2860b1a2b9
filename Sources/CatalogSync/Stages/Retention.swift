import Engine
import Events
import ObjectStore

/// Removes what is older than `retention` (archive, rejected files, batches) and `history` (everything of a run, in the ledger too). Never touches
/// an open run.
struct Retention {
    let sync: CatalogSync
    let now: Timestamp

    /// Listing a year of runs is not free, so it is done by the first run of a day. The number of objects removed.
    func sweepOnceADay() async throws -> Int {
        let last = try sync.ledger.runs(pipeline: sync.configuration.pipeline, limit: 1).first
        if let last, RunFolder.day(last.startedAt) == RunFolder.day(now) { return 0 }
        let open = Set(try await sync.openRuns())
        _ = try sync.ledger.prune(pipeline: sync.configuration.pipeline, before: now + (.zero - sync.history), besides: open)
        return try await sweepLanding(open) + sweepSynced(open)
    }

    private func sweepLanding(_ open: Set<String>) async throws -> Int {
        var removed = 0
        for object in try await sync.landing.list(prefix: LandingLayout.archive) {
            let parts = object.key.split(separator: "/")
            guard parts.count > 5, let day = Self.day(parts[1...3]), isOld(day, sync.retention), !open.contains(String(parts[4])) else { continue }
            try await sync.landing.delete(object.key)
            removed += 1
        }
        for object in try await sync.landing.list(prefix: LandingLayout.rejected) {
            let parts = object.key.split(separator: "/")
            guard parts.count > 2, !open.contains(String(parts[1])) else { continue }
            let started = try sync.ledger.run(String(parts[1]))?.startedAt ?? object.modified
            guard isOld(started, sync.retention) else { continue }
            try await sync.landing.delete(object.key)
            removed += 1
        }
        return removed
    }

    private func sweepSynced(_ open: Set<String>) async throws -> Int {
        var removed = 0
        for object in try await sync.synced.list(prefix: sync.configuration.pipeline + "/") {
            let parts = object.key.split(separator: "/")
            guard parts.count > 5, let day = Self.day(parts[1...3]), !open.contains(String(parts[4])) else { continue }
            let isBulky = ["batches", "rows", "rejected"].contains(parts[5])
            guard isOld(day, sync.history) || (isBulky && isOld(day, sync.retention)) else { continue }
            try await sync.synced.delete(object.key)
            removed += 1
        }
        return removed
    }

    private func isOld(_ time: Timestamp, _ age: Duration) -> Bool { now - time > age }

    private static func day(_ parts: ArraySlice<Substring>) -> Timestamp? {
        Timestamp(rfc3339: parts.joined(separator: "-") + "T00:00:00Z")
    }
}
