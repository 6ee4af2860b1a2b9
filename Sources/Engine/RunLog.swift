public import ObjectStore
import FoundationEssentials

/// What is known of a run, folded from its journal. Applying the same entries gives the same record: that is how a run is resumed.
public protocol RunRecord: Sendable {
    associatedtype Entry: Codable & Sendable
    init()
    mutating func apply(_ entry: Entry)
}

/// The journal of one run: durable facts, each an object of its own, numbered without a gap.
///
/// An entry is applied to the record only after it is durable, so that nothing is done on the strength of a fact that a crash could take back.
public actor RunLog<Record: RunRecord> {
    public private(set) var record = Record()
    private let store: any ObjectStore
    private let folder: String
    private var count = 0
    private var isWriting = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Bytes. An entry with a verdict on 5,000 items, each with a message, stays below it.
    private static var entryLimit: Int { 32 << 20 }

    private init(store: any ObjectStore, folder: String) {
        self.store = store
        self.folder = folder
    }

    /// `folder` ends with a slash. An empty folder is the beginning of a run.
    public static func open(_ store: any ObjectStore, folder: String) async throws -> RunLog {
        let log = RunLog(store: store, folder: folder)
        try await log.replay()
        return log
    }

    public var isEmpty: Bool { count == 0 }
    public var entries: Int { count }

    public func append(_ entry: Record.Entry) async throws {
        await takeTurn()
        defer { giveTurn() }
        let bytes = try JSONEncoder().encode(entry)
        try await store.put(key(count + 1), [UInt8](bytes), .ifAbsent)
        count += 1
        record.apply(entry)
    }

    private func replay() async throws {
        let objects = try await store.list(prefix: folder)
        for (index, object) in objects.enumerated() {
            guard object.key == key(index + 1) else {
                throw StoreError(
                    .changed, culprit: store.location + "/" + object.key, detail: "the journal should go on with \(key(index + 1))",
                    remedy: "Put the missing entry back from a backup; without it the run cannot tell what was sent.")
            }
            let bytes = try await store.get(object.key, limit: Self.entryLimit)
            do {
                record.apply(try JSONDecoder().decode(Record.Entry.self, from: Data(bytes)))
            } catch {
                throw StoreError(
                    .changed, culprit: store.location + "/" + object.key, detail: "this journal entry cannot be read: \(error)",
                    remedy: "Put it back from a backup, or use the version of Vitrine that wrote it.")
            }
            count = index + 1
        }
    }

    private func key(_ number: Int) -> String {
        let text = String(number)
        return folder + String(repeating: "0", count: max(0, 6 - text.count)) + text + ".json"
    }

    /// Entries are written one after the other, so that a later one is never durable without an earlier one.
    private func takeTurn() async {
        if !isWriting {
            isWriting = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func giveTurn() {
        if waiting.isEmpty { isWriting = false } else { waiting.removeFirst().resume() }
    }
}
