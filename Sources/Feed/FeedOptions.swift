/// How `1,299` is to be read (rule P09).
public enum NumberFormat: String, CaseIterable, Sendable {
    /// A single mark before three digits is ambiguous and refused.
    case undecided
    /// `1,299.00`: the point is the decimal sign.
    case point
    /// `1.299,00`: the comma is the decimal sign.
    case comma
}

/// Where `product_type` goes.
public enum CategoryMapping: String, CaseIterable, Sendable {
    /// To `google_product_category`, whatever it says.
    case asIs = "as_is"
    /// To `google_product_category` if it is a number or a path with ` > `, else to `product_type`.
    case auto
    /// Looked up in `categoryTable` and sent as `google_product_category`; as `product_type` it goes out too.
    case table
}

/// Their words to Meta's, besides the built-in English, Arabic and Kurdish ones. Case is ignored, and `_` and `-` are blanks.
public struct Translations: Sendable, Equatable {
    /// To `in stock`, `out of stock`, `preorder`, `available for order` or `discontinued`.
    public var availability: [String: String] = [:]
    /// To `new`, `refurbished` or `used`.
    public var condition: [String: String] = [:]

    public init() {}

    /// Meta's words, which a table may lead to.
    public static let availabilityWords = ["in stock", "out of stock", "preorder", "available for order", "discontinued"]
    public static let conditionWords = ["new", "refurbished", "used"]
}

/// Values for rows that have none; a filled value is counted by the rule that would have refused the row.
public struct FieldDefaults: Sendable, Equatable {
    public var brand: String?
    /// ISO 4217 code.
    public var currency: String?
    public var condition: String?

    public init(brand: String? = nil, currency: String? = nil, condition: String? = nil) {
        self.brand = brand
        self.currency = currency
        self.condition = condition
    }
}

/// Everything that can change what a file means. A change of any of it can change every verdict.
public struct FeedOptions: Sendable, Equatable {
    /// Our column to their header name, or to a template with their header names in braces (`https://shop.example/p/{sku}`).
    public var columns: [Column: String] = [:]
    public var defaults = FieldDefaults()
    /// Header of the column that orders rows of one id: whole numbers or ISO 8601 moments. Without it Airbyte's time of extraction orders, where
    /// the file has it.
    public var versionColumn: String?
    /// Overrides of the rules' own severities.
    public var severities: [RuleID: Severity] = [:]
    /// One ASCII byte, not a quote and not a line end.
    public var delimiter: UInt8 = UInt8(ascii: ",")
    /// Longest field in bytes (F10).
    public var maxFieldBytes = 65_536
    /// Longest record in bytes (F10); bounds the memory a malformed file can take.
    public var maxRecordBytes = 1 << 20
    /// Largest file in bytes, inflated (F10).
    public var maxFileBytes = 512 << 20
    public var numberFormat = NumberFormat.undecided
    /// Currencies allowed any decimals the amount has (P08), such as `["IQD"]`.
    public var currenciesWithFreeDecimals: Set<String> = []
    /// The catalogue's currency (P05); nil leaves the rule without work.
    public var catalogCurrency: String?
    /// Largest amount of a price in whole currency units (P07); nil leaves the rule without work.
    public var maxAmount: Int?
    /// Hosts of the shop (L05), lower case; a subdomain of one is allowed too. Empty: only test and local hosts are warned of.
    public var allowedHosts: [String] = []
    public var category = CategoryMapping.asIs
    /// Their product type to a path or number of Google's taxonomy, for `category == .table`. Case is ignored.
    public var categoryTable: [String: String] = [:]
    public var translations = Translations()
    /// Ids without a group that may share one link (L08); at least 1.
    public var maxIDsPerLink = 1
    /// Ids that may share one picture (M06); at least 1.
    public var maxIDsPerPicture = 20
    /// Seconds since 1970, to find sales that have ended (P12); nil leaves that check without work.
    public var now: Int64?

    /// Bytes of a block. Internal: only tests turn it down, to show that block boundaries change nothing.
    var blockBytes = 2 << 20
    /// Bits of an id fingerprint that count. Internal: tests turn it down to force collisions.
    var fingerprintBits = 64

    public init() {}

    /// The severity in force.
    public func severity(of rule: RuleID) -> Severity { severities[rule] ?? rule.defaultSeverity }
}
