import Cryptography
import Engine
import Events
import FoundationEssentials
import ObjectStore

extension SyncRun {
    /// The manifest of what the run kept, and what is past its retention.
    func save() async throws {
        let record = await log.record
        let manifest = Manifest(opening: opening, record: record)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try await synced.put(folder.manifest, [UInt8](try encoder.encode(manifest)), .always)
        let swept = try await Retention(sync: sync, now: world.now()).sweepOnceADay()
        if swept > 0 { reporter.report(SyncEvent.retentionSwept(objects: swept)) }
    }
}

/// `manifest.json`: what went into the run, for whoever finds the folder in a year.
private struct Manifest: Encodable {
    struct File: Encodable {
        let name: String
        let bytes: Int
        let modified: Timestamp
        let sha256: String
        let rows: Int
        let outcome: String?
    }

    struct Batch: Encodable {
        let name: String
        let items: Int
    }

    let run_id: String
    let pipeline: String
    let catalog_id: String
    let started_at: Timestamp
    let vitrine_version: String
    let settings_fingerprint: String
    let files: [File]
    let batches: [Batch]

    init(opening: RunOpening, record: SyncRecord) {
        run_id = opening.runID
        pipeline = opening.pipeline
        catalog_id = opening.catalogID
        started_at = opening.startedAt
        vitrine_version = opening.version
        settings_fingerprint = opening.settings
        let claims = Dictionary((record.files ?? []).map { ($0.name, $0.object) }, uniquingKeysWith: { first, _ in first })
        files = (record.validation?.files ?? []).map { file in
            File(
                name: file.name, bytes: claims[file.name]?.size ?? 0, modified: claims[file.name]?.modified ?? opening.startedAt,
                sha256: file.sha256, rows: file.rows, outcome: record.archived[file.name]?.rawValue)
        }
        batches = (record.transform?.batches ?? []).enumerated().map { Batch(name: Parcel.name(ofBatch: $0.offset + 1), items: $0.element) }
    }
}
