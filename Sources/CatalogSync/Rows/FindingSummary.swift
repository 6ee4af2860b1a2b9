import Feed

/// What one rule found in a run: the count, and the first few places. The form of `findings` in the report.
public struct FindingSummary: Sendable, Equatable, Codable {
    public struct Example: Sendable, Equatable, Codable {
        public var file: String
        public var row: Int
        public var productID: String
        public var value: String

        enum CodingKeys: String, CodingKey {
            case file, row
            case productID = "product_id"
            case value
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
                examples: entry.examples.map { Example(file: $0.file, row: $0.row, productID: $0.productID, value: $0.value) })
        }
    }
}
