public import Engine
public import Events
import Feed
public import ObjectStore

/// The dry run: what a run would find, stop and send. Calls no API, takes no lease, writes nothing.
public struct Plan: Sendable {
    private let configuration: CatalogSyncConfiguration
    private let ledger: Ledger?
    private let spool: String
    private let now: @Sendable () -> Timestamp

    /// Without a ledger nothing counts as unchanged.
    public init(configuration: CatalogSyncConfiguration, ledger: Ledger?, spool: String, now: @escaping @Sendable () -> Timestamp) {
        self.configuration = configuration
        self.ledger = ledger
        self.spool = spool
        self.now = now
    }

    /// Meta's lowest quota of batch calls in a minute, for a catalogue that nobody looks at yet (Meta, "Rate Limits").
    private static let callsPerMinute = 8.0
    /// How long a handle takes at the end, in minutes: what public clients wait for small batches.
    private static let handleMinutes = 0.5

    public func report(of landing: any ObjectStore) async throws -> SyncReport {
        let objects = try await landing.list(prefix: LandingLayout.data).sorted { ($0.modified, $0.key) < ($1.modified, $1.key) }
        let claims = objects.map { ClaimedFile(name: LandingLayout.name(of: $0), object: $0) }
        return try await report(of: claims.filter { LandingLayout.reasonToWait($0.name) == nil }, in: landing, found: objects.count)
    }

    /// One file, wherever it lies and whatever it is called.
    public func report(ofFile key: String, in folder: any ObjectStore) async throws -> SyncReport {
        guard let object = try await folder.info(key) else {
            throw StoreError(.notFound, culprit: folder.location + "/" + key, detail: "there is no such file", remedy: "Check the path.")
        }
        return try await report(of: [ClaimedFile(name: key, object: object)], in: folder, found: 1)
    }

    private func report(of claims: [ClaimedFile], in store: any ObjectStore, found: Int) async throws -> SyncReport {
        let start = now()
        var feeds: [PinnedFeed] = []
        for claim in claims {
            if let feed = try await PinnedFeed.open(claim, in: store, spool: spool, limit: configuration.feed.maxFileBytes) { feeds.append(feed) }
        }
        let index = try await FeedIndex.read(feeds, options: configuration.feed, workers: configuration.workers)
        var report = SyncReport(runID: "", pipeline: configuration.pipeline, state: .planned, startedAt: start)
        fill(&report, from: index)
        report.files.found = found
        let cut = try cut(index, &report)
        report.batches.prepared = cut
        report.rows.pending = report.items.sent
        report.items.sent = 0
        report.estimate = .init(calls: cut * 2, minutes: cut == 0 ? 0 : Double(cut) / Self.callsPerMinute + Self.handleMinutes)
        report.endedAt = now()
        report.durationSeconds = (now() - start).seconds
        let books = report.books
        report.balanced = books.balanced
        return report
    }

    private func fill(_ report: inout SyncReport, from index: FeedIndex) {
        var tally = index.resolution.tally
        for (place, scan) in index.scans.enumerated() {
            tally.merge(scan.tally)
            report.rows.read += scan.rowCount
            report.files.taken += 1
            guard let refusal = index.refusal(of: place) else {
                report.rows.rejected += scan.rejectedCount + index.stopped(in: place).count
                continue
            }
            report.rows.rejected += scan.rowCount
            report.files.rejected += 1
            report.refusedFiles.append(
                .init(file: scan.name, rule: refusal.rule, line: refusal.line, message: refusal.message, remedy: refusal.remedy))
        }
        report.rows.superseded = index.resolution.superseded.count
        var quoter = RowQuoter(index: index, options: configuration.feed)
        report.findings = quoter.quote(FindingSummary.of(tally))
    }

    /// Counts batches; leaves the number of their items in `items.sent`.
    private func cut(_ index: FeedIndex, _ report: inout SyncReport) throws -> Int {
        var counter = BatchCounter(mostItems: configuration.delivery.batchSize, mostBytes: configuration.delivery.batchBytes)
        if let ledger, try !ledger.isEmpty(pipeline: configuration.pipeline) {
            try cutChanged(index, ledger, &counter, &report)
        } else {
            index.resolution.winners.forEachEntry { _, entry in counter.add(Int(entry.encodedByteCount)) }
        }
        report.items.sent = counter.items
        return counter.batches
    }

    private static let chunk = 1000

    private func cutChanged(_ index: FeedIndex, _ ledger: Ledger, _ counter: inout BatchCounter, _ report: inout SyncReport) throws {
        var readers: [Int: RowReader] = [:]
        var chunk: [(id: String, content: Fingerprint, bytes: Int)] = []
        func place(_ chunk: [(id: String, content: Fingerprint, bytes: Int)]) throws {
            let known = try ledger.subjects(chunk.map(\.id), pipeline: configuration.pipeline)
            for item in chunk {
                if configuration.delivery.skipUnchanged, known[item.id]?.acceptedContent == item.content {
                    report.rows.unchanged += 1
                } else {
                    counter.add(item.bytes)
                }
            }
        }
        for winner in index.resolution.winners {
            var data: [UInt8] = []
            let scan = index.scans[winner.file]
            if readers[winner.file] == nil {
                readers = [winner.file: RowReader(scan: scan, source: index.feeds[winner.file].source, options: configuration.feed)]
            }
            guard let encoded = try readers[winner.file]?.encode(winner.row, into: &data) else { continue }
            chunk.append((encoded.id, Fingerprint(encoded.contentFingerprint), data.count))
            if chunk.count == Self.chunk {
                try place(chunk)
                chunk.removeAll(keepingCapacity: true)
            }
        }
        try place(chunk)
    }
}

/// Cuts like `BatchBuilder`, without the bytes.
private struct BatchCounter {
    let mostItems: Int
    let mostBytes: Int
    private(set) var batches = 0
    private(set) var items = 0
    private var itemsInBatch = 0
    private var bytesInBatch = 0

    init(mostItems: Int, mostBytes: Int) {
        self.mostItems = mostItems
        self.mostBytes = mostBytes
    }

    mutating func add(_ dataBytes: Int) {
        let length = dataBytes + BatchBuilder.envelopeBytes
        if itemsInBatch == 0 || itemsInBatch == mostItems || bytesInBatch + length + 1 > mostBytes {
            batches += 1
            itemsInBatch = 0
            bytesInBatch = 1
        }
        itemsInBatch += 1
        bytesInBatch += length + 1
        items += 1
    }
}

extension SyncReport {
    public var books: Books {
        var books = Books()
        books.rows = rows
        books.items = items
        return books
    }
}
