import Engine
import Events
import Feed
import FoundationEssentials
import ObjectStore

extension SyncRun {
    /// Judges every row, finds the newest of each id, keeps what was stopped, and decides whether the run goes on.
    func validate() async throws {
        guard let index = try await feedIndex() else { return }
        let files = try judgedFiles(index)
        let earlier = try files.map { try sync.ledger.runThatTook(sha256: $0.sha256, pipeline: opening.pipeline, besides: opening.runID) }
        let seenBefore = zip(files, earlier).compactMap { $1 == nil ? nil : $0 }
        let keeper = RowKeeper(run: self, index: index)
        try await keeper.keepStopped(at: world.now())
        let findings = findings(index, seenBefore: seenBefore)
        let facts = ValidationFacts(
            files: files, superseded: index.resolution.superseded.count, winners: index.resolution.winners.count, findings: findings,
            stop: ValidationDecision.stop(
                index.counts(findings), settings: configuration.validation, pipeline: opening.pipeline, accepted: opening.acceptRejected != nil))
        // The journal first: where it cannot be written the stage is done again, and what it counts is counted once. A crash just here costs the lines.
        try await log.append(.validated(facts))
        for (file, earlier) in zip(files, earlier) { report(file, takenBefore: earlier) }
        try keeper.tellRejected()
        for finding in facts.findings {
            reporter.report(SyncEvent.findingsCounted(rule: finding.rule, severity: finding.severity, count: finding.count))
        }
        if let reason = opening.acceptRejected { reporter.report(SyncEvent.rejectedAccepted(reason: reason)) }
        if let stop = facts.stop { reporter.report(SyncEvent.validationFailed(stop)) }
    }

    /// The claimed files, read. Nil when one of them is another version by now and nothing has been sent: then the run begins again, and
    /// this stage is done over the new claims.
    func feedIndex() async throws -> FeedIndex? {
        if let index = memo.feedIndex { return index }
        let claims = await log.record.files ?? []
        var feeds: [PinnedFeed] = []
        for claim in claims {
            let limit = configuration.feed.maxFileBytes
            guard let feed = try await PinnedFeed.open(claim, in: landing, spool: sync.spool, limit: limit) else {
                throw SourceChanged(file: claim.name)
            }
            feeds.append(feed)
        }
        let index = try await FeedIndex.read(feeds, options: configuration.feed, workers: configuration.workers) { run in
            try sync.ledger.rejections(of: run)
        }
        for feed in feeds where try !feed.isIntact() { throw SourceChanged(file: feed.claim.name) }
        memo.feedIndex = index
        return index
    }

    private func judgedFiles(_ index: FeedIndex) throws -> [ValidationFacts.File] {
        try index.feeds.indices.map { place in
            ValidationFacts.File(
                name: index.scans[place].name, rows: index.scans[place].rowCount, rejected: index.rejectedCount(of: place),
                sha256: try index.feeds[place].digest(), refusal: index.refusal(of: place))
        }
    }

    /// - Parameter earlier: the run that took the same bytes in before (F12).
    private func report(_ file: ValidationFacts.File, takenBefore earlier: String?) {
        if let refusal = file.refusal { reporter.report(SyncEvent.fileRefused(file: file.name, refusal)) }
        reporter.report(SyncEvent.rowsValidated(file: file.name, read: file.rows, rejected: file.rejected))
        if let earlier { reporter.report(SyncEvent.fileSeenBefore(file: file.name, runID: earlier)) }
    }

    private func findings(_ index: FeedIndex, seenBefore: [ValidationFacts.File]) -> [FindingSummary] {
        var tally = index.tally
        let severity = configuration.feed.severity(of: .f12)
        for file in seenBefore where severity != .off {
            tally.add(
                Finding(
                    rule: .f12, severity: severity, file: file.name, row: 0, column: "", productID: "", value: file.sha256,
                    hint: RuleID.f12.hint))
        }
        var quoter = RowQuoter(index: index, options: configuration.feed)
        return quoter.quote(FindingSummary.of(tally))
    }
}

/// A claimed file is not the claimed version any more.
struct SourceChanged: Error { let file: String }

extension ValidationDecision.MainCause {
    /// Nil where no row was rejected.
    init?(_ findings: [FindingSummary]) {
        let most = findings.filter { $0.severity == Severity.error.rawValue }.max { $0.count < $1.count }
        guard let most, let rule = RuleID(rawValue: most.rule) else { return nil }
        self.init(rule: most.rule, title: rule.title, rows: most.count, hint: rule.hint)
    }
}
