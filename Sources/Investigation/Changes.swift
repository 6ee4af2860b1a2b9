public import CatalogSync
public import Engine
public import Events
public import ObjectStore

/// One field that sending an item changed. Nil: there was nothing, or it was cleared.
public struct FieldChange: Sendable, Equatable, Codable {
    public var field: String
    @Present public var old: String?
    @Present public var new: String?

    /// Stands for fields that are not known.
    public init(unknown words: String) { self.init(field: words, old: nil, new: nil) }

    init(field: String, old: String?, new: String?) {
        self.field = field
        _old = Present(wrappedValue: old)
        _new = Present(wrappedValue: new)
    }
}

/// What one sending changed of one product on Meta's side; `fields` is what changed against the item that Meta had accepted before.
public struct ProductChange: Sendable, Equatable, Codable {
    public var productID: String
    public var pipeline: String
    public var runID: String
    public var at: Timestamp
    /// Only what is `accepted` is sure to be on Meta's side.
    public var verdict: Receipt.End
    /// Nothing was accepted before, as far as is remembered.
    public var isNew: Bool
    /// The run that sent what it is compared with.
    @Present public var previousRunID: String?
    /// False: a batch object is gone (`retention`) or too many would have to be opened; the fields are not known.
    public var valuesKnown: Bool
    public var fields: [FieldChange]
    public var file: String
    public var row: Int

    enum CodingKeys: String, CodingKey {
        case productID = "product_id"
        case pipeline
        case runID = "run_id"
        case at, verdict
        case isNew = "is_new"
        case previousRunID = "previous_run_id"
        case valuesKnown = "values_known"
        case fields, file, row
    }
}

/// The answer to "what changed since?", newest run first.
public struct ChangeList: Sendable, Equatable {
    public var changes: [ProductChange] = []
    /// Products looked at, the changed ones among them.
    public var deliveries = 0
    /// There are more than were asked for, or than are looked at.
    public var isCut = false
}

/// Finds what changed from the deliveries that the ledger remembers and the batch objects of their runs.
public struct ChangeFinder: Sendable {
    private let questions: Questions
    private let store: any ObjectStore
    private let pipeline: String

    /// Batch objects opened for one answer; a batch has up to some MB.
    public static let mostBatches = 200
    /// Deliveries looked at for one answer.
    public static let mostDeliveries = 200_000
    /// Runs looked at for one answer.
    public static let mostRuns = 2_000
    private static let chunk = 5_000

    /// - Parameter store: the synced store of the pipeline.
    public init(_ questions: Questions, store: any ObjectStore, pipeline: String) {
        self.questions = questions
        self.store = store
        self.pipeline = pipeline
    }

    /// - Parameters:
    ///   - field: only changes of this field.
    ///   - limit: products told at most.
    public func changes(since: Timestamp, field: String?, limit: Int) async throws -> ChangeList {
        var list = ChangeList()
        var opener = BatchOpener(store: store, pipeline: pipeline, budget: Self.mostBatches)
        for run in try questions.ledger.runs(RunQuery(pipeline: pipeline, since: since, limit: Self.mostRuns)) {
            var after: String?
            while true {
                let deliveries = try questions.ledger.deliveries(of: run.runID, after: after, limit: Self.chunk)
                let found = try await changes(of: deliveries, by: run.runID, &opener)
                for change in found {
                    guard let shown = Self.shown(change, field) else { continue }
                    guard list.changes.count < limit else {
                        list.isCut = true
                        return list
                    }
                    list.changes.append(shown)
                }
                list.deliveries += deliveries.count
                if opener.isSpent || list.deliveries >= Self.mostDeliveries {
                    list.isCut = true
                    return list
                }
                guard deliveries.count == Self.chunk, let last = deliveries.last else { break }
                after = last.subject
            }
        }
        return list
    }

    /// What each delivery of a product changed, by run. Each batch object is opened once, although it is what one run sent and what the next one is
    /// held against.
    public func changes(of productID: String, in runIDs: [String]) async throws -> [String: ProductChange] {
        var opener = BatchOpener(store: store, pipeline: pipeline, budget: Self.mostBatches)
        var steps: [(runID: String, step: Step)] = []
        for runID in runIDs {
            let step = try step(try questions.ledger.deliveries(of: runID, only: productID), by: runID)
            if !step.deliveries.isEmpty { steps.append((runID, step)) }
        }
        let items = try await opener.open(steps.reduce(into: [:]) { all, next in all.merge(next.step.wanted) { $0.union($1) } })
        var found: [String: ProductChange] = [:]
        for (runID, step) in steps { for change in changes(of: step, by: runID, items, opener) { found[runID] = change } }
        return found
    }

