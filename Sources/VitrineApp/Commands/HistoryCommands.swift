import CatalogSync
public import Engine
import Events
import FoundationEssentials
import ObjectStore
import Settings

/// The questions that the ledger answers. They read and never write.
struct LedgerReader {
    let loaded: LoadedSettings

    /// - Throws: a `RunStop` where nothing has run yet.
    func ledger() async throws -> Ledger {
        guard let ledger = try await ledgerIfAny() else { throw try none }
        return ledger
    }

    func ledgerIfAny() async throws -> Ledger? { try await factory.ledgerIfAny() }

    var none: RunStop {
        get throws {
            RunStop(
                .settings, reason: "no_ledger", culprit: try factory.stateStore.location, detail: "nothing is remembered here yet",
                remedy: "Run the pipeline once: vitrine run. If its state was lost: vitrine reindex")
        }
    }

    private var factory: PipelineFactory { PipelineFactory(loaded: loaded, world: .real) }
}

/// `vitrine runs`
public struct RunsCommand: Sendable {
    private let pipeline: String?
    private let limit: Int
    private let options: CommonOptions

    public init(pipeline: String?, limit: Int, options: CommonOptions) {
        self.pipeline = pipeline
        self.limit = limit
        self.options = options
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, ["runs": [SyncReport]()]) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let finder = try await RunFinder(loaded: loaded, pipelines: loaded.pipelines(named: pipeline))
            let open = try await finder.openRuns()
            let ended = try finder.ledger?.runs(pipeline: pipeline, limit: limit).compactMap { try? SyncReport(json: Array($0.report.utf8)) } ?? []
            // Of a run that was gone on with, the ledger has the report of an earlier try.
            let names = Set(open.runs.map(\.folder.runID))
            let reports = Array((open.runs.map(\.report) + ended.filter { !names.contains($0.runID) }).sorted { $0.startedAt > $1.startedAt }.prefix(limit))
            var outcome = Outcome(code: .success, text: text(reports), json: JSONDocument.bytes(["runs": reports]))
            outcome.notes = open.problems.map { "\($0.culprit): \($0.detail): runs that are open are not in this list." }
            return outcome
        } catch {
            return .failure(RunStop(appError: error), ["runs": [SyncReport]()])
        }
    }

    private func text(_ reports: [SyncReport]) -> String {
        let head = ["run", "pipeline", "state", "started", "read", "sent", "accepted", "refused", "unknown", "rejected", "books"]
        let rows = reports.map { report in
            [
                report.runID, report.pipeline, report.state.rawValue, report.startedAt.rfc3339, "\(report.rows.read)", "\(report.items.sent)",
                "\(report.items.accepted)", "\(report.items.refused)", "\(report.items.unknown)", "\(report.rows.rejected)",
                report.balanced ? "balance" : "DO NOT BALANCE",
            ]
        }
        return TextTable.text(head, rows, numbersFrom: 4, to: 9)
    }
}

/// `vitrine report RUN`
public struct ReportCommand: Sendable {
    private let runID: String
    private let options: CommonOptions

    public init(runID: String, options: CommonOptions) {
        self.runID = runID
        self.options = options
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, at: .now) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let found = try await RunFinder(loaded: loaded, pipelines: loaded.settings.pipelines).run(runID)
            let report = try SyncReport(json: Array(found.facts.report.utf8))
            let head = found.noEnd.map { $0.sentence + "\n\n" } ?? ""
            return Outcome(code: .success, text: head + report.text(for: loaded.presentation(of: report.pipeline)), json: JSONDocument.bytes(report))
        } catch {
            return .failure(RunStop(appError: error), reportOf: runID, at: .now)
        }
    }
}

/// `vitrine reindex`
public struct ReindexCommand: Sendable {
    private let options: CommonOptions
    private let world: World

    public init(options: CommonOptions, world: World = .real) {
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        struct Pipeline: Encodable {
            let pipeline: String
            let runs: Int
        }
        let reindexed: [Pipeline]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(reindexed: [])) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let session = try await AppSession.open(loaded: loaded, options: options, world: world)
            defer { session.end() }
            var done: [Document.Pipeline] = []
            do {
                for pipeline in loaded.settings.pipelines {
                    try await session.fetchSecrets(pipeline.catalog.secrets)
                    let runs = try await session.sync(pipeline).reindex()
                    try await session.state.bucket?.keep(session.ledger)
                    done.append(.init(pipeline: pipeline.name, runs: runs))
                }
            } catch {
                await session.state.bucket?.leave()
                throw error
            }
            try await session.leaveState()
            let text = done.map { "\($0.pipeline): \($0.runs) runs read back into the ledger\n" }.joined()
            return Outcome(code: .success, text: text, json: JSONDocument.bytes(Document(reindexed: done)))
        } catch {
            return .failure(RunStop(appError: error), Document(reindexed: []))
        }
    }
}

/// Columns under each other, as wide as they need to be.
enum TextTable {
    static func text(_ head: [String], _ rows: [[String]], numbersFrom first: Int, to last: Int) -> String {
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return (first...last).contains(column) ? padding + cell : cell + padding
            }.joined(separator: "  ").trimmingTrailingSpaces + "\n"
        }.joined()
    }
}

extension String {
    var trimmingTrailingSpaces: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
