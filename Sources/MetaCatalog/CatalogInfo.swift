/// What the catalogue says about itself; proof that address, token and permission fit together.
public struct CatalogInfo: Sendable, Equatable {
    public var id: String
    public var name: String?
    /// Products Meta counts in it.
    public var productCount: Int?

    public init(id: String, name: String? = nil, productCount: Int? = nil) {
        self.id = id
        self.name = name
        self.productCount = productCount
    }
}

public enum CatalogOutcome: Sendable {
    case answered(CatalogInfo, CallInfo)
    case failed(CallFailure)
}
