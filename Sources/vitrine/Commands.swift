public import ArgumentParser
public import CatalogSync
public import Events
import Engine
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
        options.libraryMetrics = .ofThisProcess
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

struct Demo: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows all of it on a sample landing zone, with a sandbox in Meta's place.",
        discussion: "Nothing leaves this machine, and no settings are needed.\n\nExample:\n  vitrine demo --folder /tmp/vitrine-demo")

    @Option(help: "Where the demo lives; emptied by the next demo.")
    var folder = "vitrine-demo"
    @Option(help: "The same seed makes the same products.")
    var seed: UInt64 = 1
    @OptionGroup var common: Common

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { DemoCommand.unanswered(stop) }

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
              vitrine run shop-catalog --expect-full
              vitrine run shop-catalog --accept-rejected --reason "old stock without brands"
            """)

    @Argument(help: "The pipeline's name in the settings. Without it: all of them.")
    var pipeline: String?
    @Option(help: ArgumentHelp("Names the run. Of an ended run: prints its report. Of an open one: resumes it.", valueName: "id"))
    var runID: String?
    @Flag(help: "Sends what is unchanged too.")
    var full = false
    @Flag(help: "Announces a full load: guards that look at how much is sent are silent.")
    var expectFull = false
    @Flag(help: "Lets the valid rows go although too many were rejected.")
    var acceptRejected = false
    @Option(help: "Why, for --accept-rejected; it is kept.")
    var reason: String?
    @OptionGroup var common: Common

    func validate() throws {
        if acceptRejected, reason?.isEmpty != false { throw ValidationError("--accept-rejected wants --reason TEXT: it is kept with the run.") }
        if runID != nil, pipeline == nil { throw ValidationError("--run-id wants the PIPELINE it belongs to.") }
    }

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { RunCommand.unanswered(stop) }

    func outcome() async -> Outcome {
        var request = CatalogSync.Request()
        request.runID = runID
        request.full = full
        request.acceptRejected = acceptRejected ? reason : nil
        request.expectsFull = expectFull
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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { PlanCommand.unanswered(stop) }

    func outcome() async -> Outcome { await PlanCommand(target: target, options: common.options).execute() }
}

struct Init: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes settings for a shop, guessed from one of its files.",
        discussion: "Example:\n  vitrine init --from products.csv")

    @Option(help: ArgumentHelp("A .csv or .csv.gz of yours.", valueName: "file"))
    var from: String
    @OptionGroup var common: Common

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { InitCommand.unanswered(stop) }

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ServeCommand.unanswered(stop) }

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { RunCommand.unansweredStage(stop) }

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { RunsCommand.unanswered(stop) }

    func outcome() async -> Outcome { await RunsCommand(pipeline: pipeline, limit: limit, options: common.options).execute() }
}

struct Report: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "The report of a run.", discussion: "Examples:\n  vitrine report last\n  vitrine report 20261121T080000Z-3fa4c1 --output json")

    @Argument(help: "The run's id, or last.")
    var run: String
    @OptionGroup var common: Common

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ReportCommand.unanswered(stop) }

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { TraceCommand.unanswered(stop) }

    func outcome() async -> Outcome { await TraceCommand(productID: productID, pipeline: pipeline, options: common.options).execute() }
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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { SandboxCommand.unanswered(stop) }

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ReindexCommand.unanswered(stop) }

    func outcome() async -> Outcome { await ReindexCommand(options: common.options).execute() }
}

struct Setup: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "What has to be there beside Vitrine, and is not.", subcommands: [SetupAWS.self])
}

struct SetupAWS: OutcomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "aws", abstract: "What is missing in the AWS account, with the commands that make it, and the IAM policy for these settings.",
        discussion: "Looks and changes nothing.\n\nExamples:\n  vitrine setup aws --plan\n  vitrine setup aws --plan --output json | jq .policy > policy.json")

    @Flag(help: "Say what is missing. There is nothing else that this command does.")
    var plan = false
    @OptionGroup var common: Common

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { SetupCommand.unanswered(stop) }

    func outcome() async -> Outcome { await SetupCommand(isPlan: plan, options: common.options).execute() }
}

struct Reference: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the reference pages (metrics, log events, rules, settings) and the example settings.",
        discussion: "Example:\n  vitrine reference --folder .", shouldDisplay: false)

    @Option(help: "The root of the checkout.")
    var folder = "."
    @OptionGroup var common: Common

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ReferenceCommand.unanswered(stop) }

    func outcome() async -> Outcome { ReferenceCommand(folder: folder).execute() }
}
