import CatalogSync
public import Engine
import Events
import FoundationEssentials
import Settings
import Telemetry

/// The sinks of a command that only writes down what a person has said.
struct WordKeeper {
    let loaded: LoadedSettings
    let pipeline: String
    let telemetry: AppTelemetry
    let factory: PipelineFactory

    /// - Throws: 64 where there is no such pipeline.
    init(_ options: CommonOptions, pipeline: String, world: World) throws {
        loaded = try LoadedSettings.load(options.config)
        self.pipeline = try loaded.pipelines(named: pipeline)[0].name
        factory = PipelineFactory(loaded: loaded, world: world)
        telemetry = try AppTelemetry(loaded, options, secrets: factory.secrets(), clock: world.now)
    }

    func report(_ event: some Event) {
        telemetry.reporter.scoped(pipeline: pipeline).report(event)
        telemetry.hub.flush()
    }

    /// `ana@shop-1`
    static var author: String {
        let environment = Environment.all
        let user = ["SUDO_USER", "USER", "LOGNAME"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "somebody"
        return "\(user)@\(ProcessInfo.processInfo.hostName)"
    }
}

/// `vitrine pause PIPELINE`
public struct PauseCommand: Sendable {
    private let pipeline: String
    private let reason: String
    private let length: String?
    private let author: String?
    private let options: CommonOptions
    private let world: World

    /// - Parameter length: `30m`, `4h`, `2d`; nil: until it is resumed.
    public init(pipeline: String, reason: String, length: String?, author: String?, options: CommonOptions, world: World = .real) {
        self.pipeline = pipeline
        self.reason = reason
        self.length = length
        self.author = author
        self.options = options
        self.world = world
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, PauseDocument(pipeline: "", paused: nil)) }

    public func execute() async -> Outcome {
        do {
            let until = try length.map { world.now() + (try Self.length($0)) }
            let keeper = try WordKeeper(options, pipeline: pipeline, world: world)
            let pause = Pause(pipeline: keeper.pipeline, author: author ?? WordKeeper.author, reason: reason, since: world.now(), until: until)
            try await keeper.factory.pauses.write(pause)
            keeper.report(PauseEvent.paused(pause))
            let text = "\(pipeline) is \(pause.words)\nA run in progress goes on to its end; none begins. End it: vitrine resume \(pipeline) --reason TEXT\n"
            return Outcome(code: .success, text: text, json: JSONDocument.bytes(PauseDocument(pipeline: pipeline, paused: pause)))
        } catch {
            return .failure(RunStop(appError: error), PauseDocument(pipeline: pipeline, paused: nil))
        }
    }

    private static func length(_ text: String) throws -> Duration {
        do {
            return try DurationText.parse(text, in: .seconds(1) ... .seconds(366 * 86_400))
        } catch {
            throw RunStop(.usage, reason: "duration", culprit: "--for \(text)", detail: error.message, remedy: "Such as: --for 4h (\(error.remedy))")
        }
    }
}

struct PauseDocument: Encodable {
    let pipeline: String
    @Present var paused: Pause?
}

/// `vitrine resume PIPELINE`
public struct ResumeCommand: Sendable {
    private let pipeline: String
    private let reason: String
    private let author: String?
    private let options: CommonOptions
    private let world: World

    public init(pipeline: String, reason: String, author: String?, options: CommonOptions, world: World = .real) {
        self.pipeline = pipeline
        self.reason = reason
        self.author = author
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        let pipeline: String
        /// The pause that was ended; null where there was none.
        @Present var ended: Pause?
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(pipeline: "", ended: nil)) }

    public func execute() async -> Outcome {
        do {
            let keeper = try WordKeeper(options, pipeline: pipeline, world: world)
            let pause = try await keeper.factory.pauses.entry(keeper.pipeline)
            try await keeper.factory.pauses.lift(keeper.pipeline)
            if let pause { keeper.report(PauseEvent.resumed(pause, author: author ?? WordKeeper.author, reason: reason)) }
            let text = pause.map { "\(pipeline) goes on; it was \($0.words)\n" } ?? "\(pipeline) was not paused\n"
            return Outcome(code: .success, text: text, json: JSONDocument.bytes(Document(pipeline: pipeline, ended: pause)))
        } catch {
            return .failure(RunStop(appError: error), Document(pipeline: pipeline, ended: nil))
        }
    }
}
