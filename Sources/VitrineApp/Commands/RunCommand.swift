public import CatalogSync
public import Engine
import Events
import Settings
import Transport

/// `vitrine run` and `vitrine stage`.
public struct RunCommand: Sendable {
    private let pipeline: String?
    private let request: CatalogSync.Request
    private let stage: SyncStage?
    private let options: CommonOptions
    private let world: World

    public init(pipeline: String?, request: CatalogSync.Request, stage: SyncStage? = nil, options: CommonOptions, world: World = .real) {
        self.pipeline = pipeline
        self.request = request
        self.stage = stage
        self.options = options
        self.world = world
    }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let pipelines = try loaded.pipelines(named: pipeline)
            return await work(on: pipelines, loaded)
        } catch {
            return outcome(of: [failed(RunStop(appError: error))])
        }
    }

    private func work(on pipelines: [PipelineSettings], _ loaded: LoadedSettings) async -> Outcome {
        var reports: [SyncReport] = []
        do {
            let session = try AppSession(loaded: loaded, options: options, world: world)
            defer { session.end() }
            for pipeline in pipelines { reports.append(await session.run(pipeline, request, stage: stage)) }
            session.progress?.clear()
            try session.writeTextfile(of: pipelines.map(\.name))
            return outcome(of: reports, notices: session.notices)
        } catch {
            return outcome(of: reports + [failed(RunStop(appError: error))])
        }
    }

    private func failed(_ stop: RunStop) -> SyncReport {
        SyncReport(stoppedBefore: stop, runID: request.runID ?? "", pipeline: pipeline ?? "", at: world.now())
    }

    /// One document: the report of the named pipeline, or of all of them under `runs`.
    private func outcome(of reports: [SyncReport], notices: [String] = []) -> Outcome {
        let code = ExitCode.worst(reports.map(\.exitCode))
        let text = reports.map { $0.text(hints: hints($0) + notices) }.joined(separator: "\n")
        if pipeline != nil, let report = reports.first { return Outcome(code: code, text: text, json: JSONDocument.bytes(report)) }
        return Outcome(code: code, text: text, json: JSONDocument.bytes(runs: reports))
    }

    private func hints(_ report: SyncReport) -> [String] {
        guard let refused = report.refusals.first?.examples.first else { return [] }
        let config = options.config == "vitrine.yaml" ? "" : " --config \(ShellWord.quoted(options.config))"
        return ["", "Look further:  vitrine trace \(ShellWord.quoted(refused.productID))\(config)"]
    }
}

/// Words as a shell wants them, for commands that a person copies.
enum ShellWord {
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-/:".unicodeScalars.contains(scalar))
        }
        return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}
