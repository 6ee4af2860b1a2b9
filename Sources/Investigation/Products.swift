public import CatalogSync
public import Engine
public import Events

/// A product as it stands now: since when, why, from which row, and what to do about it.
public struct Product: Sendable, Equatable, Codable {
    public var productID: String
    public var pipeline: String
    public var state: SubjectState
    /// When it came into this state.
    public var since: Timestamp
    /// What Meta said, or what our checks found. Nil for an accepted product without a remark, and where nothing was said.
    @Present public var message: String?
    public var remedy: Remedy
    /// The newest row that said something about it.
    public var file: String
    public var row: Int
    public var runID: String

    enum CodingKeys: String, CodingKey {
        case productID = "product_id"
        case pipeline, state, since, message, remedy, file, row
        case runID = "run_id"
    }

    init(_ subject: Subject, pipeline: String) {
        productID = subject.id
        self.pipeline = pipeline
        state = subject.state
        since = subject.since
        message = subject.message
        remedy = Remedy.of(subject.state, cause: subject.cause)
        file = subject.file
        row = subject.row
        runID = subject.runID
    }
}

/// Some products of a question, in the order of state and id.
public struct ProductPage: Sendable, Equatable {
    public var products: [Product]
    /// Of the whole question. Nil beyond the first page and where a text was searched for, since counting would look at each product.
    public var total: Int?
    /// Where the next page begins; nil: this is the last one.
    public var next: SubjectCursor?
}

/// Products that are not live for the same reason.
public struct RemedyGroup: Sendable, Equatable, Codable {
    public var state: SubjectState
    public var remedy: Remedy
    public var count: Int
    /// The first product by id.
    public var example: String
}

extension SubjectState {
    /// The states of products that the newest row did not bring live.
    public static let notLive: Set<SubjectState> = [.refused, .rejected, .unknown]
}

extension Questions {
    /// Which products are in some state now, page by page.
    public func products(_ query: SubjectQuery) throws -> ProductPage {
        let subjects = try ledger.subjects(query)
        let isCounted = query.after == nil && query.text?.isEmpty != false
        let isLast = subjects.count < query.limit
        return ProductPage(
            products: subjects.map { Product($0, pipeline: query.pipeline) },
            total: isCounted ? (isLast ? subjects.count : try ledger.subjectCount(query)) : nil,
            next: isLast ? nil : subjects.last.map { SubjectCursor(state: $0.state, id: $0.id) })
    }

    /// One product, by its exact id.
    public func product(_ id: String, pipeline: String) throws -> Product? {
        try ledger.subjects([id], pipeline: pipeline)[id].map { Product($0, pipeline: pipeline) }
    }

    public func productCounts(pipeline: String) throws -> [SubjectState: Int] { try ledger.subjectCounts(pipeline: pipeline) }

    /// Remedies told of each state at most.
    public static let mostRemedies = 200

    /// The products that are not live by what is to be done about them, the most frequent first: "112 × No brand".
    public func remedies(pipeline: String, states: Set<SubjectState> = SubjectState.notLive) throws -> [RemedyGroup] {
        try ledger.causeCounts(pipeline: pipeline, states: states, limit: Self.mostRemedies).map {
            RemedyGroup(state: $0.state, remedy: Remedy.of($0.state, cause: $0.cause), count: $0.count, example: $0.example)
        }
    }

    /// Everything that ever happened to a product, newest first.
    public func history(of id: String, pipeline: String?, limit: Int) throws -> [HistoryEntry] {
        try ledger.history(of: id, pipeline: pipeline, limit: limit)
    }
}
