import Feed

/// The claimed files read once: where every row is, what became of it, and which rows win.
struct FeedIndex: Sendable {
    let feeds: [PinnedFeed]
    let scans: [FileScan]
    let resolution: Resolution

    /// The files that were not refused, in their order, and their place among all.
    static func read(_ feeds: [PinnedFeed], options: FeedOptions, workers: Int) async throws -> FeedIndex {
        let scanner = FeedScanner(options: options)
        var scans: [FileScan] = []
        for feed in feeds {
            scans.append(try await scanner.scan(feed.source, name: feed.claim.name, workers: workers))
        }
        return FeedIndex(feeds: feeds, scans: scans, resolution: try resolve(scans, sources: feeds.map(\.source), options: options))
    }

    func refusal(of file: Int) -> ValidationFacts.Refusal? {
        feeds[file].refusal
            ?? scans[file].refusal.map {
                ValidationFacts.Refusal(rule: $0.rule.rawValue, line: $0.line, value: $0.value, message: $0.message, remedy: $0.remedy)
            }
    }

    /// Rows of one id that differ within a file, where I07 is an `error`: they count as rejected.
    func heldBack(in file: Int) -> [Int] { resolution.heldBack.filter { $0.file == file }.map(\.row) }

    /// The file's row as `file:line`.
    func place(_ ref: RowRef) -> String { "\(scans[ref.file].name):\(scans[ref.file].rows[ref.row].line)" }
}
