import CatalogSync
import Engine
import Events
import Investigation
import Settings

/// The lines of a run for its bundle, and what else was logged around it. Of a run there are two logs, and each can lack something: what a process that was
/// killed had logged is not in the run's folder, where a long log stops at a bound too, and the files are deleted with time. The one that has more is told.
struct IncidentLog {
    /// Oldest first.
    let lines: [[UInt8]]
    /// What they are, for people: whether all of them are there.
    let what: String
    /// Why there are none.
    let problem: String?
    /// Lines of other runs and of the process; nil where no log of it is kept.
    let others: [[UInt8]]?

    /// Before the run began and behind its end, the log is told too.
    private static let around = Duration.seconds(5 * 60)
    /// Lines of others that are told, the newest.
    private static let mostAround = 5_000

    /// - Parameters:
    ///   - end: of the run; of one without an end, now.
    ///   - own: the log in its folder.
    init(run: RunFacts, until end: Timestamp, loaded: LoadedSettings, own: IncidentObject) async throws {
        var query = LogQuery()
        query.limit = LogQuery.mostLines
        query.runs = [run.runID]
        var kept = LogAnswer()
        var missing: String?
        switch own {
        case .found(let packed): kept = try await Self.search(query, [.memory(name: "log.ndjson.gz", packed)])
        case .omitted(let why): missing = why
        }
        let files = loaded.settings.telemetry.logs.file.map { LogFiles(path: loaded.path($0)).all.map { LogSource.file($0) } } ?? []
        (query.since, query.until) = (run.startedAt + (.zero - Self.around), end + Self.around)
        let written = try await Self.search(query, files)
        let isKept = kept.matched >= written.matched
        let answer = isKept ? kept : written
        lines = answer.lines.map(\.bytes)
        what = Self.what(answer, isKept: isKept, hasEnd: run.state != .running)
        problem = lines.isEmpty ? "no log file has a line of the run, and of the log in its folder: \(missing ?? "it is empty")" : nil
        query.runs = []
        query.conditions = [LogCondition(field: "run_id", operation: .unequal, text: run.runID)]
        query.limit = Self.mostAround
        others = files.isEmpty ? nil : try await Self.search(query, files).lines.map(\.bytes)
    }

    private static func what(_ answer: LogAnswer, isKept: Bool, hasEnd: Bool) -> String {
        if answer.isCut { return "the newest \(answer.lines.count) of \(answer.matched) lines that the run logged" }
        let records = isKept ? answer.lines.suffix(mostLastWords).map { LogRecord($0.bytes) } : []
        if let cut = records.last(where: { $0.event == SyncEvent.Name.runLogCut.rawValue }) {
            let count = cut.others.first { $0.name == FieldName.count.rawValue }?.value ?? "some"
            return "what the run logged until its log was full: \(count) lines are missing here"
        }
        if !isKept { return "the lines of the run that are in the log files" }
        return hasEnd ? "every line that the run logged" : "what the run logged before it was gone on with"
    }

    /// Lines at the end of a log among which the word stands that it was full.
    private static let mostLastWords = 100

    private static func search(_ query: LogQuery, _ sources: [LogSource]) async throws -> LogAnswer {
        try await LogSearch(query, in: sources, workers: LogsCommand.workers).run()
    }
}
