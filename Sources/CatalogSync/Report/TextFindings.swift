/// What is to be mended, as lines of text: by what there is to do about it, the largest first, with the first few rows of each.
struct TextFindings {
    let report: SyncReport
    let presentation: Presentation

    /// Rows quoted of one group.
    private static let shown = 3
    /// Characters of a row quoted on one line.
    private static let quoteLimit = 200

    var lines: [String] {
        let digest = ReportDigest(report)
        let rest = report.placeOfStoppedRows.isEmpty ? "" : ", see \(Shown.isolated(report.placeOfStoppedRows))"
        return section("What a person has to look at first:", digest.held, rest: "")
            + section("What Meta refused:", digest.refused, rest: ", see: vitrine products --state refused")
            + section("What our checks stopped:", digest.stopped, rest: rest)
            + mendLines
            + section("What our checks noticed besides:", digest.warned, rest: "", examples: 1)
    }

    private func section(_ heading: String, _ groups: [ReportDigest.Group], rest: String, examples: Int = shown) -> [String] {
        guard !groups.isEmpty else { return [] }
        var lines = ["", "  \(heading)"]
        for group in groups.prefix(ReportDigest.groupLimit) {
            let rules = group.rules.isEmpty ? "" : " (\(group.rules.joined(separator: ", ")))"
            lines.append("    \(group.count) × \(group.titles.prefix(4).map { Shown.isolated($0, limit: 100) }.joined(separator: "; "))\(rules)")
            lines.append("      → \(group.remedy)")
            for example in group.examples.prefix(examples) { lines += self.lines(of: example) }
            let more = group.rest(after: examples)
            if more > 0 { lines.append("        and \(more) more\(rest)") }
        }
        let more = groups.dropFirst(ReportDigest.groupLimit)
        if !more.isEmpty { lines.append("    and \(more.reduce(0) { $0 + $1.count }) more of \(more.count) other kinds") }
        return lines
    }

    private func lines(of example: ReportDigest.Example) -> [String] {
        let row = example.row > 0 ? ", line \(example.row)" : ""
        let product = example.productID.isEmpty ? "" : ", product \(Shown.isolated(example.productID, limit: 120))"
        var lines = ["        \(Shown.isolated(example.file))\(row)\(product): \(Shown.isolated(example.said))"]
        if let original = example.original { lines.append("          \(quote(original))") }
        if let link = presentation.productLink, !example.productID.isEmpty { lines.append("          \(link.address(of: Shown.line(example.productID)))") }
        return lines
    }

    /// `id: sku-7 | title: Walnut lamp | price: ask us`, cut between two columns.
    private func quote(_ row: QuotedRow) -> String {
        var text = ""
        for field in row.fields {
            let part = "\(Shown.isolated(field.column)): \(field.value.isEmpty ? "(empty)" : Shown.isolated(field.value, limit: 60))"
            guard text.count + part.count <= Self.quoteLimit || text.isEmpty else { return text + " | …" }
            text += (text.isEmpty ? "" : " | ") + part
        }
        return text + (row.leftOut > 0 ? " | …" : "")
    }

    private var mendLines: [String] {
        let files = report.rejectedFiles
        guard !files.isEmpty else { return [] }
        let shown = files.prefix(8).map { "    \(Shown.isolated($0.place))  \(Words.rows($0.rows))" }
        return ["", "  Mend the stopped rows in these files of the landing zone, and put them back into data/:"] + shown
            + (files.count > shown.count ? ["    and \(files.count - shown.count) more files in rejected/\(report.runID)/"] : [])
    }
}
