/// What a pipeline wants remembered of what was sent last for a subject, to hold the next against it. What the parts mean is the pipeline's
/// own; nil says that there is nothing to compare.
public struct Traits: Sendable, Equatable, Codable {
    /// Equal for two subjects that are probably one under two ids.
    public var likeness: Fingerprint?
    /// A quantity in the smallest part of `unit`; for money the minor units of a currency.
    public var amount: Int64?
    public var unit: String?
    /// A word of a short list, such as whether it can be had.
    public var standing: String?

    public init(likeness: Fingerprint? = nil, amount: Int64? = nil, unit: String? = nil, standing: String? = nil) {
        self.likeness = likeness
        self.amount = amount
        self.unit = unit
        self.standing = standing
    }
}
