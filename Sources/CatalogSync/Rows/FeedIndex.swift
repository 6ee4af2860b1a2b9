import Engine
import Events
import Feed
import ObjectStore

/// The claimed files read once, oldest first: where every row is, what became of it, and which rows win.
struct FeedIndex: Sendable {
    let feeds: [PinnedFeed]
    let scans: [FileScan]
    /// What orders each file among others: when it was written; for mended rows, when they were first written.
    let times: [Timestamp]
    let resolution: Resolution
    let mended: MendedRows

    /// - Parameter rejections: the rows that a run rejected, for the files that mend some of them.
    static func read(
        _ feeds: [PinnedFeed], options: FeedOptions, workers: Int, rejections: (String) throws -> [RejectedRow] = { _ in [] }
    ) async throws -> FeedIndex {
        let scanner = FeedScanner(options: options)
        var read: [(feed: PinnedFeed, scan: FileScan, time: Timestamp)] = []
        for feed in feeds {
            let scan = try await scanner.scan(feed.source, name: feed.claim.name, workers: workers)
            let mendedTime = try MendedRows.time(of: scan, source: feed.source, options: options, rejections: rejections)
            read.append((feed, scan, mendedTime ?? feed.claim.object.modified))
        }
        read.sort { ($0.time, $0.feed.claim.name) < ($1.time, $1.feed.claim.name) }
        var mended = MendedRows()
        for (file, part) in read.enumerated() {
            try mended.read(part.scan, source: part.feed.source, file: file, options: options, rejections: rejections)
        }
        let scans = read.map(\.scan)
        let resolution = try await resolve(
            scans, sources: read.map(\.feed.source), options: options, excluding: Set(mended.stopped.keys), workers: workers)
        return FeedIndex(feeds: read.map(\.feed), scans: scans, times: read.map(\.time), resolution: resolution, mended: mended)
    }

    func refusal(of file: Int) -> ValidationFacts.Refusal? {
        feeds[file].refusal
            ?? scans[file].refusal.map {
                ValidationFacts.Refusal(rule: $0.rule.rawValue, line: $0.line, value: $0.value, message: $0.message, remedy: $0.remedy)
            }
    }

    /// Rows that are right by themselves and stopped by what else is known: rows of one id that differ within a file, where I07 is an `error`,
    /// and mended rows with another id. They count as rejected. Nil: the finding is I07, which needs the row to be said.
    func stopped(in file: Int) -> [Int: Finding?] {
        var found: [Int: Finding?] = [:]
        for row in resolution.heldBack where row.file == file { found[row.row] = .some(nil) }
        for (row, finding) in mended.stopped where row.file == file { found[row.row] = finding }
        return found
    }

    /// Rows of a file that do not go on, whoever stopped them.
    func rejectedCount(of file: Int) -> Int {
        refusal(of: file) == nil ? scans[file].rejectedCount + stopped(in: file).count : scans[file].rowCount
    }

    /// All that the files say of themselves.
    var tally: FindingTally {
        var tally = resolution.tally
        for scan in scans { tally.merge(scan.tally) }
        for finding in mended.stopped.values { tally.add(finding) }
        return tally
    }

    /// What decides whether a run goes on.
    func counts(_ findings: [FindingSummary]) -> ValidationDecision.Counts {
        let usable = scans.indices.filter { refusal(of: $0) == nil }
        return ValidationDecision.Counts(
            files: scans.count, refusedFiles: scans.count - usable.count, rows: usable.reduce(0) { $0 + scans[$1].rowCount },
            rejected: usable.reduce(0) { $0 + rejectedCount(of: $1) }, mainCause: ValidationDecision.MainCause(findings))
    }
}
