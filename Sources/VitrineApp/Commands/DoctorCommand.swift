import CatalogSync
public import Engine
import Events
import ObjectStore
import Settings
import Transport

/// `vitrine doctor`: looks at everything a run needs, and says what is wrong and how to mend it. Sends nothing to the catalogue.
public struct DoctorCommand: Sendable {
    private let pipeline: String?
    private let options: CommonOptions
    private let world: World

    public init(pipeline: String?, options: CommonOptions, world: World = .real) {
        self.pipeline = pipeline
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        let checks: [Check]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(checks: [])) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let pipelines = try loaded.pipelines(named: pipeline)
            let count = loaded.settings.pipelines.count
            let settings = Check.ok("settings", "\(options.config), \(count) \(count == 1 ? "pipeline" : "pipelines")")
            return outcome([settings] + (try await examine(pipelines, loaded)))
        } catch {
            let check = Check.fail("settings", error)
            return .failure(RunStop(appError: error), Document(checks: [check]))
        }
    }

    private func examine(_ pipelines: [PipelineSettings], _ loaded: LoadedSettings) async throws -> [Check] {
        let factory = PipelineFactory(loaded: loaded, world: world)
        let transport = try CurlTransport(configuration: TransportConfiguration(environment: Environment.all))
        defer {
            transport.shutdown()
            factory.aws.shutdown()
        }
        let stores = StoreChecks(factory: factory, now: world.now(), random: world.random)
        let catalogues = CatalogueChecks(factory: factory, transport: transport, now: world.now)
        var checks = await state(factory, stores)
        if let file = loaded.settings.telemetry.logs.file { checks.append(logFile(loaded.path(file))) }
        for pipeline in pipelines { checks += await examine(pipeline, factory, stores) + catalogues.checks(of: pipeline) }
        return checks
    }

    private func state(_ factory: PipelineFactory, _ stores: StoreChecks) async -> [Check] {
        do {
            let state = try factory.stateStore
            // Of a bucket, what is worked on lies in the spool.
            return [await stores.store("state", state), await stores.ledger(), stores.space("space", (state as? FolderStore)?.root ?? PipelineFactory.spool)]
        } catch {
            return [.fail("state", error)]
        }
    }

    private func examine(_ pipeline: PipelineSettings, _ factory: PipelineFactory, _ stores: StoreChecks) async -> [Check] {
        let name = pipeline.name
        var checks: [Check]
        do {
            try factory.require(pipeline)
            let synced = try factory.synced(pipeline)
            checks = [await stores.store("landing", try factory.landing(pipeline), of: name), await stores.store("synced", synced, of: name)]
            // What lies in a bucket is read from copies in the spool.
            checks += [stores.space("space", (synced as? FolderStore)?.root ?? PipelineFactory.spool, of: name), await stores.lease(pipeline)]
        } catch {
            return [.fail("landing", error, of: name)]
        }
        do {
            if let pause = try await factory.pauses.inForce(name, at: world.now()) {
                checks.append(.warn("pause", pause.words, "When it is time: vitrine resume \(name) --reason TEXT", of: name))
            }
        } catch {
            checks.append(.fail("pause", error, of: name))
        }
        return checks
    }

    private func logFile(_ path: String) -> Check {
        do {
            try AppTelemetry.proveWritable(logFile: path)
            return .ok("logs", "\(path) can be written")
        } catch {
            return .fail("logs", error)
        }
    }

    private func outcome(_ checks: [Check]) -> Outcome {
        let code = ExitCode.worst(checks.map(\.code))
        let text = Self.text(checks)
        guard let worst = checks.first(where: { $0.level == .fail && $0.code == code }) else {
            return Outcome(code: code, text: text, json: JSONDocument.bytes(Document(checks: checks)))
        }
        let culprit = [worst.pipeline, worst.name].compactMap(\.self).joined(separator: ": ")
        let stop = RunStop(code, reason: worst.name, culprit: culprit, detail: worst.found, remedy: worst.remedy)
        return Outcome(code: code, text: text, json: JSONDocument.bytes(Document(checks: checks), error: stop))
    }

    private static func text(_ checks: [Check]) -> String {
        var lines: [String] = []
        var pipeline: String?
        for check in checks {
            if check.pipeline != pipeline, let name = check.pipeline { lines += ["", name] }
            pipeline = check.pipeline
            let padding = String(repeating: " ", count: max(0, 10 - check.name.count))
            lines.append("  \(check.level == .ok ? "ok  " : check.level.rawValue)  \(check.name)\(padding) \(check.found)")
            if !check.remedy.isEmpty { lines.append("                   → \(check.remedy)") }
        }
        let failed = checks.count { $0.level == .fail }
        let warned = checks.count { $0.level == .warn }
        let sum = failed + warned == 0 ? "All is well." : "\(failed) failed, \(warned) \(warned == 1 ? "warning" : "warnings")."
        return (lines + ["", sum]).joined(separator: "\n") + "\n"
    }
}
