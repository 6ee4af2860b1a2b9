import Engine

/// A report as people want it: what is to be mended, by what there is to do about it, the largest first.
struct ReportDigest {
    struct Example {
        let file: String
        let row: Int
        let productID: String
        /// What was found there, or what Meta said.
        let said: String
        let original: QuotedRow?
    }

    struct Group {
        let titles: [String]
        /// Rule ids of ours; none for Meta's refusals.
        let rules: [String]
        let remedy: String
        let count: Int
        let examples: [Example]

        /// Of the first few examples: how many more there are.
        func rest(after shown: Int) -> Int { max(0, count - min(shown, examples.count)) }
    }

    /// By Meta.
    let refused: [Group]
    /// By guards, until a person has looked.
    let held: [Group]
    /// By our checks.
    let stopped: [Group]
    /// By our checks, and sent all the same.
    let warned: [Group]

    /// Groups shown of one kind; Meta's words may fall into any number of families.
    static let groupLimit = 40

    init(_ report: SyncReport) {
        refused = Self.joined(report.refusals.map(Self.group))
        held = report.findings.filter { $0.severity == "hold" }.map(Self.group)
        stopped = Self.joined(report.findings.filter { $0.severity == "error" }.map(Self.group))
        warned = Self.joined(report.findings.filter { $0.severity == "warn" }.map(Self.group))
    }

    private static func group(_ refusals: SyncReport.Refusals) -> Group {
        let remedy = Remedy.of(.refused, cause: Shown.line(refusals.family, limit: 120))
        return Group(
            titles: [remedy.title], rules: [], remedy: remedy.action, count: refusals.count,
            examples: refusals.examples.map { .init(file: $0.file, row: $0.row, productID: $0.productID, said: $0.message, original: $0.original) })
    }

    private static func group(_ finding: FindingSummary) -> Group {
        let remedy = Remedy.of(.rejected, cause: Shown.line(finding.rule, limit: 20))
        return Group(
            titles: [remedy.title], rules: [remedy.cause ?? ""], remedy: remedy.action, count: finding.count,
            examples: finding.examples.map { example in
                let value = example.value.isEmpty ? "is empty" : "is '\(example.value)'"
                let said = example.column.isEmpty ? example.value : "\(example.column) \(value)"
                return Example(file: example.file, row: example.row, productID: example.productID, said: said, original: example.original)
            })
    }

    private static func joined(_ groups: [Group]) -> [Group] {
        var order: [String] = []
        var byRemedy: [String: Group] = [:]
        for group in groups {
            guard let known = byRemedy[group.remedy] else {
                order.append(group.remedy)
                byRemedy[group.remedy] = group
                continue
            }
            byRemedy[group.remedy] = Group(
                titles: known.titles + group.titles, rules: known.rules + group.rules, remedy: group.remedy, count: known.count + group.count,
                examples: Array((known.examples + group.examples).prefix(SyncReport.Refusals.exampleLimit)))
        }
        let sorted = order.compactMap { byRemedy[$0] }.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
        return sorted.map(\.element)
    }
}

extension SyncReport {
    /// Where the rest of the stopped rows is to be found. Empty where they are nowhere yet: a dry run, or a run that ended before its archive.
    var placeOfStoppedRows: String {
        if rejectedFiles.count == 1 { return rejectedFiles[0].place }
        return rejectedFiles.isEmpty ? "" : "the files in rejected/\(runID)/"
    }
}
