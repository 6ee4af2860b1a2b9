public import Feed

/// Everything that shapes one pipeline. The settings file is one way to make it, the demo another.
public struct CatalogSyncConfiguration: Sendable {
    public var pipeline: String
    /// Digits.
    public var catalogID: String
    public var feed = FeedOptions()
    public var validation = Validation()
    public var guards = Guards()
    public var delivery = Delivery()
    /// A digest of the settings that judge and shape rows. When it changes, refused products are sent once more.
    public var settingsFingerprint = ""
    /// Threads that scan, at least 1.
    public var workers = 1
    public var version = "0"
    /// How `report.html` shows times and products.
    public var presentation = Presentation()

    public struct Validation: Sendable {
        /// Any refused row or file stops the run.
        public var strict = false
        /// 0…1; above it, and at `rejectedFloor` rows, the run is `validation_failed`.
        public var maxRejectedShare = 0.2
        /// Rows.
        public var rejectedFloor = 20
        /// The share of the price sent last by which a price may move before rule P13 tells, above 0.
        public var maxPriceMove = 0.6
        public init() {}
    }

    /// When a run waits for a person before it sends anything. Shares are of the known catalogue, each 0…1 and spoken of above it.
    public struct Guards: Sendable, Equatable {
        public var isOn = true
        /// Products that the known catalogue is at least supposed to have: a share of three products says nothing.
        public var floor = 50
        /// P14: known products given one and the same new price.
        public var samePrice = 0.2
        /// P15: known products whose price moves by more than `Validation.maxPriceMove`.
        public var priceMoves = 0.2
        /// V06: known products that turn out of stock.
        public var outOfStock = 0.3
        /// X02: times the items of a usual run.
        public var timesUsual = 10.0
        /// X03: known products that change.
        public var changed = 0.8
        /// X08, X09: products with a host or currency never seen.
        public var unseen = 0.1
        public var bound = Bound()
        public init() {}

        /// X10: what belongs into this catalogue, and nothing else does. Nil and empty bind nothing.
        public struct Bound: Sendable, Equatable {
            /// As items carry them (`ItemHosts.normal`); a subdomain of one belongs too.
            public var hosts: [String] = []
            /// ISO 4217.
            public var currency: String?
            /// Words that no host and no file has in its name, such as `staging`.
            public var without: [String] = []
            public init() {}
        }
    }

    public struct Delivery: Sendable {
        /// Items, 1…5000.
        public var batchSize = 3000
        /// Bytes of one request's body. Meta's limit is 28 MB; the rest of the body around the items is allowed for.
        public var batchBytes = 27_900_000
        /// Batches posted at the same time, at least 1.
        public var maxInFlight = 1
        public var pollInterval = Duration.seconds(2)
        public var pollDeadline = Duration.seconds(30 * 60)
        public var skipUnchanged = true
        public var throttleFloor = Duration.seconds(60)
        /// A longer wait ends the run with 75.
        public var patience = Duration.seconds(15 * 60)
        /// Tries of one request after answers that say nothing about its items, the first one included.
        public var attempts = 6
        /// The first pause between two tries; it doubles.
        public var backoff = Duration.seconds(1)
        public var longestBackoff = Duration.seconds(30)
        /// A handle still open after this is resent once, then its items are closed as unknown.
        public var abandonAfter = Duration.seconds(24 * 3600)
        public init() {}
    }

    public init(pipeline: String, catalogID: String) {
        self.pipeline = pipeline
        self.catalogID = catalogID
    }
}
