import Engine

/// What is known of a catalogue before a run: guards hold the run against it.
struct KnownCatalogue: Equatable {
    /// Products that were ever sent.
    var products = 0
    /// Items of a usual run; nil without enough runs to say.
    var usualItems: Int?
    /// Hosts and currencies of what was sent. Empty: not known; as many hosts as are remembered: there are more, and a new one says nothing.
    var hosts: Set<String> = []
    var currencies: Set<String> = []

    /// Runs looked at for the usual one, and the fewest that tell.
    static let runsAsked = 20
    static let fewestRuns = 5

    /// The median; of an even number the upper one.
    static func usual(_ loads: [Int]) -> Int? { loads.count < fewestRuns ? nil : loads.sorted()[loads.count / 2] }
}

/// Kinds of what the ledger remembers as seen in a pipeline.
enum SeenKind: String, CaseIterable {
    case host, currency
    /// Words of one kind that are remembered.
    static let most = 1_000
}

extension Ledger {
    func knownCatalogue(_ pipeline: String) throws -> KnownCatalogue {
        KnownCatalogue(
            products: try sentCount(pipeline: pipeline),
            usualItems: KnownCatalogue.usual(try loads(pipeline: pipeline, limit: KnownCatalogue.runsAsked)),
            hosts: try seen(SeenKind.host.rawValue, pipeline: pipeline), currencies: try seen(SeenKind.currency.rawValue, pipeline: pipeline))
    }
}
