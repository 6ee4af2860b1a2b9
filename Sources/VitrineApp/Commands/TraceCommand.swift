import CatalogSync
public import Engine
import Events
import Investigation
import Settings

/// `vitrine trace PRODUCT_ID`: everything that ever happened to a product: file, row, batch, handle, and what Meta said.
public struct TraceCommand: Sendable {
    private let productID: String
    private let pipeline: String?
    private let options: CommonOptions

    /// Entries shown.
    private static let limit = 50
    /// Of the newest so many sendings it is told what they changed: each may open two batch objects.
    private static let compared = 10

    public init(productID: String, pipeline: String?, options: CommonOptions) {
        self.productID = productID
        self.pipeline = pipeline
        self.options = options
    }

    private struct Document: Encodable {
        struct Now: Encodable {
            let pipeline: String
            let state: SubjectState
            let since: Timestamp
            let file: String
            let row: Int
            let run_id: String
            @Present var message: String?
        }

        struct Entry: Encodable {
            let run_id: String
            let pipeline: String
            let at: Timestamp
            let outcome: Receipt.End
            let warned: Bool
            let file: String
            let row: Int
            @Present var version: String?
            @Present var batch: String?
            @Present var handle: String?
            @Present var posted_at: Timestamp?
            @Present var verdict_at: Timestamp?
            let messages: [String]
            let rules: [String]
            @Present var superseded_by: String?
            /// What sending it changed against what Meta had accepted before; null where nothing was sent, or beyond the newest few.
            @Present var changes: Changes?
        }

        struct Changes: Codable, Equatable, Sendable {
            let is_new: Bool
            @Present var previous_run_id: String?
            /// False: the batch objects are gone.
            let values_known: Bool
            let fields: [FieldChange]
        }

        let product_id: String
        let now: [Now]
        let history: [Entry]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(product_id: "", now: [], history: [])) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let pipelines = try loaded.pipelines(named: pipeline)
            let finder = try await RunFinder(loaded: loaded, pipelines: pipelines)
            let open = await finder.unfinished()
            let history = try finder.ledger?.history(of: productID, pipeline: pipeline, limit: Self.limit) ?? []
            guard let ledger = finder.ledger, !history.isEmpty else { throw try stranger(open, finder) }
            let now = try pipelines.compactMap { pipeline in
                try ledger.subjects([productID], pipeline: pipeline.name)[productID].map { (pipeline.name, $0) }
            }
            let changes = try await changes(history, pipelines, loaded, Questions(ledger: ledger))
            var outcome = Outcome(code: .success, text: text(now, history, changes), json: JSONDocument.bytes(document(now, history, changes)))
            outcome.notes = open.map { "\(Self.words($0)): what it does with this product is not in here." }
            return outcome
        } catch {
            return .failure(RunStop(appError: error), Document(product_id: productID, now: [], history: []))
        }
    }

    private func stranger(_ open: [OpenRun], _ finder: RunFinder) throws -> RunStop {
        guard finder.ledger != nil || !open.isEmpty else { return try finder.nothingKnown }
        let doubt = open.map { "; \(Self.words($0)), so it may be in there" }.joined()
        return RunStop(
            .usage, reason: "product", culprit: productID, detail: "no run that has ended has met this product id\(doubt)",
            remedy: "Ids are compared letter by letter; look at the id column of your file.")
    }

    private static func words(_ run: OpenRun) -> String { "run \(run.folder.runID) has no end yet" }

    /// By run.
    private func changes(
        _ history: [HistoryEntry], _ pipelines: [PipelineSettings], _ loaded: LoadedSettings, _ questions: Questions
    ) async throws -> [String: ProductChange] {
        let sent = history.filter { [.accepted, .refused, .unknown].contains($0.receipt.end) }.prefix(Self.compared)
        let factory = PipelineFactory(loaded: loaded, world: .real)
        var found: [String: ProductChange] = [:]
        for pipeline in pipelines {
            let finder = ChangeFinder(questions, store: try factory.synced(pipeline), pipeline: pipeline.name)
            let runs = sent.filter { $0.pipeline == pipeline.name }.map(\.runID)
            found.merge(try await finder.changes(of: productID, in: runs)) { first, _ in first }
        }
        return found
    }

    private func text(_ now: [(String, Subject)], _ history: [HistoryEntry], _ changes: [String: ProductChange]) -> String {
        var lines = [Shown.isolated(productID)]
        for (pipeline, subject) in now {
            lines.append("  now in \(pipeline): \(Self.words(subject.state)) since \(subject.since.rfc3339), from \(Shown.isolated(subject.file)):\(subject.row)")
        }
        for entry in history {
            let receipt = entry.receipt
            lines += ["", "  \(receipt.at.rfc3339)  run \(entry.runID)  \(Self.words(receipt.end))\(receipt.warned ? ", with a warning" : "")"]
            lines.append("    row      \(Shown.isolated(receipt.file)):\(receipt.row)\(receipt.version.map { "  (version \($0))" } ?? "")")
            if let newer = receipt.newer { lines.append("    newer    \(Shown.isolated(newer))") }
            if let parcel = receipt.parcel { lines.append("    batch    \(parcel)\(receipt.handle.map { "  handle \($0)" } ?? "")") }
            if let posted = entry.postedAt {
                lines.append("    sent     \(posted.rfc3339)\(entry.endedAt.map { ", verdict \($0.rfc3339)" } ?? "")")
            }
            if !receipt.rules.isEmpty { lines.append("    rules    \(receipt.rules.joined(separator: ", "))") }
            let label = receipt.end == .rejected ? "mend     " : "Meta     "
            lines += receipt.messages.map { "    \(label)\(Shown.isolated($0, limit: 1000))" }
            if receipt.parcel != nil, let change = changes[entry.runID] {
                lines += ChangeText.lines(change, indent: "    changed  ", brief: true)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func document(_ now: [(String, Subject)], _ history: [HistoryEntry], _ changes: [String: ProductChange]) -> Document {
        Document(
            product_id: productID,
            now: now.map { pipeline, subject in
                .init(
                    pipeline: pipeline, state: subject.state, since: subject.since, file: subject.file, row: subject.row, run_id: subject.runID,
                    message: subject.message)
            },
            history: history.map { entry in
                let receipt = entry.receipt
                return .init(
                    run_id: entry.runID, pipeline: entry.pipeline, at: receipt.at, outcome: receipt.end, warned: receipt.warned,
                    file: receipt.file, row: receipt.row, version: receipt.version, batch: receipt.parcel, handle: receipt.handle,
                    posted_at: entry.postedAt, verdict_at: entry.endedAt, messages: receipt.messages, rules: receipt.rules,
                    superseded_by: receipt.newer,
                    changes: receipt.parcel == nil
                        ? nil
                        : changes[entry.runID].map {
                            .init(is_new: $0.isNew, previous_run_id: $0.previousRunID, values_known: $0.valuesKnown, fields: $0.fields)
                        })
            })
    }

    private static func words(_ state: SubjectState) -> String {
        switch state {
        case .accepted: "accepted by Meta"
        case .refused: "refused by Meta"
        case .rejected: "its newest row was rejected by our checks"
        case .unknown: "unknown: sent, no verdict"
        }
    }

    private static func words(_ end: Receipt.End) -> String {
        switch end {
        case .accepted: "accepted by Meta"
        case .refused: "REFUSED by Meta"
        case .rejected: "REJECTED by our checks, not sent"
        case .superseded: "superseded by a newer row"
        case .unchanged: "unchanged, not sent"
        case .held: "held"
        case .pending: "not sent yet"
        case .unknown: "sent, no verdict"
        }
    }
}
