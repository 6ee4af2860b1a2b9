import CatalogSync
public import Engine
import Feed
import FoundationEssentials
import Glibc
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

    public func execute() async -> Outcome {
        do {
            if let target, isFile(target) { return outcome([try await plan(file: target)], isOne: true) }
            let loaded = try LoadedSettings.load(options.config)
            let factory = PipelineFactory(loaded: loaded, world: world)
            var reports: [SyncReport] = []
            for pipeline in try loaded.pipelines(named: target) {
                try factory.require(pipeline)
                let ledger = Ledger.existing(folder: loaded.path(loaded.settings.state))
                let plan = Plan(
                    configuration: factory.configuration(pipeline), ledger: try ledger?.get(), spool: PipelineFactory.spool, now: world.now)
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

    /// The absolute path of a file, nil where none is there.
    private func real(_ file: String) -> String? {
        var status = stat()
        guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let path = realpath(file, nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    private func plan(file: String) async throws -> SyncReport {
        // Where a link leads to: a store does not follow links.
        guard let path = real(file) else {
            throw RunStop(
                .usage, reason: "no_file", culprit: file, detail: "there is no such file",
                remedy: "Check the path. Without a path, name a pipeline of the settings: vitrine plan PIPELINE")
        }
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let folder = slash == path.startIndex ? "/" : String(path[..<slash])
        let name = String(path[path.index(after: slash)...])
        var configuration = CatalogSyncConfiguration(pipeline: "", catalogID: "")
        configuration.workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let plan = Plan(configuration: configuration, ledger: nil, spool: PipelineFactory.spool, now: world.now)
        return try await plan.report(ofFile: name, in: FolderStore(root: folder))
    }

    private func outcome(_ reports: [SyncReport], isOne: Bool) -> Outcome {
        let code = ExitCode.worst(reports.map(\.exitCode))
        let text = reports.map { $0.text() }.joined(separator: "\n")
        if isOne, let report = reports.first { return Outcome(code: code, text: text, json: JSONDocument.bytes(report)) }
        return Outcome(code: code, text: text, json: JSONDocument.bytes(runs: reports))
    }
}

extension Ledger {
    /// Nil where none was ever written: a dry run must not make one.
    static func existing(folder: String) -> Result<Ledger, any Error>? {
        FileManager.default.fileExists(atPath: folder + "/ledger.sqlite") ? Result { try Ledger(folder: folder) } : nil
    }
}
