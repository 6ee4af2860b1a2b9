import Feed

/// The claimed files read once: where every row is, what became of it, and which rows win.
struct FeedIndex: Sendable {
    let feeds: [PinnedFeed]
    let scans: [FileScan]
    let resolution: Resolution
    let mended: MendedRows

    /// The files that were not refused, in their order, and their place among all.
    /// `rejections` tells what stood in the file that one of these mends.
    static func read(
        _ feeds: [PinnedFeed], options: FeedOptions, workers: Int, rejections: (String) throws -> [Int: String] = { _ in [:] }
    ) async throws -> FeedIndex {
        let scanner = FeedScanner(options: options)
        var scans: [FileScan] = []
        for feed in feeds {
            scans.append(try await scanner.scan(feed.source, name: feed.claim.name, workers: workers))
        }
        var mended = MendedRows()
        for (file, feed) in feeds.enumerated() {
            guard let original = feed.claim.mends?.file else { continue }
            try mended.read(scans[file], source: feed.source, file: file, options: options, subjects: try rejections(original))
        }
        let resolution = try resolve(scans, sources: feeds.map(\.source), options: options, excluding: Set(mended.stopped.keys))
        return FeedIndex(feeds: feeds, scans: scans, resolution: resolution, mended: mended)
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

    /// The file's row as `file:line`.
    func place(_ ref: RowRef) -> String { "\(scans[ref.file].name):\(scans[ref.file].rows[ref.row].line)" }
}
