public import CatalogSync
public import Engine

/// A product that stands otherwise after one run than after another.
public struct OutcomeChange: Sendable, Equatable, Codable {
    /// The last word on the product until a run, that run's own with it.
    public struct Known: Sendable, Equatable, Codable {
        public var outcome: Receipt.End
        /// The run that said it.
        public var runID: String
        public var file: String
        public var row: Int
        @Present public var message: String?

        enum CodingKeys: String, CodingKey {
            case outcome
            case runID = "run_id"
            case file, row, message
        }
    }

    public var productID: String
    /// Null: no run had met it.
    @Present public var before: Known?
    @Present public var after: Known?

    enum CodingKeys: String, CodingKey {
        case productID = "product_id"
        case before, after
    }
}

/// Products whose outcome differs between two runs.
public struct OutcomeDiff: Sendable, Equatable {
    /// All changes from one outcome to another.
    public struct Group: Sendable, Equatable, Codable {
        /// Null: no run had met them.
        @Present public var before: Receipt.End?
        @Present public var after: Receipt.End?
        public var count: Int
        /// Product ids.
        public var examples: [String]
    }

    /// The most frequent first.
    public var groups: [Group] = []
    /// By product id, at most as many as were asked for.
    public var products: [OutcomeChange] = []
    public var count: Int { groups.reduce(0) { $0 + $1.count } }
    public var isCut: Bool { products.count < count }
}

extension Questions {
    /// Examples of a group.
    public static let mostExamples = 5

    /// What stands otherwise after `second` than after `first`, two runs of one pipeline. A product that neither run nor one between has met is as
    /// it was. Meant for runs in this order; the other way round it tells the way back.
    public func outcomeDiff(from first: RunFacts, to second: RunFacts, limit: Int) throws -> OutcomeDiff {
        var diff = OutcomeDiff()
        var groups: [[Receipt.End?]: OutcomeDiff.Group] = [:]
        try ledger.forEachEndChange(pipeline: first.pipeline, between: first.startedAt, and: second.startedAt) { change in
            let (before, after) = (change.before?.end, change.after?.end)
            groups[[before, after], default: .init(before: before, after: after)].add(change.subject)
            if diff.products.count < limit { diff.products.append(OutcomeChange(change)) }
        }
        diff.groups = groups.values.sorted { ($1.count, $0.order) < ($0.count, $1.order) }
        return diff
    }
}

extension OutcomeDiff.Group {
    fileprivate init(before: Receipt.End?, after: Receipt.End?) {
        self.init(before: Present(wrappedValue: before), after: Present(wrappedValue: after), count: 0, examples: [])
    }

    private init(before: Present<Receipt.End>, after: Present<Receipt.End>, count: Int, examples: [String]) {
        _before = before
        _after = after
        self.count = count
        self.examples = examples
    }

    fileprivate var order: String { "\(before?.rawValue ?? "")>\(after?.rawValue ?? "")" }

    fileprivate mutating func add(_ product: String) {
        count += 1
        if examples.count < Questions.mostExamples { examples.append(product) }
    }
}

extension OutcomeChange {
    fileprivate init(_ change: EndChange) {
        productID = change.subject
        _before = Present(wrappedValue: change.before.map(Known.init))
        _after = Present(wrappedValue: change.after.map(Known.init))
    }
}

extension OutcomeChange.Known {
    fileprivate init(_ known: KnownEnd) {
        outcome = known.end
        runID = known.runID
        file = known.file
        row = known.row
        _message = Present(wrappedValue: known.message)
    }
}
