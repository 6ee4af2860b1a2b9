public import ArgumentParser
public import CatalogSync
public import Events
public import VitrineApp

struct Common: ParsableArguments {
    @Option(help: ArgumentHelp("The settings file.", valueName: "file"))
    var config = "vitrine.yaml"

    @Option(help: "text for people, or json: exactly one document on stdout, whatever the exit code. Lists also as csv, for a spreadsheet.")
    var output = CommonOptions.Output.text

    @Option(help: ArgumentHelp("Writes the JSON document to this file as well.", valueName: "path"))
    var resultFile: String?

    @Option(help: "What goes to stderr: debug, info, warning or error.")
    var logLevel: Level?

    @Flag(help: "No progress line on a terminal.")
    var noProgress = false

    var options: CommonOptions {
        var options = CommonOptions()
        options.config = config
        options.output = output
        options.resultFile = resultFile
        options.logLevel = logLevel
        options.noProgress = noProgress
        return options
    }
}

extension CommonOptions.Output: ExpressibleByArgument {}

extension Level: ExpressibleByArgument {
    public init?(argument: String) { self.init(name: argument) }
    public static var allValueStrings: [String] { allCases.map(\.name) }
}

extension SyncStage: ExpressibleByArgument {}
extension SandboxCommand.Faults: ExpressibleByArgument {}
extension ProductsCommand.Choice: ExpressibleByArgument {}

struct Demo: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows all of it on a sample landing zone, with a sandbox in Meta's place.",
        discussion: "Nothing leaves this machine, and no settings are needed.\n\nExample:\n  vitrine demo --folder /tmp/vitrine-demo")

    @Option(help: "Where the demo lives; emptied by the next demo.")
    var folder = "vitrine-demo"
    @Option(help: "The same seed makes the same products.")
    var seed: UInt64 = 1
    @OptionGroup var common: Common

    func outcome() async -> Outcome { await DemoCommand(folder: folder, seed: seed, options: common.options).execute() }
}

struct Run: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "One run of one pipeline, or of all.",
        discussion: """
            Unfinished runs are resumed first. A run that stopped is safe: nothing is lost, and the next run goes on.

            Examples:
              vitrine run
              vitrine run shop-catalog --output json --result-file report.json
              vitrine run shop-catalog --full
              vitrine run shop-catalog --accept-rejected --reason "old stock without brands"
            """)

    @Argument(help: "The pipeline's name in the settings. Without it: all of them.")
    var pipeline: String?
    @Option(help: ArgumentHelp("Names the run. Of an ended run: prints its report. Of an open one: resumes it.", valueName: "id"))
    var runID: String?
    @Flag(help: "Sends what is unchanged too.")
    var full = false
    @Flag(help: "Lets the valid rows go although too many were rejected.")
    var acceptRejected = false
    @Option(help: "Why, for --accept-rejected; it is kept.")
    var reason: String?
    @OptionGroup var common: Common

    func validate() throws {
        if acceptRejected, reason?.isEmpty != false { throw ValidationError("--accept-rejected wants --reason TEXT: it is kept with the run.") }
        if runID != nil, pipeline == nil { throw ValidationError("--run-id wants the PIPELINE it belongs to.") }
    }

    func outcome() async -> Outcome {
        var request = CatalogSync.Request()
        request.runID = runID
        request.full = full
        request.acceptRejected = acceptRejected ? reason : nil
        return await RunCommand(pipeline: pipeline, request: request, options: common.options).execute()
    }
}

struct Plan: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Dry run: what would be found, stopped and sent. Calls nothing, writes nothing.",
        discussion: "Examples:\n  vitrine plan products.csv\n  vitrine plan shop-catalog")

    @Argument(help: "A pipeline of the settings, or a .csv or .csv.gz file, which needs no settings.")
    var target: String?
    @OptionGroup var common: Common

    func outcome() async -> Outcome { await PlanCommand(target: target, options: common.options).execute() }
}

struct Init: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes settings for a shop, guessed from one of its files.",
        discussion: "Example:\n  vitrine init --from products.csv")

    @Option(help: ArgumentHelp("A .csv or .csv.gz of yours.", valueName: "file"))
    var from: String
    @OptionGroup var common: Common

    func outcome() async -> Outcome { InitCommand(file: from, options: common.options).execute() }
}

