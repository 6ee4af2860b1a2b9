import CatalogSync
import Cryptography
import Engine
import Events
import FoundationEssentials
import Gzip
import Investigation
import ObjectStore
import Settings
import Telemetry

/// Gathers what is known of a run into one archive.
struct IncidentFiles {
    private let run: RunFacts
    /// Where the run has no end.
    private let noEnd: OpenRun?
    private let loaded: LoadedSettings
    private let ledger: Ledger?
    private let now: Timestamp
    private let folder: RunFolder
    private let factory: PipelineFactory
    private let redacted: RedactedSettings
    private let settings: [UInt8]

    struct Made {
        let archive: [UInt8]
        let files: [IncidentBundle.File]
        let omitted: [LogProblem]
    }

    init(_ found: RunFinder.Found, loaded: LoadedSettings, ledger: Ledger?, world: World) {
        run = found.facts
        noEnd = found.noEnd
        now = world.now()
        self.loaded = loaded
        self.ledger = ledger
        folder = RunFolder(pipeline: run.pipeline, runID: run.runID, startedAt: run.startedAt)
        factory = PipelineFactory(loaded: loaded, world: world)
        settings = FileManager.default.contents(atPath: loaded.settings.file).map { [UInt8]($0) } ?? []
        redacted = RedactedSettings(yaml: String(decoding: settings, as: UTF8.self))
    }

    func bundle() async throws -> Made {
        guard let pipeline = loaded.settings.pipelines.first(where: { $0.name == run.pipeline }) else {
            throw RunStop(
                .settings, reason: "pipeline", culprit: run.pipeline, detail: "the settings have no pipeline of this name any more, so its run folder is not known",
                remedy: "Put the pipeline back into the settings.")
        }
        try await fetchSecrets(pipeline)
        let store = try factory.synced(pipeline)
        let scan = CredentialScan(secrets: secrets)
        var bundle = IncidentBundle(folder: "incident-\(run.runID)", time: run.endedAt) { scan.redacted($0) }
        try bundle.add("facts.json", facts, "run, version, settings fingerprint")
        try await addReport(to: &bundle, store)
        try await addLogs(to: &bundle, store)
        try await addRecords(to: &bundle, store)
        try addMetrics(to: &bundle)
        try bundle.add("settings.yaml", redacted.text, "the settings as they are now, without secrets and comments")
        try await addRequests(to: &bundle, store)
        let (files, omitted) = (bundle.files, bundle.omitted)
        return Made(archive: try bundle.finish(head: head), files: files, omitted: omitted)
    }

    private var head: [String] {
        [
            "Run \(run.runID) of pipeline \(run.pipeline): \(run.state.rawValue)",
            "began \(run.startedAt.rfc3339)\(run.state == .running ? "" : ", ended \(run.endedAt.rfc3339)") (UTC)", noEnd?.sentence,
            "Vitrine \(Version.text)", "", "Open timeline.html or report.html in a browser to begin with; no network is needed.",
        ].compactMap(\.self)
    }

    private var facts: [UInt8] {
        struct Facts: Encodable {
            let run_id, pipeline, state, vitrine_version, settings_fingerprint_of_run, settings_sha256_now: String
            let started_at: Timestamp
            @Present var ended_at: Timestamp?
            @Present var no_end: NoEnd?
        }
        return JSONDocument.bytes(
            Facts(
                run_id: run.runID, pipeline: run.pipeline, state: run.state.rawValue, vitrine_version: Version.text, settings_fingerprint_of_run: run.settings,
                settings_sha256_now: sha256Hex(settings), started_at: run.startedAt, ended_at: run.state == .running ? nil : run.endedAt,
                no_end: noEnd.map(NoEnd.init)))
    }

    // MARK: Secrets

    /// What AWS keeps is looked for too, where it can be had: without it, it could not be found in a text.
    private func fetchSecrets(_ pipeline: PipelineSettings) async throws {
        _ = try? await factory.fetchedSecrets.fetch(pipeline.catalog.secrets)
    }

    /// Everything the settings refer to, and what stands in them that should not.
    private var secrets: [Secret] {
        let sources = factory.secretSources
        let referred = redacted.references.compactMap { text -> Secret? in
            let name = String(text.drop { $0 != ":" }.dropFirst())
            if text.hasPrefix("env:") { return sources.environment[name].map { Secret($0) } }
            if text.hasPrefix("file:") { return sources.readFile(name).map { Secret($0.trimmingLineEnds) } }
            return sources.fetched(text.hasPrefix("ssm:") ? .parameter(name) : .secretsManager(name))
        }
        return factory.secrets() + referred + redacted.removed.map { Secret($0) }
    }

    // MARK: Parts

