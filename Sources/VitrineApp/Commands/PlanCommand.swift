import CatalogSync
public import Engine
import Events
import Feed
import FoundationEssentials
import ObjectStore
import Settings

/// `vitrine plan`: the dry run of a pipeline, of all of them, or of one file without any settings.
public struct PlanCommand: Sendable {
    private let target: String?
    private let options: CommonOptions
    private let world: World

    public init(target: String?, options: CommonOptions, world: World = .real) {
        self.target = target
        self.options = options
        self.world = world
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failureOfReports(stop) }

    public func execute() async -> Outcome {
        do {
            if let target, isFile(target) {
                let (report, hints) = try await plan(file: target)
                return outcome([report], isOne: true, hints: hints)
            }
            let loaded = try LoadedSettings.load(options.config)
            let factory = PipelineFactory(loaded: loaded, world: world)
            var reports: [SyncReport] = []
            for pipeline in try loaded.pipelines(named: target) {
                try factory.require(pipeline)
                let plan = Plan(
                    configuration: factory.configuration(pipeline), ledger: try await factory.ledgerIfAny(), spool: PipelineFactory.spool,
                    hold: try await HoldShelf(store: factory.synced(pipeline), pipeline: pipeline.name).current(), now: world.now)
                reports.append(try await plan.report(of: factory.landing(pipeline)))
            }
            return outcome(reports, isOne: target != nil)
        } catch {
            let stop = RunStop(appError: error)
            var report = SyncReport(runID: "", pipeline: target ?? "", state: .failed, startedAt: world.now())
            report.endedAt = report.startedAt
            report.error = .init(stop)
            return outcome([report], isOne: target != nil)
        }
    }

    private func isFile(_ text: String) -> Bool {
        let lower = text.lowercased()
        return lower.hasSuffix(".csv") || lower.hasSuffix(".csv.gz") || text.contains("/")
    }

    /// Without settings the file's shape is guessed, and what was guessed is said.
    private func plan(file: String) async throws -> (report: SyncReport, hints: [String]) {
        let sample = try SampleFile(file)
        let guess = try sample.guess()
        var configuration = CatalogSyncConfiguration(pipeline: "", catalogID: "")
        configuration.workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
        configuration.feed = guess.applied(to: configuration.feed)
        configuration.feed.now = world.now().nanoseconds / 1_000_000_000
        let plan = Plan(configuration: configuration, ledger: nil, spool: PipelineFactory.spool, now: world.now)
        return (try await plan.report(ofFile: sample.name, in: FolderStore(root: sample.folder)), hints(guess, file))
    }

    private func hints(_ guess: FeedGuess, _ file: String) -> [String] {
        guard !guess.notes.isEmpty else { return [] }
        var lines = ["", "Guessed, since there are no settings for this file:"] + guess.notes.map { "  \($0)" }
        if !guess.yamlLines.isEmpty {
            lines += ["", "In the settings of a pipeline that is (or: vitrine init --from \(ShellWord.quoted(file))):"] + guess.yamlLines.map { "  \($0)" }
        }
        return lines
    }

    private func outcome(_ reports: [SyncReport], isOne: Bool, hints: [String] = []) -> Outcome {
        let code = ExitCode.worst(reports.map(\.exitCode))
        let text = reports.map { $0.text(hints: hints) }.joined(separator: "\n")
        if isOne, let report = reports.first { return Outcome(code: code, text: text, json: JSONDocument.bytes(report)) }
        return Outcome(code: code, text: text, json: JSONDocument.bytes(runs: reports))
    }
}

extension Ledger {
    /// Nil where none was ever written: a dry run must not make one.
    static func existing(folder: String) -> Result<Ledger, any Error>? {
        FileManager.default.fileExists(atPath: folder + "/ledger.sqlite") ? Result { try Ledger(reading: folder) } : nil
    }
}
