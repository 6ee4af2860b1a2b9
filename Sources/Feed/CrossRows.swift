/// What the rows that are sent say of each other (I09, T10, L08, M06, R02, R03): the winners of all files of a run, compared by the keys that the
/// first pass has kept.
///
/// These rules tell and never stop a row: at most `warn`. Every row but the first of those that meet is a finding, which names the first. The odds
/// that two of ten million different texts share a key are 1 in 370,000; the examples are verified on the bytes.
struct CrossRows {
    private let scans: [FileScan]
    private let sources: [any ByteSource]
    private let out: RowSet
    private let options: FeedOptions
    private var readers: [Int: RowReader] = [:]
    private var tally = FindingTally()

    /// A row that met an earlier one.
    private struct Meeting {
        let row: RowRef
        let first: RowRef
        /// Rows that meet, in all.
        let size: Int
    }

    /// Meetings verified on the bytes; beyond them 64 bits are trusted.
    private static let verifiedMeetings = 200

    /// - Parameter out: the rows that do not win.
    init(scans: [FileScan], sources: [any ByteSource], out: RowSet, options: FeedOptions) {
        self.scans = scans
        self.sources = sources
        self.out = out
        self.options = options
    }

    /// The keys by which rules look for rows that meet.
    static func keys(asked options: FeedOptions) -> [CrossKey] {
        [CrossKey.id, .title, .link, .picture, .group].filter { key in
            rules(of: key).contains { options.severity(of: $0) != .off }
        }
    }

    private static func rules(of key: CrossKey) -> [RuleID] {
        switch key {
        case .id: [.i09]
        case .title: [.t10]
        case .link: [.l08]
        case .picture: [.m06]
        case .group: [.r02, .r03]
        case .traits: []
        }
    }

    /// Valid rows that share a key, whether they win or not.
    static func candidates(_ scans: [FileScan], by key: CrossKey) -> [KeyedRow] {
        let most = scans.reduce(0) { $0 + ($1.rows.layout.place(key) == nil ? 0 : $1.rows.count) }
        return RepeatedKeys.find(most: most) { body in
            for (file, scan) in scans.enumerated() {
                guard let place = scan.rows.layout.place(key) else { continue }
                scan.rows.forEachKey(at: place) { row, key in if key != 0 { body(key, RowRef(file: file, row: row)) } }
            }
        }
    }

    /// - Parameter candidates: by key, as `candidates(_:by:)` finds them.
    mutating func judge(_ candidates: [CrossKey: [KeyedRow]]) throws -> FindingTally {
        try judge(.i09, by: .id, in: .id, candidates) { run in Self.all(run) }
        try judge(.t10, by: .title, in: .title, candidates) { [scans] run in Self.withoutCommonGroup(run, scans) }
        let mostPerLink = max(1, options.maxIDsPerLink)
        try judge(.l08, by: .link, in: .link, candidates) { [scans] run in
            guard run.count > mostPerLink else { return [] }
            let alone = run.filter { scans[$0.file].rows.key(.group, of: $0.row) == 0 }
            return alone.count > mostPerLink ? Self.all(alone) : []
        }
        let mostPerPicture = max(1, options.maxIDsPerPicture)
        try judge(.m06, by: .picture, in: .imageLink, candidates) { run in run.count > mostPerPicture ? Self.all(run) : [] }
        try judgeGroups(candidates)
        return tally
    }

    // MARK: Which rows meet

    private static func all(_ run: [RowRef]) -> [Meeting] {
        guard let first = run.first else { return [] }
        return run.dropFirst().map { Meeting(row: $0, first: first, size: run.count) }
    }

    /// Rows of one group are variants, and may well share their title.
    private static func withoutCommonGroup(_ run: [RowRef], _ scans: [FileScan]) -> [Meeting] {
        guard let first = run.first else { return [] }
        var groups: Set<UInt64> = [scans[first.file].rows.key(.group, of: first.row)]
        return run.dropFirst().compactMap { row in
            let group = scans[row.file].rows.key(.group, of: row.row)
            let isNew = group == 0 || groups.insert(group).inserted
            return isNew ? Meeting(row: row, first: first, size: run.count) : nil
        }
    }

    /// The winners of each run of candidates, where there is more than one.
    private func forEachMeeting(_ candidates: [KeyedRow], _ body: ([RowRef]) -> Void) {
        RepeatedKeys.forEachRun(candidates) { run in
            let winners = run.compactMap { out.contains($0.place) ? nil : $0.place }
            if winners.count > 1 { body(winners) }
        }
    }

    private mutating func judge(
        _ rule: RuleID, by key: CrossKey, in column: Column, _ candidates: [CrossKey: [KeyedRow]], _ meetings: ([RowRef]) -> [Meeting]
    ) throws {
        var found: [Meeting] = []
        forEachMeeting(candidates[key] ?? []) { found += meetings($0) }
        try report(rule, column, key, found)
    }

    private mutating func judgeGroups(_ candidates: [CrossKey: [KeyedRow]]) throws {
        var attributes: [Meeting] = []
        var texts: [Meeting] = []
        forEachMeeting(candidates[.group] ?? []) { run in
            let known = scans[run[0].file].rows.key(.traits, of: run[0].row)
            for row in run.dropFirst() {
                let meeting = Meeting(row: row, first: run[0], size: run.count)
                let traits = scans[row.file].rows.key(.traits, of: row.row)
                if VariantTraits.attributes(traits) != VariantTraits.attributes(known) { attributes.append(meeting) }
                let isSame = VariantTraits.brand(traits) == VariantTraits.brand(known)
                    && VariantTraits.category(traits) == VariantTraits.category(known)
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
        let (file, firstFile) = (scans[meeting.row.file].name, scans[meeting.first.file].name)
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

    private mutating func compared(_ place: RowRef, _ key: CrossKey) throws -> ComparedRow {
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
