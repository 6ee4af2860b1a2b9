/// Which rows are sent: of every id the newest valid one.
public struct Resolution: Sendable {
    /// In (file, row) order.
    public internal(set) var winners = Winners()
    /// Valid rows that a newer valid row of the same id replaces, in (file, row) order; `by` is the winner.
    public internal(set) var superseded: [(row: RowRef, by: RowRef)] = []
    /// Rows of one id that differ within a file, where I07 is an `error`: nobody can say which is right, so none is sent.
    public internal(set) var heldBack: [RowRef] = []
    /// Findings of I06, I07 and I08, and what the winners say of each other.
    public internal(set) var tally = FindingTally()
}

/// The rows that are sent, without a list of them: those that are valid and not among the few that are out.
public struct Winners: Sequence, Sendable {
    private let tables: [RowTable]
    /// In order: replaced, held back, or left out from the start.
    private let out: [RowRef]
    public let count: Int

    init(scans: [FileScan] = [], out: [RowRef] = []) {
        tables = scans.map(\.rows)
        self.out = out
        count = scans.reduce(0) { $0 + $1.rows.count - $1.rows.rejectedCount } - out.count
    }

    /// In order, with what is kept of each.
    @inline(__always)
    public func forEachEntry(_ body: (RowRef, RowEntry) throws -> Void) rethrows {
        var next = out.startIndex
        for (file, table) in tables.enumerated() {
            try table.forEach { row, entry in
                if entry.isRejected { return }
                let place = RowRef(file: file, row: row)
                if next < out.endIndex, out[next] == place {
                    next += 1
                } else {
                    try body(place, entry)
                }
            }
        }
    }

    public func makeIterator() -> Iterator { Iterator(tables: tables, out: out) }

    public struct Iterator: IteratorProtocol {
        private let tables: [RowTable]
        private let out: [RowRef]
        private var nextOut = 0
        private var file = 0
        private var row = 0

        init(tables: [RowTable], out: [RowRef]) {
            self.tables = tables
            self.out = out
        }

        public mutating func next() -> RowRef? {
            while file < tables.count {
                while row < tables[file].count {
                    defer { row += 1 }
                    let place = RowRef(file: file, row: row)
                    if nextOut < out.count, out[nextOut] == place {
                        nextOut += 1
                    } else if !tables[file][row].isRejected {
                        return place
                    }
                }
                (file, row) = (file + 1, 0)
            }
            return nil
        }
    }
}

/// Finds the newest valid row of each id, within a file and across files, and what the winners say of each other. Files are given oldest first,
/// refused ones too, each with its source.
///
/// By version where a version column is configured, else by file order, then by line. Equal fingerprints of ids are verified on the bytes.
/// Takes about twenty bytes a row while it works. Throws what the sources throw, and cancellation.
/// - Parameter excluding: rows that take no part: the pipeline has stopped them for a reason that no file shows.
public func resolve(
    _ scans: [FileScan], sources: [any ByteSource], options: FeedOptions, excluding: Set<RowRef> = [], workers: Int = 1
) async throws -> Resolution {
    precondition(scans.count == sources.count, "\(scans.count) scans but \(sources.count) sources")
    // Neither waits for the other: what rows share is looked for before it is known which of them win.
    let keys = CrossRows.keys(asked: options)
    let found = try await Crew.run(keys.count + 1, workers: workers, tools: {}) { _, number in
        number == 0 ? idCandidates(scans, excluding) : CrossRows.candidates(scans, by: keys[number - 1])
    }
    let parts = slices(of: found[0], most: workers)
    let resolved = try await Crew.run(parts.count, workers: workers, tools: {}) { _, number in
        var resolver = IDResolver(scans: scans, sources: sources, options: options)
        try RepeatedKeys.forEachRun(parts[number]) { try resolver.take($0) }
        return resolver.found
    }
    var (resolution, out) = try IDResolver.join(resolved, scans: scans, sources: sources, options: options)
    out += excluding.filter { !scans[$0.file].rows[$0.row].isRejected }
    out.sort()
    resolution.winners = Winners(scans: scans, out: out)
    var rows = CrossRows(scans: scans, sources: sources, out: RowSet(out, scans: scans), options: options)
    resolution.tally.merge(try rows.judge(Dictionary(uniqueKeysWithValues: zip(keys, found[1...]))))
    return resolution
}

private func idCandidates(_ scans: [FileScan], _ excluding: Set<RowRef>) -> [KeyedRow] {
    let rows = RepeatedKeys.find(most: scans.reduce(0) { $0 + $1.rows.count }) { body in
        for (file, scan) in scans.enumerated() {
            scan.rows.forEach { row, entry in
                if !entry.isRejected { body(entry.idFingerprint, RowRef(file: file, row: row)) }
            }
        }
    }
    return excluding.isEmpty ? rows : rows.filter { !excluding.contains($0.place) }
}

/// Pieces of about equal length that part no run.
private func slices(of rows: [KeyedRow], most: Int) -> [[KeyedRow]] {
    var slices: [[KeyedRow]] = []
    var start = 0
    while start < rows.count {
        var end = Swift.min(rows.count, start + rows.count / most + 1)
        while end < rows.count, rows[end].key == rows[end - 1].key { end += 1 }
        slices.append(Array(rows[start..<end]))
        start = end
    }
    return slices
}