struct Serve: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "The daemon: schedules, watched landing zones, metrics and the status page, until it is told to stop.",
        discussion: """
            SIGTERM stops it: runs in progress give up within seconds and are resumed by the next start. SIGHUP reads the settings anew.

            Example:
              vitrine serve --config /etc/vitrine/vitrine.yaml
            """)

    @OptionGroup var common: Common

    func outcome() async -> Outcome { await ServeCommand(options: common.options).execute() }
}

struct Stage: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "One stage of a run, for orchestrators; earlier stages that are not done yet are done first.",
        discussion: """
            Example:
              for s in check validate transform send check-handles archive save; do vitrine stage $s shop-catalog --run-id hourly-42; done
            """)

    @Argument(help: "settle, check, validate, transform, send, check-handles, archive or save.")
    var stage: SyncStage
    @Argument(help: "The pipeline's name in the settings.")
    var pipeline: String
    @Option(help: ArgumentHelp("The same for every stage of the run.", valueName: "id"))
    var runID: String
    @OptionGroup var common: Common

    func outcome() async -> Outcome {
        var request = CatalogSync.Request()
        request.runID = runID
        return await RunCommand(pipeline: pipeline, request: request, stage: stage, options: common.options).execute()
    }
}

struct Runs: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "The newest runs and their books.", discussion: "Example:\n  vitrine runs shop-catalog --limit 48")

    @Argument(help: "Only of this pipeline.")
    var pipeline: String?
    @Option(help: "How many, 1 to 10000.")
    var limit = 20
    @OptionGroup var common: Common

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be 1 to 10000.") }
    }

    func outcome() async -> Outcome { await RunsCommand(pipeline: pipeline, limit: limit, options: common.options).execute() }
}

struct Report: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "The report of a run.", discussion: "Examples:\n  vitrine report last\n  vitrine report 20261121T080000Z-3fa4c1 --output json")

    @Argument(help: "The run's id, or last.")
    var run: String
    @OptionGroup var common: Common

    func outcome() async -> Outcome { await ReportCommand(runID: run, options: common.options).execute() }
}

struct Trace: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "What happened to a product: file, row, batch, handle, and what Meta said.",
        discussion: "Example:\n  vitrine trace SKU-1001 --output json")

    @Argument(help: "The product's id, as it stands in the file.")
    var productID: String
    @Option(help: "Only in this pipeline.")
    var pipeline: String?
    @OptionGroup var common: Common

    func outcome() async -> Outcome { await TraceCommand(productID: productID, pipeline: pipeline, options: common.options).execute() }
}

struct Products: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Which products are not live now, since when, why, and what to do.",
        discussion: """
            Examples:
              vitrine products
              vitrine products --state refused --pipeline shop-catalog --search "Invalid link"
              vitrine products --output csv --limit 10000 > not-live.csv
            """)

    @Option(help: "refused (by Meta), rejected (by our checks), unknown (no verdict), accepted, or not-live: the first three.")
    var state = ProductsCommand.Choice.notLive
    @Option(help: "Only of this pipeline.")
    var pipeline: String?
    @Option(help: ArgumentHelp("Only products with this in their id or message.", valueName: "text"))
    var search: String?
    @Option(help: "How many of each pipeline, 1 to 10000.")
    var limit = 50
    @OptionGroup var common: Common

    static var writesCSV: Bool { true }

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be 1 to 10000.") }
    }

    func outcome() async -> Outcome {
        await ProductsCommand(choice: state, pipeline: pipeline, text: search, limit: limit, options: common.options).execute()
    }
}

struct PausePipeline: OutcomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Lets no run of a pipeline begin, until it is resumed or for a time.",
        discussion: """
            A run in progress goes on to its end. Other pipelines go on. The reason is kept, logged, and told to whoever tries to run.

            Example:
              vitrine pause shop-catalog --reason "stock-taking" --for 4h
            """)

    @Argument(help: "The pipeline's name in the settings.")
    var pipeline: String
    @Option(help: "Why; it is kept.")
    var reason: String
    @Option(name: .customLong("for"), help: ArgumentHelp("For how long: 30m, 4h, 2d. Without it: until it is resumed.", valueName: "duration"))
    var length: String?
    @Option(help: "Who says so. Without it: the user on this machine.")
    var author: String?
    @OptionGroup var common: Common

    func validate() throws { try HumanWord.check(reason: reason, author: author) }

    func outcome() async -> Outcome {
        await PauseCommand(pipeline: pipeline, reason: reason, length: length, author: author, options: common.options).execute()
    }
}

