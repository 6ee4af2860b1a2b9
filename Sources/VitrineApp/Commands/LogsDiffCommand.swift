import CatalogSync
public import Engine
import Events
import Investigation

/// `vitrine logs diff RUN1 RUN2`: products whose outcome changed, from the ledger and not from the log.
public struct LogsDiffCommand: Sendable {
    private let first: String
    private let second: String
    private let limit: Int
    private let options: CommonOptions

    /// - Parameter limit: products told.
    public init(first: String, second: String, limit: Int, options: CommonOptions) {
        self.first = first
        self.second = second
        self.limit = limit
        self.options = options
    }

    private struct Document: Encodable {
        let first_run_id: String
        let second_run_id: String
        @Present var pipeline: String?
        let changed: Int
        let is_cut: Bool
        let groups: [OutcomeDiff.Group]
        let products: [OutcomeChange]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(first_run_id: "", second_run_id: "", pipeline: nil, changed: 0, is_cut: false, groups: [], products: [])) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let ledger = try await LedgerReader(loaded: loaded).ledger()
            let (from, to) = (try run(first, in: ledger), try run(second, in: ledger))
            guard from.pipeline == to.pipeline else {
                throw RunStop(
                    .usage, reason: "run", culprit: "\(first) \(second)", detail: "they are runs of two pipelines, \(from.pipeline) and \(to.pipeline)",
                    remedy: "Name two runs of one pipeline. See: vitrine runs \(from.pipeline)")
            }
            let diff = try Questions(ledger: ledger).outcomeDiff(from: from, to: to, limit: limit)
            let document = Document(
                first_run_id: from.runID, second_run_id: to.runID, pipeline: from.pipeline, changed: diff.count, is_cut: diff.isCut, groups: diff.groups,
                products: diff.products)
            var outcome = Outcome(code: .success, text: text(diff, from, to), json: JSONDocument.bytes(document))
            outcome.csv = csv(diff, from.pipeline)
            return outcome
        } catch {
            let empty = Document(first_run_id: first, second_run_id: second, pipeline: nil, changed: 0, is_cut: false, groups: [], products: [])
            return .failure(RunStop(appError: error), empty)
        }
    }

    private func run(_ id: String, in ledger: Ledger) throws -> RunFacts {
        let found = id == "last" ? try ledger.runs(pipeline: nil, limit: 1).first : try ledger.run(id)
        guard let found else { throw RunStop(.usage, reason: "run", culprit: id, detail: "no such run is known", remedy: "See: vitrine runs") }
        return found
    }

    private func text(_ diff: OutcomeDiff, _ from: RunFacts, _ to: RunFacts) -> String {
        var lines = ["\(from.pipeline): \(from.runID) → \(to.runID)"]
        guard diff.count > 0 else { return lines[0] + "\nNo product has another outcome.\n" }
        lines.append("\(diff.count) \(diff.count == 1 ? "product has" : "products have") another outcome:")
        let products = Dictionary(diff.products.map { ($0.productID, $0) }, uniquingKeysWith: { first, _ in first })
        for group in diff.groups {
            lines += ["", "  \(group.count) ×  \(Self.words(group.before)) → \(Self.words(group.after))"]
            for id in group.examples { lines.append("      " + Self.line(id, products[id]?.after)) }
            if group.count > group.examples.count { lines.append("      and \(group.count - group.examples.count) more: --output csv") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ id: String, _ after: OutcomeChange.Known?) -> String {
        guard let after else { return Shown.isolated(id) }
        let message = after.message.map { "  " + Shown.isolated($0, limit: 160) } ?? ""
        return "\(Shown.isolated(id))  \(Shown.isolated(after.file)):\(after.row)\(message)"
    }

    private static func words(_ end: Receipt.End?) -> String {
        switch end {
        case nil: "not met yet"
        case .accepted: "accepted"
        case .refused: "refused by Meta"
        case .rejected: "rejected by our checks"
        case .unknown: "no verdict"
        case .superseded, .unchanged, .held, .pending: end?.rawValue ?? ""
        }
    }

    private func csv(_ diff: OutcomeDiff, _ pipeline: String) -> [UInt8] {
        var sheet = SpreadsheetCSV(header: ["pipeline", "product_id", "before", "after", "run_id", "file", "row", "message"])
        for product in diff.products {
            let after = product.after
            sheet.append([
                pipeline, product.productID, product.before?.outcome.rawValue ?? "", after?.outcome.rawValue ?? "", after?.runID ?? "", after?.file ?? "",
                after.map { String($0.row) } ?? "", after?.message ?? "",
            ])
        }
        return sheet.bytes
    }
}
