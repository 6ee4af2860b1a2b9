public import Engine
public import Events
import FoundationEssentials
public import ObjectStore

/// The runs of a pipeline that have no end yet, as their marks and journals tell: for whoever asks about a run that hangs or was killed, of which the ledger
/// hears at its close only. Takes no lease and writes nothing, so it may look while the run is at work.
public struct OpenRuns: Sendable {
    private let store: any ObjectStore
    private let pipeline: String

    /// - Parameter store: that of the synced products.
    public init(_ store: any ObjectStore, pipeline: String) {
        self.store = store
        self.pipeline = pipeline
    }

    /// Their names, in no order that means something. Runs whose items wait for a late verdict are among them, though they have a report.
    public func names() async throws -> [String] {
        let marks = RunFolder.openMarks(of: pipeline)
        return try await store.list(prefix: marks).map { String($0.key.dropFirst(marks.count)) }
    }

    /// Nil where it has no mark, or has ended while it was looked at.
    public func run(_ runID: String) async throws -> OpenRun? {
        guard RunID.isValid(runID) else { return nil }
        let key = RunFolder.openMarks(of: pipeline) + runID
        guard try await store.exists(key) else { return nil }
        do {
            let mark = try await OpenMark.read(key, in: store)
            return try await read(RunFolder(pipeline: pipeline, runID: runID, startedAt: mark.startedAt), mark)
        } catch let error as StoreError where error.reason == .notFound {
            // Its journal was packed between the list and the look: that is the last thing before the mark goes.
            guard try await store.exists(key) else { return nil }
            throw error
        }
    }

    private func read(_ folder: RunFolder, _ mark: OpenMark) async throws -> OpenRun {
        let log = try await RunLog<SyncRecord>.open(store, folder: folder.journal)
        let record = await log.record
        let entries = await log.entries
        let opening = record.opening ?? RunOpening(
            runID: folder.runID, pipeline: pipeline, catalogID: "", startedAt: mark.startedAt, settings: "", full: false, acceptRejected: nil, expectsFull: nil, version: "")
        let last = try await lastEntry(folder)
        // What came behind its last word nobody knows.
        var report = ReportBuilder().report(record, opening: opening, state: .running, at: max(opening.startedAt, last?.at ?? opening.startedAt), stop: nil)
        report.endedAt = nil
        return OpenRun(
            folder: folder, startedAt: opening.startedAt, settings: opening.settings, stage: entries == 0 ? nil : record.stageAtWork, entries: entries, lastEntry: last,
            report: report)
    }

    /// An entry that comes meanwhile may be newer than those that were read.
    private func lastEntry(_ folder: RunFolder) async throws -> OpenRun.Entry? {
        guard let object = try await store.list(prefix: folder.journal).last else { return nil }
        let text = try await store.get(object.key, limit: RunLog<SyncRecord>.entryLimit)
        return OpenRun.Entry(name: SyncEntry.name(in: text) ?? "?", at: object.modified)
    }
}

/// What is known of a run that has no end.
public struct OpenRun: Sendable {
    public let folder: RunFolder
    public let startedAt: Timestamp
    /// The fingerprint of the settings it began under; empty before its first entry.
    public let settings: String
    /// The one that is not finished; nil where it has not begun with any, or has only its close before it.
    public let stage: SyncStage?
    /// Of its journal.
    public let entries: Int
    public let lastEntry: Entry?
    /// As it would be if the run had ended with its last entry; its state is `running`, and it has no end.
    public let report: SyncReport

    public struct Entry: Sendable, Equatable {
        /// Of the `SyncEntry`, such as `posting`.
        public let name: String
        /// When it was written, by the store's clock.
        public let at: Timestamp
    }

    /// The process that worked on it last has given up in good order and left a report; the next run goes on with it.
    public var isClosed: Bool { lastEntry?.name == Self.closed }
    private static let closed = "closed"

    /// One plain sentence.
    public var sentence: String {
        guard let lastEntry else { return "This run has no end yet: its journal is empty, so nothing was read or sent." }
        let stage = stage.map { "it was in the stage \($0.rawValue)" } ?? "its stages are done and its close is missing"
        let number = entries == 1 ? "1 entry" : "\(entries) entries"
        return "This run has no end yet: \(stage), and the last of \(number) in its journal is '\(lastEntry.name)', written \(lastEntry.at.rfc3339)."
    }
}

extension SyncEntry {
    /// What the entry is called, which is the one key of its object.
    fileprivate static func name(in text: [UInt8]) -> String? {
        struct Whatever: Decodable { init(from decoder: any Decoder) {} }
        return (try? JSONDecoder().decode([String: Whatever].self, from: Data(text)))?.keys.first
    }
}

extension SyncRecord {
    /// The first stage that is needed and not finished.
    fileprivate var stageAtWork: SyncStage? { SyncStage.allCases.first { !finished.contains($0) && needs($0) } }
}

/// The text of `<pipeline>/open/<run_id>`.
struct OpenMark: Codable {
    var startedAt: Timestamp
    /// Bytes.
    private static let limit = 4096
    enum CodingKeys: String, CodingKey { case startedAt = "started_at" }

    static func read(_ key: String, in store: any ObjectStore) async throws -> OpenMark {
        let bytes = try await store.get(key, limit: limit)
        do {
            return try JSONDecoder().decode(OpenMark.self, from: Data(bytes))
        } catch {
            throw StoreError(
                .changed, culprit: store.location + "/" + key, detail: "the mark of an open run cannot be read",
                remedy: "Write {\"started_at\":\"…\"} with the time in the manifest or the name of the run folder, or restore it from a backup.")
        }
    }
}
