import Engine
import Events
import Feed
import ObjectStore

extension SyncRun {
    /// Winners into Meta's JSON and into batches, leaving out what Meta has judged already. The batches are stored before anything is sent.
    func transform() async throws {
        guard let index = try await feedIndex() else { return }
        var work = try TransformWork(run: self, index: index, released: await log.record.released?.guards ?? [])
        let facts = try await work.transformAll()
        for finding in facts.findings {
            reporter.report(SyncEvent.findingsCounted(rule: finding.rule, severity: finding.severity, count: finding.count))
        }
        let items = facts.hold?.items ?? facts.batches.reduce(0, +)
        reporter.report(
            SyncEvent.rowsTransformed(
                winners: index.resolution.winners.count, unchanged: facts.unchanged, superseded: facts.superseded, items: items,
                batches: facts.hold?.batches ?? facts.batches.count))
        for feed in index.feeds where try !feed.isIntact() { throw SourceChanged(file: feed.claim.name) }
        if let hold = facts.hold { reporter.report(SyncEvent.runHeld(hold.stop)) }
        try await log.append(.transformed(facts))
    }
}

private struct TransformWork {
    private let run: SyncRun
    private let index: FeedIndex
    private var walk: WinnerWalk
    private var builder: BatchBuilder
    private let settled: LinesWriter<Receipt>
    private var unchanged: UnchangedKeeper
    private var watch: GuardWatch
    /// What a person has let pass.
    private let released: [GuardFact]
    private var facts = TransformFacts(batches: [], superseded: 0, unchanged: 0, bytes: 0)
    /// Products that a person wants sent again.
    private var wanted: Set<String> = []
    /// Those of them that a row of this run's files sends anyway, and where it stands.
    private var sentByRow: [String: String] = [:]
    /// And the newest row of each that this run has rejected.
    private var rejected: [String: RowOrder] = [:]

    init(run: SyncRun, index: FeedIndex, released: [GuardFact]) throws {
        self.run = run
        self.index = index
        let judge = WinnerJudge(run.configuration, full: run.opening.full, settings: run.opening.settings)
        walk = try WinnerWalk(index, judge: judge, ledger: run.sync.ledger, pipeline: run.opening.pipeline)
        builder = BatchBuilder(mostItems: run.configuration.delivery.batchSize, mostBytes: run.configuration.delivery.batchBytes)
        settled = try LinesWriter<Receipt>()
        unchanged = try UnchangedKeeper()
        watch = GuardWatch(
            run.configuration, catalogue: try run.sync.ledger.knownCatalogue(run.opening.pipeline), expectsFull: run.opening.expectsFull ?? false)
        self.released = released
    }

    mutating func transformAll() async throws -> TransformFacts {
        var again: Set<String> = []
        try await run.forEachResendPart { again.formUnion($0.map(\.item.id)) }
        wanted = again
        if !wanted.isEmpty { rejected = try await run.newestRejected(of: wanted) }
        while let chunk = try walk.nextChunk() {
            for judged in chunk { try await place(judged) }
            if Task.isCancelled { throw RunStop.toldToStop }
        }
        try await placeAgain()
        if let last = builder.finish() { try await put(last) }
        try await run.synced.put(run.folder.key + RowKeeper.settled, settled.finish(), .always)
        try await run.synced.put(run.folder.key + RowKeeper.unchanged, unchanged.finish(), .always)
        var quoter = RowQuoter(index: index, options: run.configuration.feed)
        facts.findings = quoter.quote(FindingSummary.of(walk.tally))
        judgeAll()
        return facts
    }

    /// The batches of a held run stay where they are, for whoever wants to see them; nothing refers to them any more.
    private mutating func judgeAll() {
        let spoken = watch.facts
        facts.findings += spoken.map(\.summary)
        facts.seen = watch.seen
        facts.hold = HoldFacts(
            spoken, released: released, pipeline: run.opening.pipeline, runID: run.opening.runID, items: facts.batches.reduce(0, +),
            batches: facts.batches.count)
        if facts.hold != nil { facts.batches = [] }
    }

    private mutating func place(_ judged: WinnerWalk.Judged) async throws {
        let item = judged.winner.item
        var fate = judged.fate
        // What Meta has judged already is what is wanted again.
        if case .unchanged = fate, wanted.contains(item.id) { fate = .send }
        switch fate {
        case .send:
            if wanted.contains(item.id) { sentByRow[item.id] = "\(item.file):\(item.row)" }
            watch.see(judged.winner, known: judged.known)
            if let full = builder.append(item, data: judged.winner.data) { try await put(full) }
        case .unchanged(let isRefused):
            facts.unchanged += 1
            if isRefused { facts.stillRefused += 1 }
            keepUnchanged(item, judged.known, isRefused: isRefused)
        case .superseded(let sent):
            facts.superseded += 1
            run.reporter.report(
                SyncEvent.rowSuperseded(file: item.file, row: item.row, productID: item.id, newerFile: sent.file, newerRow: sent.row))
            settled.append(receipt(item, .superseded, newer: "\(sent.file):\(sent.row)"))
        }
    }

    /// After the files, so that a row of theirs goes before what was sent last.
    private mutating func placeAgain() async throws {
        guard !wanted.isEmpty, let parts = await run.log.record.resending?.parts else { return }
        for number in 1...parts {
            for line in try await run.resendPart(number) {
                if let newer = sentByRow[line.item.id] {
                    facts.superseded += 1
                    settled.append(receipt(line.item, .superseded, newer: newer))
                } else if let stopped = rejected[line.item.id], !stopped.isOlder(than: line.item.order) {
                    // What was sent last must not win over the row that somebody has to mend.
                    facts.superseded += 1
                    run.reporter.report(SyncEvent.productNotResent(productID: line.item.id, reason: NotResent.rejected.rawValue))
                    settled.append(receipt(line.item, .superseded, newer: "\(stopped.file):\(stopped.row)"))
                } else {
                    let data = Array(line.data.utf8)
                    watch.see(Winner(item: line.item, data: data, order: line.item.order), known: nil)
                    if let full = builder.append(line.item, data: data) { try await put(full) }
                }
            }
        }
    }

    /// A receipt only where it says more than the place, which is all that the ledger has to know of the others: a product whose last row was
    /// rejected is as accepted again, and why Meta refused one must outlive a rejected row of it in this run.
    private mutating func keepUnchanged(_ item: BatchItem, _ known: Subject?, isRefused: Bool) {
        if isRefused, let known {
            var receipt = receipt(item, .unchanged, newer: nil)
            receipt.messages = [known.message ?? AnswerReading.noReason]
            receipt.cause = known.cause
            settled.append(receipt)
        } else if known?.state == .rejected {
            settled.append(receipt(item, .unchanged, newer: nil))
        } else {
            unchanged.append(item)
        }
    }

    private func receipt(_ item: BatchItem, _ end: Receipt.End, newer: String?) -> Receipt {
        Receipt(
            subject: item.id, end: end, file: item.file, row: item.row, fileTime: item.fileTime, version: item.version, content: item.content,
            newer: newer, at: run.world.now())
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

extension WinnerJudge {
    init(_ configuration: CatalogSyncConfiguration, full: Bool, settings: String) {
        self.init(
            skipsUnchanged: configuration.delivery.skipUnchanged && !full, settings: settings,
            maxPriceMove: configuration.validation.maxPriceMove, options: configuration.feed)
    }
}
