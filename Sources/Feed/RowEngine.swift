internal import CFeedKernels

/// Judges one record and writes its item, in one go and without allocating. Both passes use it, so they cannot disagree.
///
/// Its parts are in `RowEngine+….swift`, by family of rules. A fragment of the item is written as soon as its field is judged; what a
/// rejected row has written is thrown away.
struct RowEngine: ~Copyable {
    let plan: RowPlan
    let workspace: Workspace
    let fields: UnsafeMutablePointer<vf_field>
    private let positions: UnsafeMutablePointer<Int32>
    private let severities: UnsafeMutablePointer<UInt8>
    let counts: UnsafeMutablePointer<Int>
    let needles: UnsafeMutablePointer<vf_needles>
    let pictureNeedles: UnsafeMutablePointer<vf_needles>
    let words: WordLists
    let sendsTypeAsCategory: Bool
    let isMapped: Bool
    let maxAmount: Int?
    private let fieldCount: Int
    let idMask: UInt64
    let defaultBrand: Text?
    let defaultCondition: Text?
    /// `plan.now`, `plan.keys` and `plan.templates`, without references.
    let now: UInt64?
    let keyPlaces: UnsafeMutablePointer<Int32>
    let keyStride: Int
    private let templateCount: Int
    let pictureCount: Int
    /// Columns that go out as they are, of those the file has.
    let plainColumns: UnsafeMutablePointer<PlainColumn>
    let plainCount: Int
    let categories: WordTable
    let availabilities: WordTable
    let conditions: WordTable
    let availabilityWords = WordMemory<Availability>()
    let conditionWords = WordMemory<Condition>()

    /// Whether findings are kept in full, or counted with a few examples.
    var keepsAll = false
    var findings: [Finding] = []

    // What is known of the record at hand.
    var record: UnsafePointer<UInt8>
    var line = 0
    var isRejected = false
    var id: Text
    var title: Text
    var description: Text
    /// Word lists of which the prefilter saw something.
    var titleGroups: UInt8 = 0
    var descriptionGroups: UInt8 = 0
    var link: Text
    var picture: Text
    /// A required column without a usable value; the item is not sent then, whatever the rules' severities are (B05).
    var lacking: Column?
    /// The keys of the row (`plan.keys`).
    let keys: UnsafeMutablePointer<UInt64>
    /// What the templates made of the row.
    let made: UnsafeMutablePointer<Text>
    var quantityToSend: Int?
    var version: UInt64 = 0
    var arena: UnsafeMutablePointer<UInt8>
    var json: UnsafeMutablePointer<UInt8>
    var jsonStart: UnsafeMutablePointer<UInt8>
    /// The last currency found good, which needs no second look.
    var usualCurrency: Currency?
    var usualDecimals = 0
    var linkHosts: HostMemory
    var imageHosts: HostMemory

    init(plan: RowPlan) {
        self.plan = plan
        workspace = Workspace(fieldCapacity: plan.fieldCount + 1)
        fields = workspace.fields
        counts = workspace.counts
        needles = workspace.needles
        pictureNeedles = workspace.pictureNeedles
        words = workspace.words
        sendsTypeAsCategory = plan.options.category == .asIs
        isMapped = plan.options.category == .table
        maxAmount = plan.options.maxAmount
        fieldCount = plan.fieldCount
        idMask = plan.options.fingerprintBits >= 64 ? .max : (1 << UInt64(plan.options.fingerprintBits)) - 1
        linkHosts = HostMemory(bytes: workspace.keep([UInt8](repeating: 0, count: 64)))
        imageHosts = HostMemory(bytes: workspace.keep([UInt8](repeating: 0, count: 64)))
        positions = workspace.keep(plan.positions)
        severities = workspace.keep(plan.severities.map { UInt8(Severity.allCases.firstIndex(of: $0) ?? 0) })
        defaultBrand = plan.options.defaults.brand.map { [workspace] in workspace.keep($0).trimmed }
        defaultCondition = plan.options.defaults.condition.map { [workspace] in workspace.keep($0).trimmed }
        now = plan.now
        keyPlaces = workspace.keep(plan.keys.places)
        keyStride = plan.keys.stride
        keys = workspace.keys
        templateCount = plan.templates.count
        pictureCount = plan.pictures.count
        let plain = PlainColumn.all.filter { plan.positions[$0.column.ordinal] >= 0 }
        plainColumns = workspace.keep(plain)
        plainCount = plain.count
        categories = WordTable(plan.options.category == .table ? plan.options.categoryTable : [:]) { [workspace] in workspace.keep($0) }
        availabilities = WordTable(plan.options.translations.availability) { [workspace] in workspace.keep($0) }
        conditions = WordTable(plan.options.translations.condition) { [workspace] in workspace.keep($0) }
        workspace.makeRoom(forRecord: 4096)
        record = UnsafePointer(workspace.json)
        id = Text(record, 0)
        title = id
        description = id
        link = id
        picture = id
        made = workspace.keep(texts: plan.templates.count, of: id)
        arena = workspace.arena
        json = workspace.json
        jsonStart = json
    }

