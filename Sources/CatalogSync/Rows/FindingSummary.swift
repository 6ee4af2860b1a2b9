import Feed

/// What one rule found in a run: the count, and the first few places. The form of `findings` in the report.
public struct FindingSummary: Sendable, Equatable, Codable {
    public struct Example: Sendable, Equatable, Codable {
        public var file: String
        public var row: Int
        public var productID: String
        /// Our name of the column; empty where the finding is about the whole row or file.
        public var column: String
        public var value: String
        /// The row it stands in, where it stopped that row.
        @Present public var original: QuotedRow?

        enum CodingKeys: String, CodingKey {
            case file, row, column
            case productID = "product_id"
            case value, original
        }

        init(file: String, row: Int, productID: String, column: String, value: String, original: QuotedRow? = nil) {
            self.file = file
            self.row = row
            self.productID = productID
            self.column = column
            self.value = value
            self.original = original
        }

        /// Reports of earlier versions have no `column` and no `original`.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            file = try container.decode(String.self, forKey: .file)
            row = try container.decode(Int.self, forKey: .row)
            productID = try container.decode(String.self, forKey: .productID)
            column = try container.decodeIfPresent(String.self, forKey: .column) ?? ""
            value = try container.decode(String.self, forKey: .value)
            original = try container.decodeIfPresent(QuotedRow.self, forKey: .original)
        }
    }

    public var rule: String
    public var severity: String
    public var count: Int
    public var examples: [Example]

    static func of(_ tally: FindingTally) -> [FindingSummary] {
        tally.entries.map { entry in
            FindingSummary(
                rule: entry.rule.rawValue, severity: entry.severity.rawValue, count: entry.count,
                examples: entry.examples.map {
                    Example(file: $0.file, row: $0.row, productID: $0.productID, column: $0.column, value: $0.value)
                })
        }
    }
}
