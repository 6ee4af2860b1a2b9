/// How much of one quota is used, as a usage header said. Meta sends them only once enough calls were made: no reading is not "0 %".
public struct UsageReading: Sendable, Equatable {
    /// Which quota: the entry's `type` as received for a business use case, else `app` or `ad_account`.
    public var quota: String
    /// The largest of calls, CPU time and wall time. 1 is the limit; Meta may report more.
    public var ratio: Double
    /// How long calls stay blocked. Nil where Meta says nothing or 0.
    public var regainAccess: Duration?

    public init(quota: String, ratio: Double, regainAccess: Duration? = nil) {
        self.quota = quota
        self.ratio = ratio
        self.regainAccess = regainAccess
    }
}
