import CatalogSync
public import Engine
import Events
import Investigation
import Settings

/// `vitrine changes --since 6h`: what changed on Meta's side by our doing.
public struct ChangesCommand: Sendable {
    private let since: String
    private let field: String?
    private let pipeline: String?
    private let limit: Int
    private let options: CommonOptions
    private let world: World

    /// - Parameters:
    ///   - since: `6h`, `2d`: so long ago.
    ///   - field: a name as it is sent, such as `availability`.
    ///   - limit: products of each pipeline.
    public init(since: String, field: String?, pipeline: String?, limit: Int, options: CommonOptions, world: World = .real) {
        self.since = since
        self.field = field
        self.pipeline = pipeline
        self.limit = limit
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        @Present var since: Timestamp?
        @Present var field: String?
        /// Items sent since then, the unchanged ones among them.
        let items_sent: Int
        /// There is more than is told here.
        let is_cut: Bool
        let changes: [ProductChange]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(since: nil, field: nil, items_sent: 0, is_cut: false, changes: [])) }

    public func execute() async -> Outcome {
        do {
            let from = try world.now() + (.zero - Self.length(since))
            let loaded = try LoadedSettings.load(options.config)
            let pipelines = try loaded.pipelines(named: pipeline)
            let questions = Questions(ledger: try await LedgerReader(loaded: loaded).ledger())
            let factory = PipelineFactory(loaded: loaded, world: world)
            var lists: [ChangeList] = []
            for pipeline in pipelines {
                let finder = ChangeFinder(questions, store: try factory.synced(pipeline), pipeline: pipeline.name)
                lists.append(try await finder.changes(since: from, field: field, limit: limit))
            }
            let changes = lists.flatMap(\.changes)
            let isCut = lists.contains(where: \.isCut)
            let document = Document(since: from, field: field, items_sent: lists.reduce(0) { $0 + $1.deliveries }, is_cut: isCut, changes: changes)
            var outcome = Outcome(code: .success, text: text(changes, from, isCut), json: JSONDocument.bytes(document))
            outcome.csv = csv(changes)
            return outcome
        } catch {
            return .failure(RunStop(appError: error), Document(since: nil, field: field, items_sent: 0, is_cut: false, changes: []))
        }
    }

    private static func length(_ text: String) throws -> Duration {
        do {
            return try DurationText.parse(text, in: .seconds(1) ... .seconds(400 * 86_400))
        } catch {
            throw RunStop(.usage, reason: "duration", culprit: "--since \(text)", detail: error.message, remedy: "Such as: --since 6h (\(error.remedy))")
        }
    }

    private func text(_ changes: [ProductChange], _ from: Timestamp, _ isCut: Bool) -> String {
        guard !changes.isEmpty else { return "Nothing\(field.map { " of \($0)" } ?? "") was changed since \(from.rfc3339).\n" }
        var lines: [String] = []
        var run = ""
        for change in changes {
            if change.runID != run { lines += [lines.isEmpty ? "" : nil, "\(change.pipeline)  run \(change.runID)  \(change.at.rfc3339)"].compactMap(\.self) }
            run = change.runID
            lines.append("  \(Shown.isolated(change.productID))  \(Self.words(change.verdict))  \(Shown.isolated(change.file)):\(change.row)")
            lines += ChangeText.lines(change, indent: "      ", brief: field == nil)
        }
        if isCut { lines += ["", "There is more: --limit N, a shorter --since, or --output csv"] }
        return lines.drop { $0.isEmpty }.joined(separator: "\n") + "\n"
    }

    private static func words(_ verdict: Receipt.End) -> String {
        switch verdict {
        case .accepted: "accepted"
        case .refused: "REFUSED: Meta keeps what it had"
        case .unknown: "no verdict yet"
        case .rejected, .superseded, .unchanged, .held, .pending: verdict.rawValue
        }
    }

    private func csv(_ changes: [ProductChange]) -> [UInt8] {
        var sheet = SpreadsheetCSV(header: ["pipeline", "product_id", "field", "old", "new", "run_id", "at", "verdict", "file", "row"])
        for change in changes {
            let fields = change.valuesKnown ? change.fields : [FieldChange(unknown: "(no longer known)")]
            for field in fields {
                sheet.append([
                    change.pipeline, change.productID, field.field, field.old ?? "", field.new ?? "", change.runID, change.at.rfc3339,
                    change.verdict.rawValue, change.file, String(change.row),
                ])
            }
        }
        return sheet.bytes
    }
}

/// Changed fields in words.
enum ChangeText {
    /// Characters of a value.
    private static let longest = 80

    /// - Parameter brief: a new product is one line, not one for each field.
    static func lines(_ change: ProductChange, indent: String, brief: Bool) -> [String] {
        if !change.valuesKnown { return [indent + "what was sent is no longer kept"] }
        if change.isNew, brief { return [indent + "new, \(change.fields.count) fields" + (title(change).map { ": \($0)" } ?? "")] }
        return change.fields.map { "\(indent)\($0.field): \(value($0.old)) → \(value($0.new))" }
    }

    private static func title(_ change: ProductChange) -> String? { change.fields.first { $0.field == "title" }?.new.map { short($0) } }

    private static func value(_ text: String?) -> String { text.map { "'\(short($0))'" } ?? "(nothing)" }

    private static func short(_ text: String) -> String {
        Shown.isolated(text, limit: longest)
    }
}
