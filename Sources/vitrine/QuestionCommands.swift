public import ArgumentParser
import Engine
public import VitrineApp

extension ProductsCommand.Choice: ExpressibleByArgument {}

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ProductsCommand.unanswered(stop) }

    func outcome() async -> Outcome {
        await ProductsCommand(choice: state, pipeline: pipeline, text: search, limit: limit, options: common.options).execute()
    }
}

struct Changes: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "What changed on Meta's side by our doing: product, field, old and new value, run, verdict.",
        discussion: """
            Examples:
              vitrine changes --since 6h
              vitrine changes --since 2d --field availability --output csv > availability.csv
            """)

    @Option(help: ArgumentHelp("Since so long ago: 30m, 6h, 2d.", valueName: "duration"))
    var since = "24h"
    @Option(help: "Only of this field, by the name it is sent under: availability, price, title, …")
    var field: String?
    @Option(help: "Only of this pipeline.")
    var pipeline: String?
    @Option(help: "Products of each pipeline, 1 to 100000.")
    var limit = 200
    @OptionGroup var common: Common

    static var writesCSV: Bool { true }

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be 1 to 100000.") }
    }

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ChangesCommand.unanswered(stop) }

    func outcome() async -> Outcome {
        await ChangesCommand(since: since, field: field, pipeline: pipeline, limit: limit, options: common.options).execute()
    }
}

struct Resend: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sends products once more, as they were sent last: by the next run, or now.",
        discussion: """
            For products that Meta refused although nothing is wrong with them, or any more: a refused product is not sent again while its row
            stays as it is. A row that is newer by then goes before. Products whose newest row was rejected are not sent: the row has to come
            again, mended. The request is kept until a run takes it, and asking twice is asking once.

            Examples:
              vitrine resend --refused --reason "the domain is verified now"
              vitrine resend --product SKU-1001 --product SKU-1002 --pipeline shop-catalog --reason "Meta's mistake" --now
            """)

    @Flag(help: "All that Meta refused.")
    var refused = false
    @Flag(help: "Says where the rows lie that our checks rejected; they cannot be sent.")
    var rejected = false
    @Flag(help: "All that were sent and have no verdict.")
    var unknown = false
    @Option(help: ArgumentHelp("This one; may be repeated.", valueName: "id"))
    var product: [String] = []
    @Flag(help: "All that were ever sent, accepted ones too.")
    var all = false
    @Option(help: "Only in this pipeline.")
    var pipeline: String?
    @Option(help: "Why; it is kept.")
    var reason: String
    @Option(help: "Who says so. Without it: the user on this machine.")
    var author: String?
    @Flag(help: "Runs the pipeline at once; the answer is then that of run.")
    var now = false
    @OptionGroup var common: Common

    func validate() throws {
        try HumanWord.check(reason: reason, author: author)
        guard refused || rejected || unknown || all || !product.isEmpty else {
            throw ValidationError("Say what: --refused, --rejected, --unknown, --product ID or --all.")
        }
        guard product.count <= ResendCommand.mostProducts else {
            throw ValidationError("--product can be given \(ResendCommand.mostProducts) times.")
        }
    }

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ResendCommand.unanswered(stop, now: arguments.contains("--now")) }

    func outcome() async -> Outcome {
        var choice = ResendCommand.Choice()
        choice.refused = refused
        choice.rejected = rejected
        choice.unknown = unknown
        choice.all = all
        choice.products = product
        return await ResendCommand(choice: choice, pipeline: pipeline, reason: reason, author: author, now: now, options: common.options).execute()
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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { PauseCommand.unanswered(stop) }

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ResumeCommand.unanswered(stop) }

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { StatusCommand.unanswered(stop) }

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

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { DoctorCommand.unanswered(stop) }

    func outcome() async -> Outcome { await DoctorCommand(pipeline: pipeline, options: common.options).execute() }
}
