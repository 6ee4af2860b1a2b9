internal import CFeedKernels

/// Decides which row of an id is the newest, a run of equal fingerprints at a time.
struct IDResolver {
    private let scans: [FileScan]
    private let options: FeedOptions
    private var readers: [IDReader]
    private(set) var found = Found()

    private struct Candidate {
        let place: RowRef
        let id: [UInt8]
        let content: UInt64
        let version: UInt64
    }

    struct Found: Sendable {
        var losers: [Loss] = []
        var heldBack: Set<RowRef> = []
    }

    /// A row that fell behind.
    struct Loss: Sendable {
        let row: RowRef
        /// Which it fell behind then.
        let rival: RowRef
        /// Which was newest in the end.
        var winner: RowRef
        let rule: RuleID

        /// The row with which it was noticed, for telling losses in the order of the files.
        var noticedAt: RowRef { max(row, rival) }
    }

    init(scans: [FileScan], sources: [any ByteSource], options: FeedOptions) {
        self.scans = scans
        self.options = options
        readers = zip(scans, sources).map { IDReader(scan: $0, source: $1) }
    }

    /// Rows with one fingerprint, in their order: mostly of one id.
    mutating func take(_ run: ArraySlice<KeyedRow>) throws {
        var ahead: [Candidate] = []
        let before = found.losers.count
        for row in run {
            let entry = scans[row.place.file].rows[row.place.row]
            let id = try readers[row.place.file].id(entry)
            let candidate = Candidate(place: row.place, id: id, content: entry.contentFingerprint, version: scans[row.place.file].rows.version(of: row.place.row))
            guard let rank = ahead.firstIndex(where: { $0.id == id }) else {
                ahead.append(candidate)
                continue
            }
            let isNewer = candidate.version >= ahead[rank].version
            note(isNewer ? ahead[rank] : candidate, isBehind: isNewer ? candidate : ahead[rank])
            if isNewer { ahead[rank] = candidate }
        }
        if found.losers.count > before { settle(from: before) }
    }

    private mutating func note(_ loser: Candidate, isBehind winner: Candidate) {
        let rule: RuleID = loser.place.file != winner.place.file ? .i08 : (loser.content == winner.content ? .i06 : .i07)
        found.losers.append(Loss(row: loser.place, rival: winner.place, winner: winner.place, rule: rule))
        if rule == .i07, options.severity(of: .i07) >= .error { found.heldBack.formUnion([loser.place, winner.place]) }
        if found.heldBack.contains(loser.place) { found.heldBack.insert(winner.place) }
    }

    /// The losers of the last run, backwards: who fell behind a row that fell behind itself later has the same winner.
    private mutating func settle(from first: Int) {
        var winners: [RowRef: RowRef] = [:]
        for index in found.losers.indices[first...].reversed() {
            let loss = found.losers[index]
            let winner = winners[loss.winner] ?? loss.winner
            found.losers[index].winner = winner
            winners[loss.row] = winner
        }
    }

    /// All parts together, and the rows that do not win.
    static func join(
        _ parts: [Found], scans: [FileScan], sources: [any ByteSource], options: FeedOptions
    ) throws -> (resolution: Resolution, out: [RowRef]) {
        var resolution = Resolution()
        let heldBack = parts.reduce(into: Set<RowRef>()) { $0.formUnion($1.heldBack) }
        var losers = parts.flatMap(\.losers)
        let teller = IDResolver(scans: scans, sources: sources, options: options)
        for rule in [RuleID.i06, .i07, .i08] { try teller.tell(rule, losers, in: &resolution.tally) }
        losers.sort { $0.row < $1.row }
        resolution.superseded = losers.lazy.filter { !heldBack.contains($0.row) }.map { ($0.row, $0.winner) }
        resolution.heldBack = heldBack.sorted()
        return (resolution, resolution.superseded.map(\.row) + resolution.heldBack)
    }

    /// The number of losses under a rule, and those that were noticed first.
    private func tell(_ rule: RuleID, _ losers: [Loss], in tally: inout FindingTally) throws {
        var count = 0
        var first: [Loss] = []
        for loss in losers where loss.rule == rule {
            count += 1
            if first.count == FindingTally.exampleLimit, let last = first.last, loss.noticedAt > last.noticedAt { continue }
            first.insert(loss, at: first.firstIndex { loss.noticedAt < $0.noticedAt } ?? first.count)
            if first.count > FindingTally.exampleLimit { first.removeLast() }
        }
        tally.add(rule: rule, severity: options.severity(of: rule), count: count, examples: try first.map(finding))
    }

    private func finding(_ loss: Loss) throws -> Finding {
        let scan = scans[loss.row.file]
        let entry = scan.rows[loss.row.row]
        let newer = scans[loss.rival.file]
        let line = newer.rows[loss.rival.row].line
        let place = loss.row.file == loss.rival.file ? "line \(line)" : "line \(line) of \(newer.name)"
        let id = try Finding.shown(String(decoding: readers[loss.row.file].id(entry), as: UTF8.self))
        return Finding(
            rule: loss.rule, severity: options.severity(of: loss.rule), file: scan.name, row: entry.line,
            column: options.columns[.id] ?? Column.id.rawValue, productID: id, value: Finding.shown("replaced by \(place)"), hint: loss.rule.hint)
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
