public import Events

/// One configured sync.
public struct PipelineSettings: Sendable, Equatable {
    /// `[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}`: it is also the name of a folder.
    public var name: String
    /// The line of the name in the file.
    public var line: Int
    public var kind: Kind
    public var landing: String
    public var synced: String
    public var schedule: CronExpression?
    public var watch: Bool
    /// The URL of the queue that is told of new objects; nil: the landing zone is only looked at.
    public var queue: String?
    public var watchInterval: Duration
    public var retention: Duration
    public var history: Duration
    public var lease: Duration
    public var stageGrace: Duration
    /// Healthchecks' form: `URL/start`, `URL`, `URL/fail`.
    public var deadMan: String?
    /// An address with one `{id}` behind its host: a product in the shop's back office.
    public var productAdmin: String?
    /// Our column name to theirs.
    public var columns: [String: String]
    public var defaults: ColumnDefaults
    public var versionColumn: String?
    public var category: Category
    /// A file that holds the table of `category`; whoever reads it puts the table there.
    public var categoryFile: String?
    /// The line of its name in the settings; 0 without one.
    public var categoryFileLine: Int
    public var numberFormat: NumberFormat
    public var delimiter: Delimiter
    public var translate: Translations
    public var catalog: CatalogSettings
    public var validation: ValidationSettings
    public var guards = GuardSettings()
    public var delivery: DeliverySettings

    public enum Kind: String, Sendable, CaseIterable { case catalogSync = "catalog-sync" }

    /// What becomes of `product_type`.
    public enum Category: Sendable, Equatable {
        /// Sent as `google_product_category` as it is.
        case asIs
        /// Taxonomy paths and numbers go to `google_product_category`, the rest to `product_type`.
        case auto
        /// Their word to the taxonomy's path or number.
        case table([String: String])
    }

    /// Between the fields of a line.
    public enum Delimiter: String, Sendable, CaseIterable {
        case comma = ","
        case semicolon = ";"
        case bar = "|"
        case tab

        /// The ASCII byte.
        public var byte: UInt8 { self == .tab ? 0x09 : rawValue.utf8.first ?? 0x2C }
    }

    /// How `25,000` and `25.000` are to be read.
    public enum NumberFormat: String, Sendable, CaseIterable {
        /// Read where it is unambiguous, refused where it is not.
        case auto
        /// `1,299.99`
        case commaThousands = "comma_thousands"
        /// `1.299,99`
        case dotThousands = "dot_thousands"
    }
}

/// Their words to Meta's, besides those that are known anyway.
public struct Translations: Sendable, Equatable {
    public var availability: [String: String] = [:]
    public var condition: [String: String] = [:]

    static let availabilityWords = ["in stock", "out of stock", "preorder", "available for order", "discontinued"]
    static let conditionWords = ["new", "refurbished", "used"]
}

/// Values for columns that are empty or missing; nil fills nothing.
public struct ColumnDefaults: Sendable, Equatable {
    public var brand: String?
    public var currency: String?
    public var condition: String?
}

public struct CatalogSettings: Sendable, Equatable {
    /// Digits.
    public var id: String
    /// The line of the id in the file.
    public var line: Int
    /// Without a slash at the end; https, or http to this machine only.
    public var graphURL: String
    public var accessToken: SecretReference
    public var appSecret: SecretReference?
    /// The end of the token's last day, and of the API version's; nil where nobody has said.
    public var tokenExpires: Timestamp?
    public var apiVersionEnds: Timestamp?
    /// Rule P05: ISO 4217; nil leaves it without work.
    public var currency: String?
}

public struct ValidationSettings: Sendable, Equatable {
    public var strict: Bool
    /// 0...1.
    public var maxRejectedShare: Double
    public var rejectedFloor: Int
    /// 0...1, rule P13.
    public var maxPriceMove = 0.6
    /// Rule id to `off`, `info`, `warn`, `error`, `hold` or `file`; only the rules that differ from the catalogue.
    public var rules: [String: String]
    /// Rule P07; nil leaves it off. In the catalogue's currency.
    public var priceLimit: Double?
    /// Rule L05; empty lets every host pass with a warning.
    public var allowedHosts: [String]
    /// Rule L08: ids without a group that may share one link.
    public var idsPerLink = 1
    /// Rule M06: ids that may share one picture.
    public var idsPerPicture = 20
    /// Rule P08: currencies whose amounts may have any decimals.
    public var freeDecimals: [String] = []
    /// Bytes, inflated.
    public var maxFile: Int = 512 << 20
    /// Bytes.
    public var maxField: Int = 64 << 10
}

/// When a run waits for a person. Shares are 0...1 of the known catalogue.
public struct GuardSettings: Sendable, Equatable {
    public var isOn = true
    /// Products that the known catalogue is at least supposed to have.
    public var floor = 50
    public var outOfStock = 0.3
    public var priceMoves = 0.2
    public var samePrice = 0.2
    /// Times the items of a usual run.
    public var timesUsual = 10.0
    public var changed = 0.8
    public var unseen = 0.1
    /// Lower case; empty binds nothing.
    public var boundHosts: [String] = []
    /// ISO 4217.
    public var boundCurrency: String?
    public var boundWithout: [String] = []
}

public struct DeliverySettings: Sendable, Equatable {
    /// Items in a batch, 1...5000.
    public var batchSize: Int
    public var maxInFlight: Int
    public var pollInterval: Duration
    public var pollDeadline: Duration
    public var skipUnchanged: Bool
    public var requestTimeout: Duration
    public var throttleFloor: Duration
    public var patience: Duration
    public var body: Body

    public enum Body: String, Sendable, CaseIterable { case json, form }
}
