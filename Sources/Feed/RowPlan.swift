/// Options and header of one file, prepared for the row path: no dictionary, no string comparison.
final class RowPlan: Sendable {
    let options: FeedOptions
    let fileName: String
    let fieldCount: Int
    /// Place of each column in a record, by `Column.ordinal`; -1 if the file has no such column.
    let positions: [Int]
    let versionPosition: Int
    /// By `RuleID.ordinal`.
    let severities: [Severity]
    let defaultCurrency: Currency?
    let catalogCurrency: Currency?
    let freeDecimals: [Currency]
    /// Names of the header in the places of id and title, to find a header that is repeated (F13).
    let headerID: String
    let headerTitle: String
    let versionName: String
    let templates: [ReadyTemplate]
    let pictures: [PictureColumns]
    let keys: CrossKeyLayout
    /// How much longer than the record the texts made of it can be, and bytes that come on top.
    let growth: Int
    let extraBytes: Int
    /// Now in the terms of `VersionKey.moment`; nil if nobody said.
    let now: UInt64?

    init(options: FeedOptions, header: Header, fileName: String) {
        self.options = options
        self.fileName = fileName
        fieldCount = header.names.count
        positions = Column.allCases.map { header.positions[$0] ?? -1 }
        versionPosition = header.versionPosition ?? -1
        severities = RuleID.allCases.map { options.severity(of: $0) }
        defaultCurrency = options.defaults.currency.flatMap { Currency($0) }
        catalogCurrency = options.catalogCurrency.flatMap { Currency($0) }
        freeDecimals = options.currenciesWithFreeDecimals.compactMap { Currency($0) }
        headerID = header.positions[.id].map { $0 < header.names.count ? header.names[$0] : "" } ?? ""
        headerTitle = header.positions[.title].map { $0 < header.names.count ? header.names[$0] : "" } ?? ""
        versionName = header.versionPosition.map { header.names[$0] } ?? ""
        templates = header.templates
        pictures = header.pictures
        keys = CrossKeyLayout(options: options, header: header)
        let fieldPieces = header.templates.reduce(0) { $0 + $1.pieces.reduce(0) { if case .field = $1 { $0 + 1 } else { $0 } } }
        growth = 1 + 3 * fieldPieces  // percent-encoding makes three bytes of one
        extraBytes = header.templates.reduce(0) { $0 + $1.pieces.reduce(0) { if case .literal(let bytes) = $1 { $0 + bytes.count } else { $0 } } }
            + options.categoryTable.values.reduce(0) { max($0, $1.utf8.count) }
        now = options.now.map { VersionKey.moment(secondsSince1970: $0) }
    }
}

extension Column {
    /// Place in `allCases`; a test holds the two equal.
    @inline(__always)
    var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}
