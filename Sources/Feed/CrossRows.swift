/// What the rows that are sent say of each other (I09, T10, L08, M06, R02, R03): the winners of all files of a run, compared by the keys that the
/// first pass has kept.
///
/// These rules tell and never stop a row: at most `warn`. Every row but the first of those that meet is a finding, which names the first. Takes
/// four bytes a row besides, and what is found. The odds that two of ten million different texts share a key are 1 in 370,000; the examples are
/// verified on the bytes. Throws what the sources throw.
public func crossRowFindings(
    _ scans: [FileScan], sources: [any ByteSource], resolution: Resolution, options: FeedOptions
) throws -> FindingTally {
    var rows = CrossRows(scans: scans, sources: sources, winners: resolution.winners, options: options)
    return try rows.judge()
}

private struct CrossRows {
    private let scans: [FileScan]
    private let sources: [any ByteSource]
    private let winners: [RowRef]
    private let options: FeedOptions
    private var readers: [Int: RowReader] = [:]
    private var tally = FindingTally()

    /// A row that met an earlier one, both by their place among the winners.
    private struct Meeting {
        let row: UInt32
        let first: UInt32
        /// Rows that meet, in all.
        let size: UInt32
    }

    /// Meetings verified on the bytes; beyond them 64 bits are trusted.
    private static let verifiedMeetings = 200

    init(scans: [FileScan], sources: [any ByteSource], winners: [RowRef], options: FeedOptions) {
        self.scans = scans
        self.sources = sources
        self.winners = winners
        self.options = options
    }

    mutating func judge() throws -> FindingTally {
        guard winners.count > 1 else { return tally }
        try judge(.i09, by: .id, in: .id) { run in Self.all(run) }
        try judge(.t10, by: .title, in: .title) { run in Self.withoutCommonGroup(run) }
        let mostPerLink = max(1, options.maxIDsPerLink)
        try judge(.l08, by: .link, in: .link) { run in
            let alone = run.filter { $0.group == 0 }
            return alone.count > mostPerLink ? Self.all(alone[...]) : []
        }
        let mostPerPicture = max(1, options.maxIDsPerPicture)
        try judge(.m06, by: .picture, in: .imageLink) { run in run.count > mostPerPicture ? Self.all(run) : [] }
        try judgeGroups()
        return tally
    }

    // MARK: Which rows meet

    private static func all(_ run: ArraySlice<KeyedRow>) -> [Meeting] {
        guard let first = run.first else { return [] }
        return run.dropFirst().map { Meeting(row: $0.winner, first: first.winner, size: UInt32(run.count)) }
    }

    /// Rows of one group are variants, and may well share their title.
    private static func withoutCommonGroup(_ run: ArraySlice<KeyedRow>) -> [Meeting] {
        guard let first = run.first else { return [] }
        var groups: Set<UInt64> = [first.group]
        return run.dropFirst().compactMap { row in
            let isNew = row.group == 0 || groups.insert(row.group).inserted
            return isNew ? Meeting(row: row.winner, first: first.winner, size: UInt32(run.count)) : nil
        }
    }

    private mutating func judge(
        _ rule: RuleID, by key: CrossKey, in column: Column, _ meetings: (ArraySlice<KeyedRow>) -> [Meeting]
    ) throws {
        guard options.severity(of: rule) != .off else { return }
        var found: [Meeting] = []
        RepeatedKeys(scans: scans, winners: winners, key: key).forEachRun { found += meetings($0) }
        try report(rule, column, key, found)
    }

    private mutating func judgeGroups() throws {
        guard options.severity(of: .r02) != .off || options.severity(of: .r03) != .off else { return }
        var attributes: [Meeting] = []
        var texts: [Meeting] = []
        RepeatedKeys(scans: scans, winners: winners, key: .group).forEachRun { run in
            guard let first = run.first else { return }
            for row in run.dropFirst() {
                let meeting = Meeting(row: row.winner, first: first.winner, size: UInt32(run.count))
                if VariantTraits.attributes(row.traits) != VariantTraits.attributes(first.traits) { attributes.append(meeting) }
                let isSame = VariantTraits.brand(row.traits) == VariantTraits.brand(first.traits)
                    && VariantTraits.category(row.traits) == VariantTraits.category(first.traits)
                if !isSame { texts.append(meeting) }
            }
        }
        try report(.r02, .itemGroupID, .group, attributes)
        try report(.r03, .itemGroupID, .group, texts)
    }

    // MARK: Findings

    private mutating func report(_ rule: RuleID, _ column: Column, _ key: CrossKey, _ meetings: [Meeting]) throws {
        let severity = min(options.severity(of: rule), .warn)
        guard severity != .off, !meetings.isEmpty else { return }
        let ordered = meetings.sorted { $0.row < $1.row }
        var examples: [Finding] = []
        var count = ordered.count
        for meeting in ordered.prefix(Self.verifiedMeetings) {
            let (row, first) = (try compared(meeting.row, key), try compared(meeting.first, key))
            guard row.text == first.text else {
                count -= 1
                continue
            }
            guard examples.count < FindingTally.exampleLimit else { continue }
            examples.append(finding(rule, severity, column, meeting, row, first))
        }
        tally.add(rule: rule, severity: severity, count: count, examples: examples)
    }

    private func finding(
        _ rule: RuleID, _ severity: Severity, _ column: Column, _ meeting: Meeting, _ row: ComparedRow, _ first: ComparedRow
    ) -> Finding {
        let (file, firstFile) = (scans[winners[Int(meeting.row)].file].name, scans[winners[Int(meeting.first)].file].name)
        let place = "line \(first.line)" + (file == firstFile ? "" : " of \(firstFile)")
        let many = meeting.size > 2 ? ", \(meeting.size) ids in all" : ""
        let what =
            switch rule {
            case .i09: row.productID
            case .r02: "\(row.text): fills \(VariantTraits.names(row.traits)), not \(VariantTraits.names(first.traits))"
            default: row.text
            }
        return Finding(
            rule: rule, severity: severity, file: file, row: row.line, column: options.columns[column] ?? column.rawValue,
            productID: Finding.shown(row.productID), value: Finding.shown("as \(place) (\(first.productID))\(many): \(what)"), hint: rule.hint)
    }

    private mutating func compared(_ winner: UInt32, _ key: CrossKey) throws -> ComparedRow {
        let place = winners[Int(winner)]
        if readers[place.file] == nil {
            readers[place.file] = RowReader(scan: scans[place.file], source: sources[place.file], options: options)
        }
        guard let row = try readers[place.file]?.compared(place.row, by: key) else { preconditionFailure("no reader of file \(place.file)") }
        return row
    }
}

/// A row as it is compared with others.
struct ComparedRow {
    let line: Int
    let productID: String
    let text: String
    let traits: UInt64
}
