public import Engine
public import Events
import Feed
public import ObjectStore

/// The dry run: what a run would find, stop and send. Calls no API, takes no lease, writes nothing.
public struct Plan: Sendable {
    private let configuration: CatalogSyncConfiguration
    private let ledger: Ledger?
    private let spool: String
    private let hold: Hold?
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - ledger: without one nothing counts as unchanged.
    ///   - hold: a run that waits for a person, or was let go and is to be judged anew.
    public init(configuration: CatalogSyncConfiguration, ledger: Ledger?, spool: String, hold: Hold? = nil, now: @escaping @Sendable () -> Timestamp) {
        self.configuration = configuration
        self.ledger = ledger
        self.spool = spool
        self.hold = hold
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
        try ledger?.checkWhole(pipeline: configuration.pipeline)
        var feeds: [PinnedFeed] = []
        for claim in claims {
            if let feed = try await PinnedFeed.open(claim, in: store, spool: spool, limit: configuration.feed.maxFileBytes) { feeds.append(feed) }
        }
        let index = try await FeedIndex.read(feeds, options: configuration.feed, workers: configuration.workers) { run in
            try ledger?.rejections(of: run) ?? []
        }
        var report = SyncReport(runID: "", pipeline: configuration.pipeline, state: .planned, startedAt: start)
        fill(&report, from: index)
        report.files.found = found
        var quoter = RowQuoter(index: index, options: configuration.feed)
        let findings = quoter.quote(FindingSummary.of(index.tally))
        report.findings = findings
        let stop = ValidationDecision.stop(
            index.counts(findings), settings: configuration.validation, pipeline: configuration.pipeline, accepted: false)
        if let stop {
            report.error = .init(stop)
            report.rows.held = index.resolution.winners.count
        } else {
            try cut(index, &report)
        }
        if let hold, hold.release == nil { report.error = .init(RunStop.held(hold)) }
        let cut = report.batches.prepared
        report.estimate = .init(calls: cut * 2, minutes: cut == 0 ? 0 : Double(cut) / Self.callsPerMinute + Self.handleMinutes)
        report.endedAt = now()
        report.durationSeconds = (now() - start).seconds
        report.balanced = report.books.balanced
        return report
    }

    private func fill(_ report: inout SyncReport, from index: FeedIndex) {
        for (place, scan) in index.scans.enumerated() {
            report.rows.read += scan.rowCount
            report.files.taken += 1
            report.rows.rejected += index.rejectedCount(of: place)
            guard let refusal = index.refusal(of: place) else { continue }
            report.files.rejected += 1
            report.refusedFiles.append(
                .init(file: scan.name, rule: refusal.rule, line: refusal.line, message: refusal.message, remedy: refusal.remedy))
        }
        report.rows.superseded = index.resolution.superseded.count
    }

    /// Counts batches, and the rows that would fill them.
    private func cut(_ index: FeedIndex, _ report: inout SyncReport) throws {
        var counter = BatchCounter(mostItems: configuration.delivery.batchSize, mostBytes: configuration.delivery.batchBytes)
        let known = try ledger.flatMap { try $0.isEmpty(pipeline: configuration.pipeline) ? nil : $0 }
        if known != nil || configuration.guards.bound != CatalogSyncConfiguration.Guards.Bound() {
            try cutChanged(index, known, &counter, &report)
        } else {
            // Nothing was ever sent: no row has to be read again.
            index.resolution.winners.forEachEntry { _, entry in counter.add(entry.encodedByteCount) }
        }
        report.batches.prepared = counter.batches
        if report.error == nil { report.rows.pending = counter.items } else { report.rows.held = counter.items }
    }

    private func cutChanged(_ index: FeedIndex, _ ledger: Ledger?, _ counter: inout BatchCounter, _ report: inout SyncReport) throws {
        let judge = WinnerJudge(configuration, full: false, settings: configuration.settingsFingerprint)
        var walk = try WinnerWalk(index, judge: judge, ledger: ledger, pipeline: configuration.pipeline)
        var watch = GuardWatch(configuration, catalogue: try ledger?.knownCatalogue(configuration.pipeline) ?? KnownCatalogue(), expectsFull: false)
        while let chunk = try walk.nextChunk() {
            for judged in chunk {
                switch judged.fate {
                case .send:
                    counter.add(judged.winner.data.count)
                    watch.see(judged.winner, known: judged.known)
                case .superseded: report.rows.superseded += 1
                case .unchanged(let isRefused):
                    report.rows.unchanged += 1
                    if isRefused { report.stillRefused += 1 }
                }
            }
        }
        var quoter = RowQuoter(index: index, options: configuration.feed)
        report.findings += quoter.quote(FindingSummary.of(walk.tally))
        let spoken = watch.facts
        report.findings += spoken.map(\.summary)
        let hold = HoldFacts(
            spoken, released: hold?.release == nil ? [] : hold?.guards ?? [], pipeline: configuration.pipeline, runID: "", items: counter.items, batches: counter.batches)
        report.error = hold.map { .init($0.stop) }
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
