public import CatalogSync
public import Engine
import Events
import FoundationEssentials
import ObjectStore
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

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failureOfReports(stop) }

    /// The same of a stage, which is always one of one run.
    public static func unansweredStage(_ stop: RunStop) -> Outcome { .failure(stop, at: .now) }

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
            let session = try await AppSession.open(loaded: loaded, options: options, world: world)
            defer { session.end() }
            reports = await runs(of: pipelines, session)
            session.progress?.clear()
            let moments = await session.sayLastWords(of: pipelines.map(\.name))
            let left: Result<Void, any Error>
            do { left = .success(try await session.leaveState()) } catch { left = .failure(error) }
            await session.sayRest(moments)
            try left.get()
            return outcome(of: reports, loaded, notices: session.notices)
        } catch {
            // The run is over, wherever its state could not be put back: its own report says what is wrong.
            guard !reports.isEmpty else { return outcome(of: [failed(RunStop(appError: error))], loaded) }
            if reports[0].error == nil { reports[0].error = .init(RunStop(appError: error)) }
            return outcome(of: reports, loaded)
        }
    }

    /// Meanwhile telemetry goes out as soon as a request is full; no longer than that, so that the last delivery need not wait for it.
    private func runs(of pipelines: [PipelineSettings], _ session: AppSession) async -> [SyncReport] {
        async let _: Void = session.deliverFullRequests()
        async let _: Void = session.writeLines()
        var reports: [SyncReport] = []
        for pipeline in pipelines { reports.append(await session.run(pipeline, request, stage: stage)) }
        return reports
    }

    private func failed(_ stop: RunStop) -> SyncReport {
        SyncReport(stoppedBefore: stop, runID: request.runID ?? "", pipeline: pipeline ?? "", at: world.now())
    }

    /// One document: the report of the named pipeline, or of all of them under `runs`.
    private func outcome(of reports: [SyncReport], _ loaded: LoadedSettings? = nil, notices: [String] = []) -> Outcome {
        let code = ExitCode.worst(reports.map(\.exitCode))
        let text = reports.map { report in
            report.text(hints: hints(report, loaded) + notices, for: loaded?.presentation(of: report.pipeline) ?? Presentation())
        }.joined(separator: "\n")
        if pipeline != nil, let report = reports.first { return Outcome(code: code, text: text, json: JSONDocument.bytes(report)) }
        return Outcome(code: code, text: text, json: JSONDocument.bytes(runs: reports))
    }

    private func hints(_ report: SyncReport, _ loaded: LoadedSettings?) -> [String] {
        var hints: [String] = []
        if let loaded, let page = page(of: report, loaded) { hints.append("As a page:     \(page)") }
        if let refused = report.refusals.first?.examples.first {
            let config = options.config == "vitrine.yaml" ? "" : " --config \(ShellWord.quoted(options.config))"
            hints.append("Look further:  vitrine trace \(ShellWord.quoted(Shown.line(refused.productID)))\(config)")
        }
        return hints.isEmpty ? [] : [""] + hints
    }

    /// Where `report.html` lies, if it was written.
    private func page(of report: SyncReport, _ loaded: LoadedSettings) -> String? {
        guard let pipeline = loaded.settings.pipelines.first(where: { $0.name == report.pipeline }), RunID.isValid(report.runID) else { return nil }
        let page = RunFolder(pipeline: report.pipeline, runID: report.runID, startedAt: report.startedAt).reportPage
        // A run that has come to its end has written it there.
        if let place = S3Place(url: pipeline.synced) { return report.state.isEnd ? "\(place.url)/\(page)" : nil }
        let path = "\(loaded.path(pipeline.synced))/\(page)"
        return FileManager.default.fileExists(atPath: path) ? path : nil
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
