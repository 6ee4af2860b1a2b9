import Engine
import Events
import Feed
import ObjectStore

extension SyncRun {
    /// Winners into Meta's JSON and into batches, leaving out what Meta has accepted already. The batches are stored before anything is sent.
    func transform() async throws {
        guard let index = try await feedIndex() else { return }
        var work = try TransformWork(run: self, index: index)
        try await work.transformAll()
        let facts = try await work.finish()
        reporter.report(
            SyncEvent.rowsTransformed(
                winners: index.resolution.winners.count, unchanged: facts.unchanged, superseded: facts.superseded,
                items: facts.batches.reduce(0, +), batches: facts.batches.count))
        for feed in index.feeds where try !feed.isIntact() { throw SourceChanged(file: feed.claim.name) }
        try await log.append(.transformed(facts))
    }
}

private struct TransformWork {
    private let run: SyncRun
    private let index: FeedIndex
    private let keeper: RowKeeper
    private var builder: BatchBuilder
    private let lines: LinesWriter<Receipt>
    private var facts = TransformFacts(batches: [], superseded: 0, unchanged: 0, bytes: 0)

    /// Winners whose state is read from the ledger at once.
    private static let chunk = 1000

    private struct Candidate {
        var item: BatchItem
        var data: [UInt8]
        var order: RowOrder
    }

    init(run: SyncRun, index: FeedIndex) throws {
        self.run = run
        self.index = index
        keeper = RowKeeper(run: run, index: index)
        builder = BatchBuilder(mostItems: run.configuration.delivery.batchSize, mostBytes: run.configuration.delivery.batchBytes)
        lines = try LinesWriter<Receipt>()
    }

    mutating func transformAll() async throws {
        var file = -1
        var reader: RowReader?
        var candidates: [Candidate] = []
        for winner in index.resolution.winners {
            if winner.file != file {
                file = winner.file
                reader = RowReader(scan: index.scans[file], source: index.feeds[file].source, options: run.configuration.feed)
            }
            if let candidate = try candidate(winner, &reader) { candidates.append(candidate) }
            if candidates.count == Self.chunk {
                try await place(candidates)
                candidates.removeAll(keepingCapacity: true)
                if Task.isCancelled { throw RunStop.toldToStop }
            }
        }
        try await place(candidates)
    }

    mutating func finish() async throws -> TransformFacts {
        if let last = builder.finish() { try await put(last) }
        try await run.synced.put(run.folder.key + RowKeeper.settled, lines.finish(), .always)
        return facts
    }

    private func candidate(_ winner: RowRef, _ reader: inout RowReader?) throws -> Candidate? {
        var data: [UInt8] = []
        guard let encoded = try reader?.encode(winner.row, into: &data) else { return nil }
        let entry = index.scans[winner.file].rows[winner.row]
        let name = index.scans[winner.file].name
        let time = index.mended.origins[winner]?.fileTime ?? keeper.fileTime(winner.file)
        let version = index.scans[winner.file].rows.version(of: winner.row)
        let item = BatchItem(
            id: encoded.id, file: name, row: entry.line, fileTime: time, version: version == 0 ? nil : String(version),
            content: Fingerprint(encoded.contentFingerprint), traits: nil, offset: 0, length: 0)
        let origin = index.mended.origins[winner]
        let order = RowOrder(
            version: version, fileTime: origin?.fileTime ?? time, file: origin?.file ?? name, row: origin?.row ?? Int(entry.line))
        return Candidate(item: item, data: data, order: order)
    }

    private mutating func place(_ candidates: [Candidate]) async throws {
        let known = try run.sync.ledger.subjects(candidates.map(\.item.id), pipeline: run.opening.pipeline)
        for candidate in candidates {
            let subject = known[candidate.item.id]
            if let subject, let sent = RowOrder(sent: subject), candidate.order.isOlder(than: sent) {
                try supersede(candidate, by: sent)
            } else if let subject, isUnchanged(candidate.item, subject) {
                try skip(candidate, subject)
            } else if let full = builder.append(candidate.item, data: candidate.data) {
                try await put(full)
            }
        }
    }

    /// Meta has accepted just this, or has refused just this and nothing that could change its mind has changed.
    private func isUnchanged(_ item: BatchItem, _ subject: Subject) -> Bool {
        guard run.configuration.delivery.skipUnchanged, !run.opening.full else { return false }
        if subject.acceptedContent == item.content { return true }
        return subject.state == .refused && subject.sentContent == item.content && subject.settings == run.opening.settings
    }

    private mutating func supersede(_ candidate: Candidate, by sent: RowOrder) throws {
        facts.superseded += 1
        let item = candidate.item
        run.reporter.report(
            SyncEvent.rowSuperseded(file: item.file, row: item.row, productID: item.id, newerFile: sent.file, newerRow: sent.row))
        try keep(item, .superseded, newer: "\(sent.file):\(sent.row)")
    }

    /// A receipt only where it changes what is known: a product whose last row was rejected is as accepted again.
    private mutating func skip(_ candidate: Candidate, _ subject: Subject) throws {
        facts.unchanged += 1
        if subject.state == .rejected { try keep(candidate.item, .unchanged, newer: nil) }
    }

    private mutating func keep(_ item: BatchItem, _ end: Receipt.End, newer: String?) throws {
        try lines.append(
            Receipt(
                subject: item.id, end: end, file: item.file, row: item.row, fileTime: item.fileTime, version: item.version,
                content: item.content, newer: newer, at: run.world.now()))
    }

    private mutating func put(_ batch: BatchShelf.Batch) async throws {
        if let broken = BatchInvariants.broken(by: batch) { throw RunStop.brokenInvariant(broken) }
        facts.batches.append(batch.items.count)
        facts.bytes += batch.requests.count
        let number = facts.batches.count
        try await run.shelf.put(batch, number: number)
        run.reporter.report(
            SyncEvent.batchPrepared(batch: Parcel.name(ofBatch: number), items: batch.items.count, bytes: batch.requests.count))
    }
}
