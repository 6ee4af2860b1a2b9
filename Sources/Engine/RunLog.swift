import FoundationEssentials
import Gzip
public import ObjectStore

/// What is known of a run, folded from its journal. Applying the same entries gives the same record: that is how a run is resumed.
public protocol RunRecord: Sendable {
    associatedtype Entry: Codable & Sendable
    init()
    mutating func apply(_ entry: Entry)
}

/// The journal of one run: durable facts, each an object of its own, numbered without a gap. Once the run has its end they are packed into
/// one object, since a year of hourly runs would be a quarter of a million small ones.
///
/// An entry is applied to the record only after it is durable, so that nothing is done on the strength of a fact that a crash could take back.
public actor RunLog<Record: RunRecord> {
    public private(set) var record = Record()
    private let store: any ObjectStore
    /// Of the journal's entries, ending with a slash: `…/journal/`. Packed, they are `…/journal.ndjson.gz`.
    private let folder: String
    /// The right to write. Asked before each entry: a process that slept past it must not go on.
    private let leases: [any Lease]
    /// Says who writes from here on; goes before the first entry of this process.
    private var preface: Record.Entry?
    private var count = 0
    /// How many of the entries are in the packed object.
    private var packed = 0
    /// An entry whose put ended with an error: it may be there all the same.
    private var inDoubt: (entry: Record.Entry, bytes: [UInt8])?
    private var isWriting = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Bytes. An entry with a verdict on 5,000 items, each with a message, stays below it.
    public static var entryLimit: Int { 32 << 20 }
    /// Bytes. The journal of a run of 5,000,000 items stays below it, packed and inflated.
    private static var packedLimit: Int { 4 << 30 }

    private init(store: any ObjectStore, folder: String, leases: [any Lease], preface: Record.Entry?) {
        self.store = store
        self.folder = folder
        self.leases = leases
        self.preface = preface
    }

    /// `folder` ends with a slash. An empty folder is the beginning of a run.
    /// - Parameters:
    ///   - leases: without them nothing is written.
    ///   - preface: written before the first entry of this process.
    public static func open(
        _ store: any ObjectStore, folder: String, under leases: [any Lease] = [], preface: Record.Entry? = nil
    ) async throws -> RunLog {
        let log = RunLog(store: store, folder: folder, leases: leases, preface: preface)
        try await log.replay()
        return log
    }

    public var isEmpty: Bool { count == 0 }
    public var entries: Int { count }

    /// Throws where it is not sure that the entry is durable. It may be nevertheless (S3 lost the answer, or the folder could not be flushed),
    /// and whoever opens the journal next takes it for a fact: so does the next `append`, which looks first.
    public func append(_ entry: Record.Entry) async throws {
        await takeTurn()
        defer { giveTurn() }
        if let preface {
            try await write(preface)
            self.preface = nil
        }
        try await write(entry)
    }

    /// - Throws: `RunStop` with 75 where another process may be at work by now.
    public func confirmLeases() throws {
        for lease in leases {
            do throws(StoreError) {
                try lease.confirm()
            } catch {
                throw RunStop(.tryAgainLater, reason: "lease_lost", culprit: error.culprit, detail: error.detail, remedy: error.remedy)
            }
        }
    }

    private func write(_ entry: Record.Entry) async throws {
        try confirmLeases()
        try await settleDoubt()
        let bytes = [UInt8](try JSONEncoder().encode(entry))
        do {
            try await store.put(key(count + 1), bytes, .ifAbsent)
        } catch {
            if error.reason != .alreadyThere { inDoubt = (entry, bytes) }
            throw error
        }
        took(entry)
    }

    /// Ours is there: put once more to be sure that it is durable. Another one's is there: left for `append` to trip over.
    private func settleDoubt() async throws {
        guard let doubt = inDoubt else { return }
        if try await store.exists(key(count + 1)), try await store.get(key(count + 1), limit: Self.entryLimit) == doubt.bytes {
            try await store.put(key(count + 1), doubt.bytes, .always)
            took(doubt.entry)
        }
        inDoubt = nil
    }

    private func took(_ entry: Record.Entry) {
        count += 1
        record.apply(entry)
    }

    /// Packs the entries into one object. Entries can still follow: they come as objects of their own again. A crash in the middle leaves
    /// entries that are there twice, which `open` knows.
    public func pack() async throws {
        await takeTurn()
        defer { giveTurn() }
        try confirmLeases()
        try await settleDoubt()
        let objects = try await store.list(prefix: folder)
        guard !objects.isEmpty else { return }
        var lines = try await packedLines()
        for object in objects where object.key > key(packed) {
            lines += try await store.get(object.key, limit: Self.entryLimit)
            lines.append(UInt8(ascii: "\n"))
        }
        try await store.put(packedKey, try gzip(lines), .always)
        packed = count
        for object in objects { try await store.delete(object.key) }
    }

    private var packedKey: String { folder.dropLast() + ".ndjson.gz" }

    private func packedLines() async throws -> [UInt8] {
        guard try await store.exists(packedKey) else { return [] }
        let bytes = try await store.get(packedKey, limit: Self.packedLimit)
        do {
            return try gunzip(bytes, limit: Self.packedLimit)
        } catch {
            throw StoreError(
                .changed, culprit: store.location + "/" + packedKey, detail: "the packed journal cannot be unpacked: \(error.culprit)",
                remedy: "Put it back from a backup; without it the run cannot tell what was sent.")
        }
    }

    private func replay() async throws {
        for line in try await packedLines().split(separator: UInt8(ascii: "\n")) { try apply(Array(line), from: packedKey) }
        packed = count
        for object in try await store.list(prefix: folder) where object.key > key(packed) {
            guard object.key == key(count + 1) else {
                throw StoreError(
                    .changed, culprit: store.location + "/" + object.key, detail: "the journal should go on with \(key(count + 1))",
                    remedy: "Put the missing entry back from a backup; without it the run cannot tell what was sent.")
            }
            try apply(try await store.get(object.key, limit: Self.entryLimit), from: object.key)
        }
    }

    private func apply(_ bytes: [UInt8], from key: String) throws {
        do {
            record.apply(try JSONDecoder().decode(Record.Entry.self, from: Data(bytes)))
        } catch {
            throw StoreError(
                .changed, culprit: store.location + "/" + key, detail: "journal entry \(count + 1) cannot be read: \(error)",
                remedy: "Put it back from a backup, or use the version of Vitrine that wrote it.")
        }
        count += 1
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