    /// What became of a record.
    struct Outcome {
        let isRejected: Bool
        let idFingerprint: UInt64
        let contentFingerprint: UInt64
        let encodedByteCount: Int
        let version: UInt64
    }

    /// Judges the record whose fields `vf_split` has just written to `fields`.
    mutating func judge(_ start: UnsafePointer<UInt8>, split: vf_record, line: Int) -> Outcome {
        begin(start, byteCount: Int(split.content), line: line)
        if Int(split.fields) != fieldCount {
            reportShape(Int(split.fields))
        } else {
            judgeFields()
        }
        if lacking != nil { refuseIncomplete() }
        if isRejected {
            return Outcome(
                isRejected: true, idFingerprint: 0, contentFingerprint: vf_fingerprint(start, Int(split.content), 0), encodedByteCount: 0,
                version: version)
        }
        let bytes = json - jsonStart
        if keyStride > 0 { noteKeys() }
        return Outcome(
            isRejected: false, idFingerprint: vf_fingerprint(id.base, id.count, 1) & idMask,
            contentFingerprint: vf_fingerprint(jsonStart, bytes, 0), encodedByteCount: bytes, version: version)
    }

    private mutating func begin(_ start: UnsafePointer<UInt8>, byteCount: Int, line: Int) {
        workspace.makeRoom(forRecord: byteCount &* plan.growth &+ plan.extraBytes)
        record = start
        self.line = line
        isRejected = false
        version = 0
        arena = workspace.arena
        jsonStart = workspace.json
        json = jsonStart
        id = Text(start, 0)
        title = id
        description = id
        titleGroups = 0
        descriptionGroups = 0
        link = id
        picture = id
        lacking = nil
        quantityToSend = nil
    }

    private mutating func judgeFields() {
        if templateCount > 0 { fillTemplates() }
        let classes = judgeID()
        put("{\"id\":\"")
        putString(id, classes)
        judgeTitle()
        judgeDescription()
        judgeAvailability()
        judgeCondition()
        judgePrice()
        judgeLink()
        judgeImageLink()
        judgeBrandAndCodes()
        judgeCategory()
        judgeOptional()
        judgeVersion()
        put("}")
    }

    @inline(never)
    private mutating func reportShape(_ found: Int) {
        let place = position(.id)
        if place >= 0, place < min(found, plan.fieldCount) { id = raw(place).trimmed }
        let kind = found < plan.fieldCount ? "shorter" : "longer"
        report(.f07, column: "", value: "\(found) fields, the header has \(plan.fieldCount): \(kind)")
        isRejected = true  // whatever its severity: nobody knows which column is which
    }

    /// B05: a required field that is empty or malformed is never sent, even if its own rule was turned down. Told only where no other
    /// finding has stopped the row.
    @inline(never)
    private mutating func refuseIncomplete() {
        if value(.title).isEmpty || value(.id).isEmpty { judgeContinuation() }
        guard !isRejected, let lacking else { return }
        report(.b05, lacking, value(lacking))
        isRejected = true  // whatever its severity
    }

    /// R07: what some exports write under a product for its further pictures or sizes.
    private mutating func judgeContinuation() {
        var empty = 0
        for column in [Column.id, .title, .description, .price, .availability] where value(column).isEmpty { empty += 1 }
        if empty >= 3 || value(.id).isEmpty && empty >= 2 { report(.r07, value(.id).isEmpty ? .id : .title, id) }
    }

    // MARK: Fields