    private func addReport(to bundle: inout IncidentBundle, _ store: any ObjectStore) async throws {
        try await add("report.html", folder.reportPage, "the report, for a browser", to: &bundle, store)
        if run.report.isEmpty {
            bundle.omit("report.json", "the run has no report yet")
        } else {
            let soFar = run.state == .running ? "the report as far as the journal goes" : "the report"
            try bundle.add("report.json", run.report, "\(soFar), for programs")
            if let report = try? SyncReport(json: Array(run.report.utf8)) {
                let head = noEnd.map { $0.sentence + "\n\n" } ?? ""
                try bundle.add("report.txt", head + report.text(for: loaded.presentation(of: run.pipeline)), "\(soFar), to be read")
            }
        }
        try await add("manifest.json", folder.manifest, "what went into the run: files with checksums, batches", to: &bundle, store)
    }

    private func addLogs(to bundle: inout IncidentBundle, _ store: any ObjectStore) async throws {
        let log = try await IncidentLog(run: run, until: noEnd == nil ? run.endedAt : now, loaded: loaded, own: IncidentObject.read(folder.log, in: store))
        let timeline = IncidentTimeline(log.lines)
        let title = "Run \(run.runID) of \(run.pipeline), step by step (UTC)"
        try bundle.add("timeline.html", timeline.html(title: title), "what happened, step by step, for a browser")
        try bundle.add("timeline.txt", timeline.text(title: title), "the same as text")
        if let problem = log.problem { bundle.omit("log.ndjson", problem) } else { try bundle.add("log.ndjson", Self.joined(log.lines), log.what) }
        guard let others = log.others else { return bundle.omit("log-around.ndjson", "telemetry.logs.file is not set, so no log of the process is kept") }
        try bundle.add("log-around.ndjson", Self.joined(others), "what else was logged, from five minutes before the run to five minutes behind it")
    }

    private func addRecords(to bundle: inout IncidentBundle, _ store: any ObjectStore) async throws {
        var journal: [UInt8] = []
        if case .found(let packed) = try await IncidentObject.read(folder.journal.dropLast() + ".ndjson.gz", in: store, unpacks: true) { journal = packed }
        for entry in try await store.list(prefix: folder.journal) {
            switch try await IncidentObject.read(entry.key, in: store) {
            case .found(let content): journal += content + [UInt8(ascii: "\n")]
            case .omitted(let problem): bundle.omit(String(entry.key.dropFirst(folder.key.count + 1)), problem)
            }
        }
        try bundle.add("journal.ndjson", journal, "every fact that the run wrote down before it went on")
        let answers = journal.split(separator: UInt8(ascii: "\n")).filter { LogField.all(of: Array($0)).first.map { Self.answers.contains($0.name) } ?? false }
        try bundle.add("answers.ndjson", Self.joined(answers.map(Array.init)), "what Meta answered: handles, verdicts, failures, by batch")
        try await add(
            "receipts.ndjson", folder.receipts, "what became of each row: file, row, batch, handle, outcome, messages", unpacks: true, to: &bundle, store)
        if noEnd != nil { try await add("lease.json", RunFolder.lease(of: run.pipeline), "who works on this pipeline, or was the last one to", to: &bundle, store) }
    }

    /// Journal entries that hold Meta's words.
    private static let answers: Set = ["declined", "answerLost", "posted", "divided", "judged", "handleFailed", "timedOut", "givenUp"]

    private func addRequests(to bundle: inout IncidentBundle, _ store: any ObjectStore) async throws {
        let objects = try await store.list(prefix: folder.key + "/batches/")
        if objects.isEmpty { bundle.omit("requests/", "no batch object is kept: the run sent nothing, or its retention is over") }
        for object in objects {
            let name = String(object.key.dropFirst((folder.key + "/batches/").count)).replacing(".gz", with: "")
            let what = name.hasSuffix(".json") ? "the requests of a batch, as they were sent" : "which row each item of the batch came from"
            try await add("requests/\(name)", object.key, what, unpacks: true, to: &bundle, store)
        }
    }

    private func addMetrics(to bundle: inout IncidentBundle) throws {
        let registry = MetricRegistry(.vitrine(pipelines: [run.pipeline]))
        if let ledger { try FigureSeed(pipeline: run.pipeline, ledger: ledger).sow(in: registry) }
        if let report = try? SyncReport(json: Array(run.report.utf8)) { RunFigures(report: report).sow(in: registry) }
        try bundle.add("metrics.prom", PrometheusText.render(registry.snapshot()), "counters of this run; gauges as they are now (Prometheus text)")
        guard let textfile = loaded.settings.telemetry.prometheus.textfile.map({ loaded.path($0) }) else { return }
        if let content = FileManager.default.contents(atPath: textfile) {
            try bundle.add("textfile.prom", [UInt8](content), "the textfile of the node exporter, as it lies there now")
        } else {
            bundle.omit("textfile.prom", "\(textfile) cannot be read")
        }
    }

    private func add(_ name: String, _ key: String, _ what: String, unpacks: Bool = false, to bundle: inout IncidentBundle, _ store: any ObjectStore) async throws {
        switch try await IncidentObject.read(key, in: store, unpacks: unpacks) {
        case .found(let content): try bundle.add(name, content, what)
        case .omitted(let problem): bundle.omit(name, problem)
        }
    }

    private static func joined(_ lines: [[UInt8]]) -> [UInt8] { lines.flatMap { $0 + [UInt8(ascii: "\n")] } }
}
