/// What `items_batch` answered. HTTP 200 is not acceptance: without a handle nothing was ingested, and single items can be refused beside one.
public struct BatchAnswer: Sendable, Equatable {
    /// Meta's receipt. Nil where the answer's `handles` is absent or empty: nothing of this batch was taken.
    public var handle: String?
    /// Only the items about which Meta has something to say.
    public var verdicts: [InlineVerdict]

    public init(handle: String?, verdicts: [InlineVerdict] = []) {
        self.handle = handle
        self.verdicts = verdicts
    }
}

/// One entry of `validation_status`.
public struct InlineVerdict: Sendable, Equatable {
    /// Nil where Meta names no item (absent or empty), as it does when it found no `id`.
    public var retailerID: String?
    public var errors: [String]
    public var warnings: [String]

    public init(retailerID: String?, errors: [String] = [], warnings: [String] = []) {
        self.retailerID = retailerID
        self.errors = errors
        self.warnings = warnings
    }
}

public enum SendOutcome: Sendable {
    case answered(BatchAnswer, CallInfo)
    case failed(CallFailure)
}
