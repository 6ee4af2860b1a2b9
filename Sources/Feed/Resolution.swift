internal import CFeedKernels

/// Which rows are sent: of every id the newest valid one.
public struct Resolution: Sendable {
    /// In (file, row) order.
    public internal(set) var winners: [RowRef] = []
    /// Valid rows that a newer valid row of the same id replaces; `by` is the winner.
    public internal(set) var superseded: [(row: RowRef, by: RowRef)] = []
    /// Rows of one id that differ within a file, where I07 is an `error`: nobody can say which is right, so none is sent.
    public internal(set) var heldBack: [RowRef] = []
    /// Findings of I06, I07 and I08.
    public internal(set) var tally = FindingTally()

    /// Adds what the winners say of each other (`crossRowFindings`).
    public mutating func note(_ findings: FindingTally) { tally.merge(findings) }
}

/// Finds the newest valid row of each id, within a file and across files. Files are given oldest first, refused ones too.
///
/// By version where a version column is configured, else by file order, then by line. Equal fingerprints of ids are verified on the bytes.
/// Takes about eight bytes a row beside the result. Throws what the sources throw.
/// Rows in `excluding` take no part: the pipeline has stopped them for a reason that no file shows.
public func resolve(
    _ scans: [FileScan], sources: [any ByteSource], options: FeedOptions, excluding: Set<RowRef> = []
) throws -> Resolution {
    precondition(scans.count == sources.count, "\(scans.count) scans but \(sources.count) sources")
    var resolver = Resolver(scans: scans, sources: sources, options: options)
    for row in excluding { resolver.leaveOut(row) }
    for file in scans.indices {
        try scans[file].rows.forEach { row, entry in
            let place = RowRef(file: file, row: row)
            if !entry.isRejected, !excluding.contains(place) { try resolver.take(place, entry) }
        }
    }
    return resolver.finish()
}

/// A hash table with open addressing of the rows that are ahead so far.
private struct Resolver {
    private let scans: [FileScan]
    private let options: FeedOptions
    private var readers: [IDReader]
    private var table: RowSlots
    /// Each with the row that was ahead when it fell behind.
    private var losers: [(row: RowRef, by: RowRef)] = []
    private var heldBack: Set<RowRef> = []
    /// Rows that cannot win: a newer one is there, or they were left out from the start.
    private var isOut: [[Bool]]
    private var result = Resolution()

    init(scans: [FileScan], sources: [any ByteSource], options: FeedOptions) {
        self.scans = scans
        self.options = options
        readers = zip(scans, sources).map { IDReader(scan: $0, source: $1) }
        table = RowSlots(rows: scans.reduce(0) { $0 + $1.rows.count })
        isOut = scans.map { Array(repeating: false, count: $0.rows.count) }
    }

    mutating func leaveOut(_ row: RowRef) { isOut[row.file][row.row] = true }

    mutating func take(_ row: RowRef, _ entry: RowEntry) throws {
        var slot = table.first(entry.idFingerprint)
        while let rival = table[slot] {
            let other = scans[rival.file].rows[rival.row]
            if other.idFingerprint == entry.idFingerprint, try isSameID(row, entry, rival, other) {
                try decide(row, entry, rival, other, slot)
                return
            }
            slot = table.next(slot)
        }
        table[slot] = row
    }

    private mutating func isSameID(_ row: RowRef, _ entry: RowEntry, _ rival: RowRef, _ other: RowEntry) throws -> Bool {
        let own = try readers[row.file].id(entry)
        return try own == readers[rival.file].id(other)
    }

    private mutating func decide(_ row: RowRef, _ entry: RowEntry, _ rival: RowRef, _ other: RowEntry, _ slot: Int) throws {
        let isNewer = entry.version >= other.version
        let (loser, winner) = isNewer ? (rival, row) : (row, rival)
        table[slot] = winner
        losers.append((loser, winner))
        isOut[loser.file][loser.row] = true
        let isSame = entry.contentFingerprint == other.contentFingerprint
        let rule: RuleID = row.file != rival.file ? .i08 : (isSame ? .i06 : .i07)
        if rule == .i07, options.severity(of: .i07) >= .error { heldBack.formUnion([row, rival]) }
        if heldBack.contains(loser) { heldBack.insert(winner) }
        try report(rule, loser, by: winner)
    }

