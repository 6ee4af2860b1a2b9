import CatalogSync
public import Engine
import Events
import Investigation
import ObjectStore
import Settings

/// `vitrine status`: one screen, and an exit code for monitors.
public struct StatusCommand: Sendable {
    private let pipeline: String?
    private let options: CommonOptions
    private let world: World

    public init(pipeline: String?, options: CommonOptions, world: World = .real) {
        self.pipeline = pipeline
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        let at: Timestamp
        let health: Health.Level
        let pipelines: [PipelineStatus]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(at: .now, health: .critical, pipelines: [])) }

    public func execute() async -> Outcome {
        do {
            let loaded = try LoadedSettings.load(options.config)
            let pipelines = try loaded.pipelines(named: pipeline)
            let reader = try await StatusReader(loaded: loaded, world: world)
            var found: [PipelineStatus] = []
            for pipeline in pipelines { found.append(await reader.status(of: pipeline)) }
            return outcome(found)
        } catch {
            return .failure(RunStop(appError: error), Document(at: world.now(), health: .critical, pipelines: []))
        }
    }

    private func outcome(_ found: [PipelineStatus]) -> Outcome {
        let level = found.map(\.health.level).max() ?? .ok
        let document = Document(at: world.now(), health: level, pipelines: found)
        let text = StatusText(now: world.now()).text(found)
        guard level == .critical, let worst = found.max(by: { $0.health.level < $1.health.level }), let problem = worst.health.problems.first else {
            return Outcome(code: level == .ok ? .success : .doneWithErrors, text: text, json: JSONDocument.bytes(document))
        }
        let stop = RunStop(
            ExitCode.critical, reason: "health", culprit: worst.pipeline, detail: problem.text, remedy: problem.remedy)
        return Outcome(code: .critical, text: text, json: JSONDocument.bytes(document, error: stop))
    }
}

/// Gathers how a pipeline stands from the places that know.
struct StatusReader {
    private let factory: PipelineFactory
    private let questions: Questions?
    private let now: Timestamp

    /// - Parameter questions: of a ledger that is open already; nil where there is none yet.
    init(loaded: LoadedSettings, questions: Questions?, world: World) {
        factory = PipelineFactory(loaded: loaded, world: world)
        self.questions = questions
        now = world.now()
    }

    init(loaded: LoadedSettings, world: World) async throws {
        factory = PipelineFactory(loaded: loaded, world: world)
        questions = try await factory.ledgerIfAny().map { Questions(ledger: $0) }
        now = world.now()
    }

    /// What cannot be read is a critical problem of this pipeline, and says nothing of the others.
    func status(of pipeline: PipelineSettings) async -> PipelineStatus {
        var status = PipelineStatus.unknown(pipeline.name)
        var problems: [Health.Problem] = []
        func look(_ read: () async throws -> Void) async {
            do { try await read() } catch {
                let stop = RunStop(appError: error)
                problems.append(.init(.critical, "\(stop.culprit): \(stop.detail)", stop.remedy))
            }
        }
        await look { status = try questions?.status(pipeline: pipeline.name) ?? status }
        await look {
            let marks = RunFolder.openMarks(of: pipeline.name)
            status.openRuns = try await factory.synced(pipeline).list(prefix: marks).map { String($0.key.dropFirst(marks.count)) }
        }
        await look {
            try factory.require(pipeline)
            status.landing = try await LandingBacklog.read(factory.landing(pipeline))
        }
        await look { status.paused = try await factory.pauses.inForce(pipeline.name, at: now) }
        await look { status.held = try await HoldShelf(store: factory.synced(pipeline), pipeline: pipeline.name).current() }
        await look { status.incidents = try await factory.openIncidents(of: pipeline.name) }
        status.nextScheduled = pipeline.schedule?.next(after: now)
        var judge = HealthJudge(now: now)
        if let schedule = pipeline.schedule { judge.nextTime = { schedule.next(after: $0) } }
        status.health = Health(problems: judge.judge(status).problems + problems)
        return status
    }
}

/// The screen of `vitrine status`. Its first line is the whole answer for a monitor: state, dash, words, bar, figures.
struct StatusText {
    let now: Timestamp

    func text(_ found: [PipelineStatus]) -> String {
        (firstLine(found) + "\n") + found.map { "\n" + block($0) }.joined()
    }

    private func firstLine(_ found: [PipelineStatus]) -> String {
        let level = found.map(\.health.level).max() ?? .ok
        let worst = found.filter { $0.health.level == level }
        let words: String
        if level == .ok {
            words = "\(found.count) \(found.count == 1 ? "pipeline" : "pipelines") well"
        } else {
            words = worst.compactMap { status in status.health.problems.first.map { "\(status.pipeline): \($0.text)" } }.joined(separator: "; ")
        }
        // A monitor cuts at the first bar, and shows one line.
        let safe = Shown.line(words.replacing("|", with: "/").replacing("\n", with: " "), limit: 1000)
        return "VITRINE \(level.rawValue.uppercased()) - \(safe) | \(figures(found))"
    }

    private func figures(_ found: [PipelineStatus]) -> String {
        let sums: [(String, Int)] = [
            ("accepted", found.reduce(0) { $0 + $1.products.accepted }), ("refused", found.reduce(0) { $0 + $1.products.refused }),
            ("rejected", found.reduce(0) { $0 + $1.products.rejected }), ("unknown", found.reduce(0) { $0 + $1.products.unknown }),
            ("waiting_files", found.reduce(0) { $0 + ($1.landing?.files ?? 0) }),
        ]
        return sums.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
    }

    private func block(_ status: PipelineStatus) -> String {
        var lines = ["\(status.pipeline): \(status.health.level.rawValue)"]
        for problem in status.health.problems {
            lines += ["  \(problem.level == .critical ? "!!" : " !") \(problem.text)", "     → \(problem.remedy)"]
        }
        lines.append("  last run      " + (status.lastRun.map { "\($0.runID)  \($0.state.rawValue)  \(ago($0.startedAt))" } ?? "none"))
        lines.append("  last success  " + (status.lastSuccess.map { "\($0.rfc3339)  \(ago($0))" } ?? "none"))
        lines.append("  next          " + (status.nextScheduled?.rfc3339 ?? "no schedule in the settings"))
        let products = status.products
        lines.append("  products      \(products.accepted) accepted, \(products.refused) refused, \(products.rejected) rejected, \(products.unknown) unknown")
        lines.append("  landing zone  " + landing(status.landing))
        if !status.openRuns.isEmpty { lines.append("  open runs     \(status.openRuns.joined(separator: ", "))") }
        if let pause = status.paused { lines.append("  paused        by \(pause.author), \(pause.until.map { "until \($0.rfc3339)" } ?? "until it is resumed")") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func landing(_ backlog: LandingBacklog?) -> String {
        guard let backlog else { return "cannot be read" }
        let others = backlog.others > 0 ? ", \(backlog.others) not complete or no CSV" : ""
        guard let oldest = backlog.oldest else { return "no file waits\(others)" }
        return "\(backlog.files) \(backlog.files == 1 ? "file waits" : "files wait"), the oldest written \(ago(oldest))\(others)"
    }

    /// `3 h ago`
    private func ago(_ time: Timestamp) -> String {
        let seconds = Int((now - time) / .seconds(1))
        switch seconds {
        case ..<0: return "(in the future: look at the clock)"
        case ..<120: return "(\(seconds) s ago)"
        case ..<7_200: return "(\(seconds / 60) min ago)"
        case ..<172_800: return "(\(seconds / 3_600) h ago)"
        default: return "(\(seconds / 86_400) days ago)"
        }
    }
}
