import CatalogSync
import Engine
import Events
import Foundation

@testable import Investigation

let noon = Timestamp(year: 2026, month: 11, day: 21, hour: 12)

func time(_ minutes: Int) -> Timestamp { noon + .seconds(minutes * 60) }

/// A ledger for the length of a test.
func withLedger(_ body: (Ledger) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "investigation-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(try Ledger(folder: folder))
}

func receipt(
    _ id: String, _ end: Receipt.End, row: Int = 2, content: Fingerprint? = Fingerprint(0xC), parcel: String? = nil, message: String? = nil, cause: String? = nil,
    at: Timestamp = noon
) -> Receipt {
    Receipt(
        subject: id, end: end, file: "f.csv", row: row, fileTime: noon, content: content, parcel: parcel, messages: message.map { [$0] } ?? [],
        cause: cause, at: at)
}

extension Ledger {
    /// One ended run with these receipts, the number-th minute after noon.
    func take(_ number: Int, _ receipts: [Receipt], pipeline: String = "shop", state: RunState = .done, report: SyncReport? = nil) throws {
        var stored = report ?? SyncReport(runID: "run-\(number)", pipeline: pipeline, state: state, startedAt: time(number))
        stored.runID = "run-\(number)"
        stored.startedAt = time(number)
        stored.state = state
        let facts = RunFacts(
            runID: "run-\(number)", pipeline: pipeline, state: state, startedAt: time(number), endedAt: time(number), settings: "s",
            report: String(decoding: try stored.json(), as: UTF8.self))
        try begin(facts, files: [], parcels: [])
        try append(receipts, of: facts)
        try finish(facts)
    }
}
