import Events
import Synchronization

/// Searches many files at once, on as many tasks as it is given.
///
/// Files and parts of files are left out where their names or times say that nothing in them can match; the rest is read once. Bytes are searched
/// before lines are taken apart, and only lines that may match are.
public struct LogSearch: Sendable {
    private let query: LogQuery
    private let sources: [LogSource]
    private let workers: Int
    /// Bytes of a plain file that one task searches at once, in blocks of so many.
    var pieceSize = 8 << 20
    var blockSize = LogBlock.usualSize
    var longestLine = LogBlock.usualLongestLine
    /// Bytes of lines around those that match.
    var mostHeld = LogContext.mostHeld
    /// Bytes of a line; a longer one is passed over and counted with those that are no JSON objects.
    public static let longestLine = LogBlock.usualLongestLine
    /// Files at once.
    public static let mostFiles = 100_000

    public init(_ query: LogQuery, in sources: [LogSource], workers: Int) {
        self.query = query
        self.sources = sources
        self.workers = max(1, workers)
    }

    /// - Throws: `CancellationError` only; what cannot be read is among the answer's problems.
    public func run() async throws -> LogAnswer {
        var answer = LogAnswer()
        var logs: [OpenLog?] = []
        var pieces: [LogWorker.Piece] = []
        for (place, source) in sources.prefix(Self.mostFiles).enumerated() {
            do throws(LogProblem) {
                let log = try OpenLog(source)
                let range = Self.range(of: log, query)
                pieces += self.pieces(of: log, range, file: place)
                logs.append(log)
                answer.files.append(.init(name: source.name, bytes: log.size, searchedBytes: range.count))
            } catch {
                logs.append(nil)
                answer.files.append(.init(name: source.name, bytes: 0, searchedBytes: 0))
                answer.problems.append(error)
                answer.unopened += 1
            }
        }
        // The newest lines first: of older ones most need not be kept then.
        pieces.reverse()
        let findings = try await search(pieces, logs)
        Self.collect(findings, query, into: &answer)
        for place in answer.files.indices where logs[place]?.isStream == true {
            let read = findings.reduce(0) { $0 + ($1.streamBytes[place] ?? 0) }
            (answer.files[place].bytes, answer.files[place].searchedBytes) = (read, read)
        }
        if query.context > 0 { try addContext(to: &answer, logs) }
        return answer
    }

    /// Empty where the file's name or its first line says that it has nothing of the time asked for.
    private static func range(of log: OpenLog, _ query: LogQuery) -> Range<Int> {
        let whole = 0..<log.size
        guard !log.isStream else { return whole }
        if let since = query.since, let end = LogFileName.putAside(log.name), end + LogTimeWindow.disorder < since { return 0..<0 }
        if log.isPacked {
            guard let until = query.until, let begin = LogUnpacker.firstTime(of: log) else { return whole }
            return begin > until + LogTimeWindow.disorder ? 0..<0 : whole
        }
        return LogTimeWindow(file: log).range(since: query.since, until: query.until)
    }

    private func pieces(of log: OpenLog, _ range: Range<Int>, file: Int) -> [LogWorker.Piece] {
        if log.isStream { return [.init(file: file, range: 0..<Int.max)] }
        guard !range.isEmpty else { return [] }
        if log.isPacked { return [.init(file: file, range: range)] }
        return stride(from: range.lowerBound, to: range.upperBound, by: pieceSize).map {
            .init(file: file, range: $0..<min($0 + pieceSize, range.upperBound))
        }
    }

    private func search(_ pieces: [LogWorker.Piece], _ logs: [OpenLog?]) async throws -> [LogWorker.Findings] {
        let next = Counter()
        return try await withThrowingTaskGroup(of: LogWorker.Findings.self) { group in
            for _ in 0..<max(1, min(workers, pieces.count)) {
                group.addTask { [query, blockSize, longestLine] in
                    let worker = LogWorker(query, block: LogBlock(size: blockSize, longestLine: longestLine))
                    while true {
                        try Task.checkCancellation()
                        let place = next.take()
                        guard place < pieces.count else { return worker.findings }
                        if let log = logs[pieces[place].file] { worker.search(pieces[place], of: log) }
                    }
                }
            }
            var all: [LogWorker.Findings] = []
            for try await findings in group { all.append(findings) }
            return all
        }
    }

    private static func collect(_ findings: [LogWorker.Findings], _ query: LogQuery, into answer: inout LogAnswer) {
        var keeper = LogKeeper(limit: query.limit)
        var groups: LogGroups?
        for found in findings {
            answer.matched += found.matched
            answer.unreadable += found.unreadable
            answer.problems += found.problems
            for line in found.lines { keeper.keep(line) }
            if let more = found.groups { if groups == nil { groups = more } else { groups?.merge(more) } }
        }
        answer.problems.sort { ($0.file, $0.problem) < ($1.file, $1.problem) }
        if let grouping = query.grouping {
            LogRanking(grouping, groups ?? LogGroups()).rank(into: &answer)
        } else {
            answer.lines = keeper.sorted.map { .init(time: $0.hasTime ? $0.time : nil, file: $0.file, offset: $0.offset, bytes: $0.bytes) }
            answer.isCut = answer.lines.count < answer.matched
        }
    }

    private func addContext(to answer: inout LogAnswer, _ logs: [OpenLog?]) throws {
        var room = mostHeld
        for (file, places) in Dictionary(grouping: answer.lines.indices, by: { answer.lines[$0].file }).sorted(by: { $0.key < $1.key }) {
            guard let log = logs[file] else { continue }
            try Task.checkCancellation()
            do throws(LogProblem) {
                let context = try LogContext(log, lines: query.context).around(places.map { answer.lines[$0].offset }, room: &room)
                for place in places {
                    guard let found = context[answer.lines[place].offset] else { continue }
                    (answer.lines[place].before, answer.lines[place].after) = (found.before, found.after)
                }
                if room < 0 {
                    let problem = "the lines around those that match are more than \(mostHeld >> 20) MiB: not all of them are told; ask with a smaller --context or --limit"
                    return answer.problems.append(LogProblem(file: log.name, problem: problem))
                }
            } catch {
                answer.problems.append(error)
            }
        }
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
    }
}
