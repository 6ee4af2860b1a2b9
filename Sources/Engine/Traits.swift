/// What a pipeline wants remembered of what was sent last for a subject, to hold the next against it. What the parts mean is the pipeline's
/// own; nil says that there is nothing to compare.
public struct Traits: Sendable, Equatable {
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

extension Traits: KeptLine {
    public func write(to line: inout KeptLineWriter) {
        line.field("amount", amount)
        line.field("likeness", likeness)
        line.field("standing", standing)
        line.field("unit", unit)
    }

    public init(from line: inout KeptLineReader) throws {
        amount = try line.numberIfAny("amount")
        likeness = try line.fingerprintIfAny("likeness")
        standing = try line.textIfAny("standing")
        unit = try line.textIfAny("unit")
    }
}
