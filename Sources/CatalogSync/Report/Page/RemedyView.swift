import Engine

/// What is to be mended, on a page.
struct RemedySection: Sendable {
    let id: String
    let heading: String
    let lead: String
    let groups: [RemedyView]
    /// Where rows are to be mended.
    let files: [FileView]
    let hasFiles: Bool
    let more: String?

    struct FileView: Sendable {
        let place: String
        let rows: String
    }

    private static let fileLimit = 20

    static func all(of report: SyncReport, _ presentation: Presentation) -> [RemedySection] {
        let digest = ReportDigest(report)
        let isPlan = report.state == .planned
        let rest = report.placeOfStoppedRows.isEmpty ? "" : ": see \(Shown.line(report.placeOfStoppedRows))"
        let files = report.rejectedFiles.prefix(fileLimit).map { FileView(place: Shown.line($0.place), rows: Words.rows($0.rows)) }
        let sections = [
            RemedySection(
                id: "held", heading: "What a person has to look at first", lead: "Nothing of this run was sent. Release it if this is right, discard it if not.",
                digest.held, presentation, rest: "", files: []),
            RemedySection(
                id: "refused", heading: "What Meta refused", lead: "These products were sent and Meta did not take them.", digest.refused, presentation,
                rest: ": see vitrine products --state refused", files: []),
            RemedySection(
                id: "stopped", heading: isPlan ? "What our checks would stop" : "What our checks stopped",
                lead: "These rows were not sent. Mend them in the shop, or in the files named below." , digest.stopped, presentation, rest: rest, files: files),
            RemedySection(
                id: "warned", heading: "What our checks noticed besides", lead: "Nothing was stopped for it: these rows were sent, or a newer row of the product was.", digest.warned, presentation, rest: "", files: []),
        ]
        return sections.filter { !$0.groups.isEmpty }
    }

    private init(
        id: String, heading: String, lead: String, _ groups: [ReportDigest.Group], _ presentation: Presentation, rest: String, files: [FileView]
    ) {
        self.id = id
        self.heading = heading
        self.lead = lead
        self.groups = groups.prefix(ReportDigest.groupLimit).map { RemedyView($0, presentation, rest: rest) }
        self.files = files
        hasFiles = !files.isEmpty
        let left = groups.dropFirst(ReportDigest.groupLimit)
        more = left.isEmpty ? nil : "And \(Words.grouped(left.reduce(0) { $0 + $1.count })) more of \(left.count) other kinds."
    }
}

/// One thing to do, and the rows it is to be done to.
struct RemedyView: Sendable {
    let count: String
    let title: String
    let rules: String?
    let remedy: [WordPart]
    let examples: [ExampleView]
    let more: String?

    init(_ group: ReportDigest.Group, _ presentation: Presentation, rest: String) {
        count = Words.grouped(group.count)
        title = group.titles.prefix(4).map { Shown.line($0, limit: 100) }.joined(separator: "; ")
        rules = group.rules.isEmpty ? nil : group.rules.joined(separator: ", ")
        remedy = WordPart.parts(of: group.remedy)
        examples = group.examples.map { ExampleView($0, presentation) }
        let left = group.rest(after: group.examples.count)
        more = left > 0 ? "And \(Words.grouped(left)) more\(rest)" : nil
    }
}

struct ExampleView: Sendable {
    let file: String
    let line: String?
    let product: ProductView?
    let said: String
    let original: OriginalView?

    init(_ example: ReportDigest.Example, _ presentation: Presentation) {
        file = Shown.line(example.file)
        line = example.row > 0 ? "line \(example.row)" : nil
        product = example.productID.isEmpty ? nil : ProductView(example.productID, presentation)
        said = Shown.line(example.said, limit: 600)
        original = example.original.map(OriginalView.init)
    }
}

/// A product's id, with the way to it in the shop where there is one.
public struct ProductView: Sendable {
    let id: String
    let link: String?
    let trace: String?

    public init(_ id: String, _ presentation: Presentation) {
        // No shop has such ids; a cell that went wrong may.
        let isID = id.utf8.count <= Self.longestID
        trace = isID ? presentation.tracePath?(id) : nil
        self.id = Shown.line(id, limit: 120)
        link = isID ? presentation.productLink?.address(of: id) : nil
    }

    /// Bytes of an id that an address is made of.
    private static let longestID = 400
}

/// A quoted row: the columns that tell what it is about at once, the others one click away.
struct OriginalView: Sendable {
    struct Field: Sendable {
        let column: String
        let value: String
        let mark: String
    }

    let first: [Field]
    let others: [Field]
    let hasOthers: Bool
    let count: String
    let leftOut: String?

    private static let firstLimit = 6

    init(_ row: QuotedRow) {
        let fields = row.fields.map { Field(column: $0.column, value: $0.value.isEmpty ? "(empty)" : $0.value, mark: $0.blamed ? "blamed" : "") }
        let blamed = row.fields.count { $0.blamed }
        first = Array(fields.prefix(min(Self.firstLimit, blamed + 2)))
        others = fields
        hasOthers = others.count > first.count
        count = Words.count(others.count, "column", "columns")
        leftOut = row.leftOut > 0 ? "and \(row.leftOut) more" : nil
    }
}
