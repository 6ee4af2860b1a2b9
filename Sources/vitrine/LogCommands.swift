import ArgumentParser
import Glibc
import Engine
import Events
import VitrineApp

struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lines of the log files, or counts of them: by time, run, level, event and field.",
        discussion: """
            Reads the log of the settings, with what was put aside and packed; or files, folders and standard input. All options: vitrine logs search --help

            Examples:
              vitrine logs --since -2h --level error
              vitrine logs --run last --event item.refused --output csv > refused.csv
              vitrine logs --since yesterday --group-by event,error_code --top 10
              vitrine logs --where product_id=SKU-1001 --context 3
              vitrine logs --level warning --bucket 5m --group-by level
              vitrine logs diff 20261121T080000Z-3fa4c1 20261121T090000Z-91bb20
            """,
        subcommands: [LogsSearch.self, LogsDiff.self], defaultSubcommand: LogsSearch.self)
}

struct LogsSearch: OutcomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Lines of the log files, or counts of them.",
        discussion: """
            Everything that is given has to hold. Times are UTC: -2h, 90m, today, yesterday, 14:05, 2026-11-21, or RFC 3339. Conditions: FIELD=VALUE, and != ~ !~ < <= > >=,
            where ~ is a regular expression; != and !~ hold for lines without the field too.
            """)

    @Option(name: .customLong("file"), parsing: .upToNextOption, help: ArgumentHelp("Files or folders, plain or gzip; - is standard input. Without it: the log of the settings.", valueName: "path"))
    var files: [String] = []
    @Option(parsing: .unconditional, help: ArgumentHelp("Lines of this time or later.", valueName: "time"))
    var since: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Lines before this time.", valueName: "time"))
    var until: String?
    @Option(help: ArgumentHelp("Lines of this run, or last; may be repeated.", valueName: "id"))
    var run: [String] = []
    @Option(help: "This level or worse: debug, info, warning, error.")
    var level: Level?
    @Option(help: ArgumentHelp("Lines of this event; several with commas between, or repeated; batch.* are all that begin so.", valueName: "name"))
    var event: [String] = []
    @Option(name: .customLong("where"), help: ArgumentHelp("A condition on a field; may be repeated, and all have to hold.", valueName: "condition"))
    var conditions: [String] = []
    @Option(help: ArgumentHelp("Counts lines with the same values of these fields, with commas between.", valueName: "fields"))
    var groupBy: [String] = []
    @Option(help: ArgumentHelp("Counts lines span by span: 5m, 1h, 1d.", valueName: "length"))
    var bucket: String?
    @Option(help: "How many groups, the most frequent: 1 to 100000.")
    var top = 50
    @Option(help: "How many lines, the newest: 1 to 1000000. Without it 1000.")
    var limit: Int?
    @Option(help: "Lines before and behind each, 0 to 1000.")
    var context = 0
    @Flag(help: "Only how many lines match.")
    var count = false
    @Flag(help: "The lines as they lie there.")
    var raw = false
    @Flag(help: "Goes on with the lines that come, until it is stopped.")
    var follow = false
    @OptionGroup var common: Common

    static var writesCSV: Bool { true }

    func validate() throws {
        guard (1...100_000).contains(top) else { throw ValidationError("--top must be 1 to 100000.") }
        guard (1...1_000_000).contains(limit ?? 1) else { throw ValidationError("--limit must be 1 to 1000000.") }
        guard (0...1_000).contains(context) else { throw ValidationError("--context must be 0 to 1000.") }
        guard context == 0 || groupBy.isEmpty && bucket == nil && !count else { throw ValidationError("--context goes with lines, not with counts.") }
        guard !follow || groupBy.isEmpty && bucket == nil && !count && context == 0 else {
            throw ValidationError("--follow shows lines: it does not go with --group-by, --bucket, --count or --context.")
        }
        guard !follow || common.output == .text else { throw ValidationError("--follow never ends, so it has no document: with --raw it writes JSON lines.") }
        guard !follow || !files.contains("-") else { throw ValidationError("--follow wants files; standard input is read as it comes without it.") }
        guard files.filter({ $0 == "-" }).count <= 1 else { throw ValidationError("Standard input can be read once.") }
    }

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { LogsCommand.unanswered(stop) }

    func outcome() async -> Outcome {
        let command = LogsCommand(request, options: common.options, style: LogStyle(hasColours: Self.hasColours))
        guard follow else { return await command.execute() }
        return await command.follow { Printer.write($0, to: STDOUT_FILENO) } say: { _ = Printer.write(Array(($0 + "\n").utf8), to: STDERR_FILENO) }
    }

    private var request: LogsCommand.Request {
        var request = LogsCommand.Request()
        request.files = files
        request.since = since
        request.until = until
        request.runs = run
        request.level = level
        request.events = event
        request.conditions = conditions
        request.groupBy = groupBy
        request.bucket = bucket
        request.top = top
        request.limit = limit
        request.context = context
        request.count = count
        request.raw = raw
        request.follow = follow
        return request
    }

    /// On a terminal, unless it was asked for none. Source: no-color.org.
    private static var hasColours: Bool {
        isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true && getenv("TERM").map { String(cString: $0) } != "dumb"
    }
}

struct LogsDiff: OutcomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Products that stand otherwise after one run than after another.",
        discussion: """
            Told from the receipts of the runs, not from log lines. A product counts with the last word on it until each run, so also what runs in between changed.

            Example:
              vitrine logs diff 20261121T080000Z-3fa4c1 last --output csv > changed.csv
            """)

    @Argument(help: "The earlier run's id.")
    var first: String
    @Argument(help: "The later run's id, or last.")
    var second: String
    @Option(help: "Products listed, 1 to 1000000; all are counted.")
    var limit = 10_000
    @OptionGroup var common: Common

    static var writesCSV: Bool { true }

    func validate() throws {
        guard (1...1_000_000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000000.") }
    }

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { LogsDiffCommand.unanswered(stop) }

    func outcome() async -> Outcome { await LogsDiffCommand(first: first, second: second, limit: limit, options: common.options).execute() }
}

struct Incident: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "One archive with all that is known of a run: timeline, log, requests, answers, figures. Without secrets.",
        discussion: """
            For whoever has to find out what went wrong without this machine: a ZIP file with a README, a timeline and a report for a browser, the log of the run and what was
            logged around it, journal, receipts, requests and answers, figures, and the settings. Tokens, passwords and app secrets are taken out; products are not.

            Example:
              vitrine incident last --out /tmp/incident.zip
            """)

    @Argument(help: "The run's id, or last.")
    var run: String
    @Option(help: ArgumentHelp("Where to put it. Without it: incident-RUN.zip here.", valueName: "file"))
    var out: String?
    @OptionGroup var common: Common

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { IncidentCommand.unanswered(stop) }

    func outcome() async -> Outcome { await IncidentCommand(runID: run, path: out, options: common.options).execute() }
}
