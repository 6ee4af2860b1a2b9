import Feed

/// Reads single rows of the pinned files again, to quote them in the report. Some hundred at most: the examples.
struct RowQuoter {
    private let index: FeedIndex
    private let options: FeedOptions
    private let places: [String: Int]
    /// The reader of the file that was quoted last.
    private var reader: (file: Int, reader: RowReader)?

    init(index: FeedIndex, options: FeedOptions) {
        self.index = index
        self.options = options
        places = Dictionary(index.scans.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Parameters:
    ///   - line: physical line of the row's first character.
    ///   - productID: what the row is about: an item that is sent again can come from an older file of the same name.
    ///   - blamed: our names of columns.
    /// - Returns: nil where there is no such row, or where its file is not what it was: whoever reads on meets that as an error.
    mutating func quote(file name: String, line: Int, productID: String, blamed: Set<String>) -> QuotedRow? {
        guard let file = places[name], let row = row(at: line, in: index.scans[file]) else { return nil }
        if reader?.file != file {
            reader = (file, RowReader(scan: index.scans[file], source: index.feeds[file].source, options: options))
        }
        guard let detail = try? reader?.reader.detail(row), detail.productID == productID else { return nil }
        return QuotedRow(detail, header: index.scans[file].header, blamed: blamed)
    }

    /// Fills in the row of each example that stopped one.
    mutating func quote(_ findings: [FindingSummary]) -> [FindingSummary] {
        var findings = findings
        for place in findings.indices where findings[place].severity == Severity.error.rawValue {
            for number in findings[place].examples.indices {
                let example = findings[place].examples[number]
                findings[place].examples[number].original = quote(
                    file: example.file, line: example.row, productID: example.productID, blamed: [example.column])
            }
        }
        return findings
    }

    private func row(at line: Int, in scan: FileScan) -> Int? {
        var low = 0
        var high = scan.rows.count
        while low < high {
            let middle = (low + high) / 2
            if Int(scan.rows[middle].line) < line { low = middle + 1 } else { high = middle }
        }
        return low < scan.rows.count && Int(scan.rows[low].line) == line ? low : nil
    }
}