struct ResumePipeline: OutcomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Ends the pause of a pipeline.", discussion: "Example:\n  vitrine resume shop-catalog --reason \"stock-taking done\"")

    @Argument(help: "The pipeline's name in the settings.")
    var pipeline: String
    @Option(help: "Why; it is logged.")
    var reason: String
    @Option(help: "Who says so. Without it: the user on this machine.")
    var author: String?
    @OptionGroup var common: Common

    func validate() throws { try HumanWord.check(reason: reason, author: author) }

    func outcome() async -> Outcome {
        await ResumeCommand(pipeline: pipeline, reason: reason, author: author, options: common.options).execute()
    }
}

/// Names and reasons that people give and that are kept.
enum HumanWord {
    /// Characters.
    private static let longest = 500

    static func check(reason: String, author: String?) throws {
        for (option, text) in [("--reason", reason), ("--author", author ?? "x")] {
            guard text.contains(where: { !$0.isWhitespace }) else { throw ValidationError("\(option) wants a text: it is kept.") }
            guard text.count <= longest else { throw ValidationError("\(option) takes at most \(longest) characters.") }
        }
    }
}

struct Status: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "How the pipelines stand, on one screen, with an exit code for monitors.",
        discussion: """
            Exit codes: 0 all is well, 1 warning, 2 critical; 64 and above: it cannot be told. The first line is what a Nagios-like monitor shows.

            Examples:
              vitrine status
              vitrine status shop-catalog --output json
            """)

    @Argument(help: "Only this pipeline.")
    var pipeline: String?
    @OptionGroup var common: Common

    func outcome() async -> Outcome { await StatusCommand(pipeline: pipeline, options: common.options).execute() }
}

struct Doctor: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks at everything a run needs: settings, token, catalogue, stores, clock, version, space.",
        discussion: """
            Nothing is sent to the catalogue. The exit code is that of the worst finding: 0 all is well, 1 warnings, 69 Meta cannot be reached,
            73 something cannot be written, 77 token or permission, 78 settings.

            Example:
              vitrine doctor shop-catalog
            """)

    @Argument(help: "Only this pipeline.")
    var pipeline: String?
    @OptionGroup var common: Common

    func outcome() async -> Outcome { await DoctorCommand(pipeline: pipeline, options: common.options).execute() }
}

struct SandboxServer: OutcomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "A stand-in for Meta's Catalog Batch API on this machine, for tries and tests.",
        discussion: "Example:\n  vitrine sandbox --port 8780 --faults demo   # then graph_url: http://127.0.0.1:8780/v26.0")

    @Option(help: "0: any free port.")
    var port = 8780
    @Option(help: "The one catalogue it knows.")
    var catalogID = "1234567890"
    @Option(help: "The access token it accepts.")
    var token = "sandbox-token"
    @Option(help: "The same seed misbehaves in the same way.")
    var seed: UInt64 = 1
    @Option(help: "none, demo (one transient error, some refused items) or random.")
    var faults = SandboxCommand.Faults.none
    @OptionGroup var common: Common

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535.") }
    }

    func outcome() async -> Outcome {
        await SandboxCommand(port: port, catalogID: catalogID, token: token, seed: seed, faults: faults) { line in
            _ = Printer.write(Array(line.utf8), to: 2)
        }.execute()
    }
}

struct Reindex: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rebuilds the ledger from the run folders in the synced store.", discussion: "Example:\n  vitrine reindex")

    @OptionGroup var common: Common

    func outcome() async -> Outcome { await ReindexCommand(options: common.options).execute() }
}

struct Reference: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the reference pages (metrics, log events, rules, settings) and the example settings.",
        discussion: "Example:\n  vitrine reference --folder .", shouldDisplay: false)

    @Option(help: "The root of the checkout.")
    var folder = "."
    @OptionGroup var common: Common

    func outcome() async -> Outcome { ReferenceCommand(folder: folder).execute() }
}