    @inline(__always)
    func position(_ column: Column) -> Int { Int(positions[column.ordinal]) }

    @inline(__always)
    func has(_ column: Column) -> Bool { positions[column.ordinal] >= 0 }

    /// The field's bytes with doubled quotes halved.
    @inline(__always)
    mutating func raw(_ place: Int) -> Text {
        if place >= fieldCount { return made[place - fieldCount] }
        let field = fields[place]
        if field.flags & VF_DOUBLED != 0 { return halved(field) }
        return Text(record + Int(field.start), Int(field.length))
    }

    @inline(never)
    private mutating func halved(_ field: vf_field) -> Text {
        let start = arena
        var index = Int(field.start)
        let end = index + Int(field.length)
        while index < end {
            arena.pointee = record[index]
            arena += 1
            index += record[index] == UInt8(ascii: "\"") ? 2 : 1
        }
        return endText(start)
    }

    /// Closes a text written to the arena, and leaves the padding that kernels may read.
    mutating func endText(_ start: UnsafeMutablePointer<UInt8>) -> Text { Text(start, arena - start) }

    /// Trimmed; empty if the file has no such column or the field says that nothing is there.
    @inline(__always)
    mutating func value(_ column: Column) -> Text {
        let place = position(column)
        guard place >= 0 else { return Text(record, 0) }
        return value(at: place)
    }

    @inline(__always)
    mutating func value(at place: Int) -> Text {
        let text = raw(place).trimmed
        return text.isMissing ? Text(text.base, 0) : text
    }

    // MARK: Findings

    @inline(__always)
    func isOn(_ rule: RuleID) -> Bool { severities[rule.ordinal] != 0 }

    @inline(never)
    mutating func report(_ rule: RuleID, _ column: Column, _ value: Text, note: Bool = false) {
        guard isOn(rule) else { return }
        let index = rule.ordinal * 2 + (note ? 1 : 0)
        counts[index] += 1
        let severity = note ? min(.info, plan.severities[rule.ordinal]) : plan.severities[rule.ordinal]
        if severity >= .error { isRejected = true }
        guard keepsAll || counts[index] <= FindingTally.exampleLimit else { return }
        keep(rule, severity, column: columnName(column), value: Finding.shown(value.buffer))
    }

    @inline(never)
    mutating func report(_ rule: RuleID, column: String, value: String) {
        guard isOn(rule) else { return }
        counts[rule.ordinal * 2] += 1
        let severity = plan.severities[rule.ordinal]
        if severity >= .error { isRejected = true }
        guard keepsAll || counts[rule.ordinal * 2] <= FindingTally.exampleLimit else { return }
        keep(rule, severity, column: column, value: Finding.shown(value))
    }

    private mutating func keep(_ rule: RuleID, _ severity: Severity, column: String, value: String) {
        findings.append(
            Finding(
                rule: rule, severity: severity, file: plan.fileName, row: line, column: column, productID: Finding.shown(id.buffer),
                value: value, hint: rule.hint))
    }

    /// The header's own name, so that people find the column in their file.
    private func columnName(_ column: Column) -> String {
        guard let name = plan.options.columns[column] else { return column.rawValue }
        guard let template = ColumnTemplate(name) else { return name }
        return template.names.count == 1 ? template.names[0] : column.rawValue
    }

    /// Takes what has been counted since the last time.
    mutating func takeTally() -> FindingTally {
        var tally = FindingTally()
        for rule in RuleID.allCases {
            let (count, notes) = (counts[rule.ordinal * 2], counts[rule.ordinal * 2 + 1])
            guard count + notes > 0 else { continue }
            let severity = plan.severities[rule.ordinal]
            let told = findings.filter { $0.rule == rule }
            // A rule that is `info` at most notes and finds alike.
            if severity <= .info {
                tally.add(rule: rule, severity: severity, count: count + notes, examples: told)
            } else {
                tally.add(rule: rule, severity: severity, count: count, examples: told.filter { $0.severity == severity })
                tally.add(rule: rule, severity: .info, count: notes, examples: told.filter { $0.severity == .info })
            }
            counts[rule.ordinal * 2] = 0
            counts[rule.ordinal * 2 + 1] = 0
        }
        findings.removeAll(keepingCapacity: true)
        return tally
    }
}
