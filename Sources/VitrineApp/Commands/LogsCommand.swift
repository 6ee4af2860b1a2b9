import CatalogSync
public import Engine
public import Events
import FoundationEssentials
import Glibc
import Investigation
import ObjectStore
import Settings

/// `vitrine logs`: lines of the log files, or counts of them.
public struct LogsCommand: Sendable {
    /// What is asked, as it is written on the command line.
    public struct Request: Sendable {
        /// Files or folders, `-` is standard input; none: where the settings have the log.
        public var files: [String] = []
        public var since: String?
        public var until: String?
        /// Run ids, or `last`.
        public var runs: [String] = []
        public var level: Level?
        public var events: [String] = []
        public var conditions: [String] = []
        public var groupBy: [String] = []
        public var bucket: String?
        public var top = 50
        public var limit: Int?
        public var context = 0
        /// Only the number.
        public var count = false
        /// The lines as they are.
        public var raw = false
        public var follow = false

        public init() {}
    }

    let request: Request
    let options: CommonOptions
    let world: World
    let style: LogStyle

    /// - Parameter style: how text is written.
    public init(_ request: Request, options: CommonOptions, world: World = .real, style: LogStyle = .plain) {
        self.request = request
        self.options = options
        self.world = world
        self.style = style
    }

    /// The answer where the arguments could not be read: all of its fields, and why.
    public static func unanswered(_ stop: RunStop) -> Outcome { .failure(stop, LogsDocument(LogQuery(), LogAnswer())) }

    public func execute() async -> Outcome {
        do {
            let query = try LogRequestReader(request, now: world.now()).query()
            let answer = try await answer(query)
            // What could be read of a file that ends in the middle is an answer, with a note.
            if let problem = answer.problems.first, answer.unopened == answer.files.count {
                throw RunStop(
                    .usage, reason: "file", culprit: problem.file, detail: problem.problem, remedy: "Name a log file that this user can read: --file PATH")
            }
            return LogsPresentation(query, answer, request: request, style: style, now: world.now()).outcome
        } catch {
            return .failure(RunStop(appError: error), LogsDocument(LogQuery(), LogAnswer()))
        }
    }

    /// The settings are read where no file is named.
    private func answer(_ query: LogQuery) async throws -> LogAnswer {
        if !request.files.isEmpty { return try await LogSearch(query, in: Self.named(request.files), workers: Self.workers).run() }
        let loaded = try LoadedSettings.load(options.config)
        var query = query
        for place in query.runs.indices { query.runs[place] = try await runID(query.runs[place], loaded) }
        guard let path = loaded.settings.telemetry.logs.file.map({ loaded.path($0) }) else {
            if !query.runs.isEmpty { return try await LogSearch(query, in: try await ownLogs(of: query.runs, loaded), workers: Self.workers).run() }
            throw RunStop(
                .settings, reason: "no_log_file", culprit: loaded.settings.file, detail: "telemetry.logs.file is not set, so no log is kept",
                remedy: "Name a file with --file PATH, ask for the log of one run with --run RUN, or set telemetry.logs.file.")
        }
        if query.since == nil { query.since = try await runs(query.runs, loaded).map { $0.startedAt + (.zero - Self.beforeRun) }.min() }
        let answer = try await LogSearch(query, in: LogFiles(path: path).all.map { .file($0) }, workers: Self.workers).run()
        return query.runs.isEmpty ? answer : try await fuller(answer, query, loaded)
    }

    /// Of a run that has ended there are two logs, and each can lack something: the files are deleted with time, and what a process that was
    /// killed had logged is not in the run's folder. The one that has more is told.
    private func fuller(_ answer: LogAnswer, _ query: LogQuery, _ loaded: LoadedSettings) async throws -> LogAnswer {
        do {
            let own = try await LogSearch(query, in: try await ownLogs(of: query.runs, loaded), workers: Self.workers).run()
            return own.matched > answer.matched ? own : answer
        } catch {
            let stop = RunStop(appError: error)
            guard answer.matched > 0, !Task.isCancelled else { throw stop }
            var answer = answer
            answer.problems.append(LogProblem(file: stop.culprit, problem: "the log in the run's folder cannot be read, and the log files may not reach so far back: \(stop.detail)"))
            return answer
        }
    }

    /// A run's first lines may be written before its start is.
    private static let beforeRun = Duration.seconds(60)

    static var workers: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// Each file once, however often and in whatever words it is named.
    private static func named(_ files: [String]) throws -> [LogSource] {
        var known: Set<String> = []
        return try files.flatMap { file -> [LogSource] in
            if file == "-" { return [.standardInput] }
            var status = stat()
            guard stat(file, &status) == 0 else {
                throw RunStop(
                    .usage, reason: "file", culprit: file, detail: "it cannot be read: \(String(cString: strerror(errno)))",
                    remedy: "Name log files or a folder of them, or - for standard input.")
            }
            guard status.st_mode & S_IFMT == S_IFDIR else { return known.insert(trueName(of: file)).inserted ? [.file(file)] : [] }
            let logs = LogFiles.logs(in: file)
            guard !logs.isEmpty else {
                throw RunStop(
                    .usage, reason: "file", culprit: file, detail: "no log is in this folder: no file whose name ends in .ndjson, .jsonl or .log, packed or not",
                    remedy: "Name the files themselves: --file \(file)/*")
            }
            return logs.filter { known.insert(trueName(of: $0)).inserted }.map { .file($0) }
        }
    }

