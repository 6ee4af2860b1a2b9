import CatalogSync
import Cryptography
public import Engine
import Events
import FoundationEssentials
import Investigation
import Settings
import Telemetry

/// `vitrine incident RUN`: one archive with all that is known of a run, for whoever has to find out what went wrong without this machine.
public struct IncidentCommand: Sendable {
    private let runID: String
    private let path: String?
    private let options: CommonOptions
    private let world: World

    /// - Parameter path: of the archive; nil: `incident-RUN.zip` here.
    public init(runID: String, path: String?, options: CommonOptions, world: World = .real) {
        self.runID = runID
        self.path = path
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        let run_id: String
        @Present var pipeline: String?
        @Present var state: RunState?
        /// Null where the run has ended.
        @Present var no_end: NoEnd?
        @Present var bundle: String?
        let bytes: Int
        let files: [IncidentBundle.File]
        let omitted: [LogProblem]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(run_id: "", pipeline: nil, state: nil, bundle: nil, bytes: 0, files: [], omitted: [])) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let finder = try await RunFinder(loaded: loaded, pipelines: loaded.settings.pipelines, world: world)
            let found = try await finder.run(runID)
            let run = found.facts
            let made = try await IncidentFiles(found, loaded: loaded, ledger: finder.ledger, world: world).bundle()
            let target = path ?? "incident-\(run.runID).zip"
            try AtomicFile.write(made.archive, to: target)
            let document = Document(
                run_id: run.runID, pipeline: run.pipeline, state: run.state, no_end: found.noEnd.map(NoEnd.init), bundle: target, bytes: made.archive.count, files: made.files, omitted: made.omitted)
            return Outcome(code: .success, text: text(document), json: JSONDocument.bytes(document))
        } catch {
            let empty = Document(run_id: runID, pipeline: nil, state: nil, no_end: nil, bundle: nil, bytes: 0, files: [], omitted: [])
            return .failure(RunStop(appError: error), empty)
        }
    }

    private func text(_ document: Document) -> String {
        let width = document.files.map(\.name.count).max() ?? 0
        var lines = ["\(document.bundle ?? ""): \(document.bytes) bytes, all that is known of run \(document.run_id)"]
        if let noEnd = document.no_end { lines.append(noEnd.sentence) }
        lines.append("")
        lines += document.files.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.what)" }
        if !document.omitted.isEmpty { lines += ["", "Not in it:"] + document.omitted.map { "  \($0.file): \($0.problem)" } }
        lines += ["", "Tokens, passwords and app secrets were taken out. Products, prices and messages were not: send it to people who may see them."]
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Where a run without an end stands, for machines.
struct NoEnd: Codable, Equatable, Sendable {
    @Present var stage: String?
    /// Of its journal.
    let entries: Int
    @Present var last_entry: String?
    @Present var last_entry_at: Timestamp?
    let sentence: String

    init(_ run: OpenRun) {
        stage = run.stage?.rawValue
        entries = run.entries
        last_entry = run.lastEntry?.name
        last_entry_at = run.lastEntry?.at
        sentence = run.sentence
    }
}