    private mutating func report(_ rule: RuleID, _ loser: RowRef, by winner: RowRef) throws {
        let severity = options.severity(of: rule)
        guard result.tally.count(of: rule) < FindingTally.exampleLimit else {
            result.tally.add(rule: rule, severity: severity, count: 1, examples: [])
            return
        }
        let entry = scans[loser.file].rows[loser.row]
        let other = scans[winner.file].rows[winner.row]
        let place = loser.file == winner.file ? "line \(other.line)" : "line \(other.line) of \(scans[winner.file].name)"
        let id = try Finding.shown(String(decoding: readers[loser.file].id(entry), as: UTF8.self))
        result.tally.add(
            Finding(
                rule: rule, severity: severity, file: scans[loser.file].name, row: Int(entry.line), column: options.columns[.id] ?? Column.id.rawValue,
                productID: id, value: Finding.shown("replaced by \(place)"), hint: rule.hint))
    }

    mutating func finish() -> Resolution {
        losers.sort { $0.row < $1.row }
        // Backwards: a row that falls behind is replaced by one after it, or by one that a row after it has replaced; both are settled by then.
        for index in losers.indices.reversed() {
            while isOut[losers[index].by.file][losers[index].by.row] { losers[index].by = losers[place(of: losers[index].by)].by }
        }
        result.superseded = heldBack.isEmpty ? losers : losers.filter { !heldBack.contains($0.row) }
        for file in scans.indices {
            scans[file].rows.forEach { row, entry in
                let place = RowRef(file: file, row: row)
                if !entry.isRejected, !isOut[file][row], heldBack.isEmpty || !heldBack.contains(place) { result.winners.append(place) }
            }
        }
        result.heldBack = heldBack.sorted()
        return result
    }

    /// Where a loser is among the sorted ones.
    private func place(of row: RowRef) -> Int {
        var (low, high) = (0, losers.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if losers[middle].row <= row { low = middle } else { high = middle }
        }
        return low
    }
}

/// At most two thirds full, so that a search ends soon.
private struct RowSlots {
    private var rows: [RowRef]
    private let mask: Int
    private static let free = RowRef(file: Int(UInt32.max), row: Int(UInt32.max))

    init(rows count: Int) {
        var size = 16
        while size * 2 < count * 3 { size *= 2 }
        rows = Array(repeating: Self.free, count: size)
        mask = size - 1
    }

    func first(_ fingerprint: UInt64) -> Int { Int(truncatingIfNeeded: fingerprint) & mask }
    func next(_ slot: Int) -> Int { (slot + 1) & mask }

    subscript(slot: Int) -> RowRef? {
        get { rows[slot] == Self.free ? nil : rows[slot] }
        set { rows[slot] = newValue ?? Self.free }
    }
}

/// Reads the id of a row again.
private final class IDReader {
    private var window: RecordWindow
    private let fields: UnsafeMutablePointer<vf_field>
    private let capacity: Int
    private let place: Int

    init(scan: FileScan, source: any ByteSource) {
        window = RecordWindow(source: source, delimiter: scan.header.delimiter)
        capacity = max(1, scan.header.names.count)
        fields = .allocate(capacity: capacity)
        fields.initialize(repeating: vf_field(), count: capacity)
        place = scan.header.positions[.id] ?? 0
    }

    deinit { fields.deallocate() }

    func id(_ entry: RowEntry) throws -> [UInt8] {
        let (record, _) = try window.record(entry, fields: fields, capacity: capacity)
        let field = fields[place]
        let bytes = UnsafeBufferPointer(start: record.base + Int(field.start), count: Int(field.length))
        guard field.flags & VF_DOUBLED != 0 else { return Array(bytes) }
        var id: [UInt8] = []
        var index = 0
        while index < bytes.count {
            id.append(bytes[index])
            index += bytes[index] == UInt8(ascii: "\"") ? 2 : 1
        }
        return id
    }
}
