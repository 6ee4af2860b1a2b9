import CatalogSync
public import Engine
import Events
import Investigation
import Settings

/// `vitrine products`: which products are not live now, since when, why, and what to do about them.
public struct ProductsCommand: Sendable {
    /// What `--state` takes.
    public enum Choice: String, Sendable, CaseIterable {
        case refused, rejected, unknown, accepted
        case notLive = "not-live"

        var states: Set<SubjectState> {
            switch self {
            case .refused: [.refused]
            case .rejected: [.rejected]
            case .unknown: [.unknown]
            case .accepted: [.accepted]
            case .notLive: SubjectState.notLive
            }
        }

        var words: String {
            switch self {
            case .refused: "refused by Meta"
            case .rejected: "rejected by our checks"
            case .unknown: "without a verdict"
            case .accepted: "accepted by Meta"
            case .notLive: "not live"
            }
        }
    }

    private let choice: Choice
    private let pipeline: String?
    private let text: String?
    private let limit: Int
    private let options: CommonOptions

    /// - Parameters:
    ///   - text: only products whose id or message has it.
    ///   - limit: of each pipeline.
    public init(choice: Choice, pipeline: String?, text: String?, limit: Int, options: CommonOptions) {
        self.choice = choice
        self.pipeline = pipeline
        self.text = text
        self.limit = limit
        self.options = options
    }

    private struct Document: Encodable {
        let state: String
        /// Of all pipelines; null where a text was searched for.
        @Present var total: Int?
        let remedies: [RemedyGroup]
        let products: [Product]
    }

    private struct Answer {
        let pipeline: String
        let counts: [SubjectState: Int]
        let remedies: [RemedyGroup]
        let page: ProductPage
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(state: "", total: nil, remedies: [], products: [])) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let pipelines = try loaded.pipelines(named: pipeline)
            let questions = Questions(ledger: try await LedgerReader(loaded: loaded).ledger())
            let answers = try pipelines.map { pipeline in
                Answer(
                    pipeline: pipeline.name, counts: try questions.productCounts(pipeline: pipeline.name),
                    remedies: try questions.remedies(pipeline: pipeline.name, states: choice.states),
                    page: try questions.products(SubjectQuery(pipeline: pipeline.name, states: choice.states, text: text, limit: limit)))
            }
            let totals = answers.compactMap(\.page.total)
            let document = Document(
                state: choice.rawValue, total: totals.count == answers.count ? totals.reduce(0, +) : nil,
                remedies: answers.flatMap(\.remedies), products: answers.flatMap(\.page.products))
            var outcome = Outcome(
                code: .success, text: answers.map(words).joined(separator: "\n"), json: JSONDocument.bytes(document))
            outcome.csv = SpreadsheetCSV.products(document.products)
            return outcome
        } catch {
            return .failure(RunStop(appError: error), Document(state: choice.rawValue, total: nil, remedies: [], products: []))
        }
    }

    private func words(_ answer: Answer) -> String {
        let counts = SubjectState.allCases.map { "\(answer.counts[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
        var lines = ["\(answer.pipeline): \(counts)"]
        let shown = answer.page.products
        guard !shown.isEmpty else {
            lines += ["", "  No product \(text == nil ? "" : "with '\(text ?? "")' in its id or message ")is \(choice.words)."]
            return lines.joined(separator: "\n") + "\n"
        }
        if choice != .accepted, text == nil { lines += remedyLines(answer.remedies) }
        lines += ["", "  Products \(choice.words):"]
        for product in shown {
            lines.append("    \(Shown.isolated(product.productID))  \(product.state.rawValue) since \(product.since.rfc3339)  \(Shown.isolated(product.file)):\(product.row)")
            if let message = product.message { lines.append("        \(Shown.isolated(message, limit: 1000))") }
        }
        if answer.page.next != nil {
            let total = answer.page.total.map { " of \($0)" } ?? ""
            lines += ["", "  Shown: the first \(shown.count)\(total). More: --limit N, all of them for a spreadsheet: --output csv --limit \(SubjectQuery.mostAtOnce)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Remedies shown; the others are summed up.
    private static let mostRemedies = 12

    private func remedyLines(_ remedies: [RemedyGroup]) -> [String] {
        var lines = ["", "  What to do:"]
        for group in remedies.prefix(Self.mostRemedies) {
            let number = String(group.count)
            lines.append("    \(String(repeating: " ", count: max(0, 5 - number.count)))\(number) ×  \(group.remedy.title) (\(group.state.rawValue))")
            lines.append("             → \(group.remedy.action)")
        }
        let rest = remedies.dropFirst(Self.mostRemedies)
        if !rest.isEmpty { lines.append("    and \(rest.reduce(0) { $0 + $1.count }) more with \(rest.count) other causes") }
        return lines
    }
}