    /// Sent as it was before is no change; what is not known may be one.
    private static func shown(_ change: ProductChange, _ field: String?) -> ProductChange? {
        var change = change
        if let field { change.fields = change.fields.filter { $0.field == field } }
        if !change.valuesKnown { return change }
        return change.fields.isEmpty ? nil : change
    }

    /// Deliveries of one run, what was accepted of their products before, and which batch objects tell it.
    private struct Step {
        var deliveries: [Delivery]
        var before: [String: Delivery]
        var wanted: [SentItems.Place: Set<String>]
    }

    private func step(_ deliveries: [Delivery], by runID: String) throws -> Step {
        let before = try questions.ledger.lastDeliveries(deliveries.map(\.subject), pipeline: pipeline, onlyAccepted: true, beforeRun: runID)
        var wanted: [SentItems.Place: Set<String>] = [:]
        for delivery in deliveries + before.values {
            if let place = SentItems.Place(delivery, pipeline: pipeline) { wanted[place, default: []].insert(delivery.subject) }
        }
        return Step(deliveries: deliveries, before: before, wanted: wanted)
    }

    private func changes(of deliveries: [Delivery], by runID: String, _ opener: inout BatchOpener) async throws -> [ProductChange] {
        let step = try step(deliveries, by: runID)
        let items = try await opener.open(step.wanted)
        return changes(of: step, by: runID, items, opener)
    }

    private func changes(
        of step: Step, by runID: String, _ items: [SentItems.Place: [String: ItemFields]], _ opener: BatchOpener
    ) -> [ProductChange] {
        step.deliveries.compactMap { delivery in
            let old = step.before[delivery.subject]
            let new = SentItems.Place(delivery, pipeline: pipeline).flatMap { items[$0]?[delivery.subject] }
            let known = old.flatMap { SentItems.Place($0, pipeline: pipeline) }.flatMap { items[$0]?[delivery.subject] }
            // What was not opened for want of budget is not "no longer kept": the list ends before it.
            guard !opener.hasLeft([delivery] + (old.map { [$0] } ?? [])) else { return nil }
            let isKnown = new != nil && (old == nil || known != nil)
            return ProductChange(
                productID: delivery.subject, pipeline: pipeline, runID: runID, at: delivery.at, verdict: delivery.end, isNew: old == nil,
                previousRunID: old?.runID, valuesKnown: isKnown, fields: isKnown ? new?.changes(from: known) ?? [] : [], file: delivery.file,
                row: delivery.row)
        }
    }
}

/// Opens batch objects, as many as its budget allows.
private struct BatchOpener {
    let store: any ObjectStore
    let pipeline: String
    var budget: Int
    /// Places that were not opened because the budget was spent.
    private var left: Set<SentItems.Place> = []

    init(store: any ObjectStore, pipeline: String, budget: Int) {
        self.store = store
        self.pipeline = pipeline
        self.budget = budget
    }

    var isSpent: Bool { !left.isEmpty }

    func hasLeft(_ deliveries: [Delivery]) -> Bool {
        isSpent && deliveries.contains { SentItems.Place($0, pipeline: pipeline).map(left.contains) ?? false }
    }

    /// Batch objects opened at once.
    private static let atOnce = 8

    mutating func open(_ wanted: [SentItems.Place: Set<String>]) async throws -> [SentItems.Place: [String: ItemFields]] {
        let places = wanted.sorted(by: { ($1.key.runID, $0.key.batch) < ($0.key.runID, $1.key.batch) })
        let opened = places.prefix(max(0, budget))
        left.formUnion(places.dropFirst(opened.count).map(\.key))
        budget -= opened.count
        let sent = SentItems(store: store, pipeline: pipeline)
        return try await withThrowingTaskGroup(of: (SentItems.Place, [String: ItemFields]).self) { group in
            var found: [SentItems.Place: [String: ItemFields]] = [:]
            for (number, (place, ids)) in opened.enumerated() {
                if number >= Self.atOnce, let (done, fields) = try await group.next() { found[done] = fields }
                group.addTask { (place, try await sent.items(ids, at: place).compactMapValues(ItemFields.init)) }
            }
            for try await (done, fields) in group { found[done] = fields }
            return found
        }
    }
}