    private static func trueName(of path: String) -> String {
        guard let name = realpath(path, nil) else { return path }
        defer { free(name) }
        return String(cString: name)
    }

    /// `last` is the newest run that is known.
    private func runID(_ name: String, _ loaded: LoadedSettings) async throws -> String {
        guard name == "last" else { return name }
        guard let newest = try await LedgerReader(loaded: loaded).ledger().runs(pipeline: nil, limit: 1).first else {
            throw RunStop(.usage, reason: "run", culprit: name, detail: "no run is known", remedy: "Run the pipeline once: vitrine run")
        }
        return newest.runID
    }

    /// Those of them that the ledger knows; none where there is no ledger.
    private func runs(_ ids: [String], _ loaded: LoadedSettings) async throws -> [RunFacts] {
        guard !ids.isEmpty, let ledger = try? await LedgerReader(loaded: loaded).ledger() else { return [] }
        let known = try ids.compactMap { try ledger.run($0) }
        return known.count == ids.count ? known : []
    }

    /// The logs that lie in the folders of runs.
    private func ownLogs(of ids: [String], _ loaded: LoadedSettings) async throws -> [LogSource] {
        let factory = PipelineFactory(loaded: loaded, world: world)
        var sources: [LogSource] = []
        for run in try await runs(ids, loaded) {
            guard let pipeline = loaded.settings.pipelines.first(where: { $0.name == run.pipeline }) else { continue }
            let store = try factory.synced(pipeline)
            let key = RunFolder(pipeline: run.pipeline, runID: run.runID, startedAt: run.startedAt).log
            guard try await store.exists(key) else { continue }
            sources.append(.memory(name: "\(store.location)/\(key)", try await store.get(key, limit: Self.mostOwnLog)))
        }
        return sources
    }

    /// Bytes, packed.
    private static let mostOwnLog = 256 << 20
}

extension LogsCommand {
    /// How long `--follow` waits between two looks.
    private static let pause = Duration.milliseconds(250)
    /// Lines that `--follow` shows to begin with, where no `--limit` is given.
    private static let firstLines = 10

    /// Shows the newest lines and then those that come, until it is cancelled or cannot write.
    /// - Parameters:
    ///   - write: false where nobody reads any more.
    ///   - say: for people, beside the lines.
    public func follow(_ write: @Sendable ([UInt8]) -> Bool, say: @Sendable (String) -> Void) async -> Outcome {
        do {
            var query = try LogRequestReader(request, now: world.now()).query()
            query.limit = request.limit ?? Self.firstLines
            let paths = try followedPaths()
            var first = request
            first.limit = query.limit
            let answer = try await LogSearch(query, in: paths.filter { access($0, F_OK) == 0 }.map { .file($0) }, workers: Self.workers).run()
            var known = Dictionary(answer.files.map { ($0.name, $0.bytes) }, uniquingKeysWith: { first, _ in first })
            // A line that was being written when its file was opened may have been read to its end.
            for line in answer.lines { known[answer.files[line.file].name] = max(known[answer.files[line.file].name] ?? 0, line.offset + line.bytes.count) }
            let follower = LogFollower(query, files: paths.map { ($0, known[$0]) })
            let text = LogLineText(style: style, raw: request.raw)
            for note in LogsPresentation(query, answer, request: first, style: style).problemNotes { say(note) }
            for path in paths where access(path, F_OK) != 0 { say("\(Shown.line(path)): it is not there yet; its lines are told once it is.") }
            var isRead = write(answer.lines.flatMap { text.bytes($0.bytes) })
            var unreadable = 0
            while isRead, !Task.isCancelled {
                try? await world.sleep(Self.pause)
                let lines = follower.next()
                if !lines.isEmpty { isRead = write(lines.flatMap { text.bytes($0) }) }
                if follower.unreadable > unreadable { say(LogsPresentation.passedOver(follower.unreadable - unreadable)) }
                unreadable = follower.unreadable
            }
            return Outcome(code: .success, text: "", json: [])
        } catch {
            return .failure(RunStop(appError: error), LogsDocument(LogQuery(), LogAnswer()))
        }
    }

    /// Only plain files grow: those that were put aside are not followed.
    private func followedPaths() throws -> [String] {
        for file in request.files {
            var status = stat()
            guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { continue }
            throw RunStop(.usage, reason: "file", culprit: file, detail: "it is a folder, and --follow wants files that grow", remedy: "Name the log file itself: --follow --file \(file)/NAME")
        }
        if !request.files.isEmpty { return request.files }
        let loaded = try LoadedSettings.load(options.config)
        guard let path = loaded.settings.telemetry.logs.file.map({ loaded.path($0) }) else {
            throw RunStop(
                .settings, reason: "no_log_file", culprit: loaded.settings.file, detail: "telemetry.logs.file is not set, so no log is kept",
                remedy: "Name a file with --file PATH, or set telemetry.logs.file.")
        }
        return [path]
    }
}
