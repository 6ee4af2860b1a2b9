import CatalogSync
public import Engine
import Events
import Settings

/// `vitrine release RUN`
public struct ReleaseCommand: Sendable {
    private let runID: String
    private let words: HoldWords
    private let options: CommonOptions
    private let world: World

    public init(runID: String, reason: String, author: String?, options: CommonOptions, world: World = .real) {
        self.runID = runID
        words = HoldWords(reason: reason, author: author)
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        let run_id: String
        @Present var pipeline: String?
        @Present var released: Hold.Release?
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(run_id: "", pipeline: nil, released: nil)) }

    public func execute() async -> Outcome {
        do {
            let session = try AppSession.openForWords(loaded: try LoadedSettings.load(options.config), options: options, world: world)
            defer { session.end() }
            let pipeline = try await session.pipeline(holding: runID)
            let hold = try await session.syncWithoutCalls(pipeline).release(runID, words.release(at: world.now()))
            await session.tellOfWord(of: pipeline.name)
            let document = Document(run_id: runID, pipeline: pipeline.name, released: hold.release)
            let word = hold.release.map { "released by \($0.author): \($0.reason)" } ?? ""
            let text = "\(runID) is \(word)\nThe next run judges its files and those that came since together, and may pass what this one was held for:\n  vitrine run \(pipeline.name)\n"
            return Outcome(code: .success, text: text, json: JSONDocument.bytes(document))
        } catch {
            return .failure(RunStop(appError: error), Document(run_id: runID, pipeline: nil, released: nil))
        }
    }
}

/// `vitrine discard RUN|FILE`
public struct DiscardCommand: Sendable {
    private let target: String
    private let pipeline: String?
    private let words: HoldWords
    private let options: CommonOptions
    private let world: World

    /// - Parameters:
    ///   - target: a held run, or a file below `data/`.
    ///   - pipeline: whose file; nil where there is one pipeline only.
    public init(target: String, pipeline: String?, reason: String, author: String?, options: CommonOptions, world: World = .real) {
        self.target = target
        self.pipeline = pipeline
        words = HoldWords(reason: reason, author: author)
        self.options = options
        self.world = world
    }

    private struct Document: Encodable {
        let target: String
        @Present var pipeline: String?
        /// Taken out of `data/`.
        let files: [String]
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, Document(target: "", pipeline: nil, files: [])) }

    public func execute() async -> Outcome {
        do {
            let session = try AppSession.openForWords(loaded: try LoadedSettings.load(options.config), options: options, world: world)
            defer { session.end() }
            let (name, files) = try await discard(session)
            await session.tellOfWord(of: name)
            let list = files.map { "  \(Shown.line($0))\n" }.joined()
            let text =
                files.isEmpty
                ? "\(target) is discarded; none of its files was there any more as it was judged\n"
                : "\(Shown.line(target)) is discarded. Taken into rejected/ of the landing zone, each with its reason beside it:\n\(list)"
            return Outcome(code: .success, text: text, json: JSONDocument.bytes(Document(target: target, pipeline: name, files: files)))
        } catch {
            return .failure(RunStop(appError: error), Document(target: target, pipeline: nil, files: []))
        }
    }

    private func discard(_ session: AppSession) async throws -> (pipeline: String, files: [String]) {
        let word = words.release(at: world.now())
        if let held = try await session.pipelineIfAny(holding: target), pipeline == nil || pipeline == held.name {
            return (held.name, try await session.syncWithoutCalls(held).discard(target, word))
        }
        let pipelines = try session.loaded.pipelines(named: pipeline)
        guard let only = pipelines.first, pipelines.count == 1 else {
            throw RunStop(
                .usage, reason: "pipeline", culprit: target, detail: "no run of this name is held, and several pipelines could have such a file",
                remedy: "Say whose file it is: --pipeline \(pipelines.first?.name ?? "NAME")")
        }
        try await session.syncWithoutCalls(only).discard(file: target, word)
        return (only.name, [target])
    }
}

/// Who says it, and why.
private struct HoldWords {
    let reason: String
    let author: String?

    func release(at now: Timestamp) -> Hold.Release { Hold.Release(author: author ?? WordKeeper.author, reason: reason, at: now) }
}

extension AppSession {
    fileprivate func pipelineIfAny(holding runID: String) async throws -> PipelineSettings? {
        for pipeline in loaded.settings.pipelines {
            if try await HoldShelf(store: factory.synced(pipeline), pipeline: pipeline.name).current()?.runID == runID { return pipeline }
        }
        return nil
    }

    /// - Throws: 64 where no pipeline holds such a run.
    fileprivate func pipeline(holding runID: String) async throws -> PipelineSettings {
        guard let pipeline = try await pipelineIfAny(holding: runID) else { throw RunStop.notHeld(runID) }
        return pipeline
    }
}
