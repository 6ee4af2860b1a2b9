import ArgumentParser
import Engine
import VitrineApp

struct Release: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lets a held run's files go: the next run may pass what this one was held for.",
        discussion: """
            A run is held when it would do something to the catalogue that a person should see first. Its files stay in the landing zone and no
            other run begins. The next run judges them again, with what came since, and is held once more only for something else or for much more.

            Example:
              vitrine release 20261121T080000Z-7f3a --reason "the warehouse is closed for stock-taking"
            """)

    @Argument(help: ArgumentHelp("The held run.", valueName: "run"))
    var runID: String
    @Option(help: "Why; it is kept.")
    var reason: String
    @Option(help: "Who says so. Without it: the user on this machine.")
    var author: String?
    @OptionGroup var common: Common

    func validate() throws { try HumanWord.check(reason: reason, author: author) }

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { ReleaseCommand.unanswered(stop) }

    func outcome() async -> Outcome { await ReleaseCommand(runID: runID, reason: reason, author: author, options: common.options).execute() }
}

struct Discard: OutcomeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes the files of a held run, or one file, out of the landing zone.",
        discussion: """
            They go to rejected/ with the reason beside them, and can be put back into data/ at any time.

            Examples:
              vitrine discard 20261121T080000Z-7f3a --reason "the stock export had failed"
              vitrine discard stock/today.csv --pipeline shop-catalog --reason "another shop's file"
            """)

    @Argument(help: ArgumentHelp("A held run; or a file, as it is named below data/.", valueName: "run|file"))
    var target: String
    @Option(help: "Whose file it is, where there are several pipelines.")
    var pipeline: String?
    @Option(help: "Why; it is kept.")
    var reason: String
    @Option(help: "Who says so. Without it: the user on this machine.")
    var author: String?
    @OptionGroup var common: Common

    func validate() throws { try HumanWord.check(reason: reason, author: author) }

    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { DiscardCommand.unanswered(stop) }

    func outcome() async -> Outcome {
        await DiscardCommand(target: target, pipeline: pipeline, reason: reason, author: author, options: common.options).execute()
    }
}
