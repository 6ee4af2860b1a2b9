import ArgumentParser
import Engine
import VitrineApp

struct Alerts: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What people are told, and why: open incidents, silences, tests, questions.",
        subcommands: [List.self, Show.self, Test.self, Silence.self, Explain.self, Backtest.self, Deadline.self], defaultSubcommand: List.self)

    struct List: OutcomeCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open incidents, silences, and messages on their way.", discussion: "Example:\n  vitrine alerts list --output json")

        @Option(help: "Only of this pipeline.")
        var pipeline: String?
        @OptionGroup var common: Common

        static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { AlertsListCommand.unanswered(stop) }

        func outcome() async -> Outcome { await AlertsListCommand(pipeline: pipeline, options: common.options).execute() }
    }

    struct Show: OutcomeCommand {
        static let configuration = CommandConfiguration(
            abstract: "One open incident, with what was said of which products.", discussion: "Example:\n  vitrine alerts show many-refused")

        @Argument(help: "Its id, the beginning of it, or the name of its rule.")
        var id: String
        @OptionGroup var common: Common

        static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { AlertsListCommand.unansweredShow(stop) }

        func outcome() async -> Outcome { await AlertsListCommand(showing: id, options: common.options).execute() }
    }

    struct Test: OutcomeCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends one message that says it is a test.", discussion: "Exit code 69: the channel did not take it.\n\nExample:\n  vitrine alerts test ops")

        @Argument(help: "The channel's name in the settings.")
        var channel: String
        @OptionGroup var common: Common

        static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { AlertsTestCommand.unanswered(stop) }

        func outcome() async -> Outcome { await AlertsTestCommand(channel: channel, options: common.options).execute() }
    }

    struct Silence: OutcomeCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says nothing for a while of what is known, or ends that.",
            discussion: """
                What is wrong is still remembered, and told when the silence ends, if it is still so.

                Examples:
                  vitrine alerts silence --rule many-refused --for 4h --author ana --reason "new pictures are on their way"
                  vitrine alerts silence --end 3fa4c1d2e5b60718
                """)

        @Option(help: "Of this rule.")
        var rule: String?
        @Option(help: "Of this pipeline.")
        var pipeline: String?
        @Option(help: ArgumentHelp("Only while nothing else was said than what has this in it.", valueName: "text"))
        var family: String?
        @Option(name: .customLong("for"), help: ArgumentHelp("For how long: 30m, 4h, 2d; at most 90d.", valueName: "duration"))
        var length: String?
        @Option(help: "Who says so. Without it: the user on this machine.")
        var author: String?
        @Option(help: "Why; it is kept.")
        var reason: String?
        @Option(help: ArgumentHelp("Ends this silence.", valueName: "id"))
        var end: String?
        @OptionGroup var common: Common

        func validate() throws {
            if end != nil {
                guard rule == nil, pipeline == nil, family == nil, length == nil else { throw ValidationError("--end ends a silence: give its id alone.") }
                return
            }
            guard rule != nil || pipeline != nil || family != nil else { throw ValidationError("Say what: --rule, --pipeline or --family.") }
            guard length != nil else { throw ValidationError("Say for how long: --for 4h.") }
            guard let reason else { throw ValidationError("Say why: --reason TEXT. It is kept.") }
            try HumanWord.check(reason: reason, author: author)
        }

        static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { AlertsSilenceCommand.unanswered(stop) }

        func outcome() async -> Outcome {
            if let end { return await AlertsSilenceCommand(ending: end, options: common.options).execute() }
            var matcher = AlertsSilenceCommand.Matcher()
            matcher.rule = rule
            matcher.pipeline = pipeline
            matcher.family = family
            return await AlertsSilenceCommand(matcher, length: length ?? "", author: author, reason: reason ?? "", options: common.options).execute()
        }
    }

    struct Explain: OutcomeCommand {
        static let configuration = CommandConfiguration(
            abstract: "Why each rule did or did not speak of a run.", discussion: "Example:\n  vitrine alerts explain last")

        @Argument(help: "The run's id, or last.")
        var run: String
        @OptionGroup var common: Common

        static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { AlertsExplainCommand.unanswered(stop) }

        func outcome() async -> Outcome { await AlertsExplainCommand(runID: run, options: common.options).execute() }
    }

    struct Backtest: OutcomeCommand {
        static let configuration = CommandConfiguration(
            abstract: "What the rules as they are now would have said of the runs of the past.", discussion: "Example:\n  vitrine alerts backtest --since 90d")

        @Option(help: ArgumentHelp("Since so long ago: 12h, 90d.", valueName: "duration"))
        var since = "90d"
        @Option(help: "Only of this pipeline.")
        var pipeline: String?
        @OptionGroup var common: Common

        static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { AlertsBacktestCommand.unanswered(stop) }

        func outcome() async -> Outcome { await AlertsBacktestCommand(since: since, pipeline: pipeline, options: common.options).execute() }
    }

    struct Deadline: OutcomeCommand {
        static let configuration = CommandConfiguration(
            abstract: "An exit code for who watches from outside: 2 where a pipeline has missed its deadline.",
            discussion: """
                Looks at the rules with no_success_for and no_file_for, or at --within. That nothing is known counts as missed.

                Example:
                  vitrine alerts deadline --within 26h || page-somebody
                """)

        @Argument(help: "Only this pipeline.")
        var pipeline: String?
        @Option(help: ArgumentHelp("A run must have ended well within so long: 26h.", valueName: "duration"))
        var within: String?
        @OptionGroup var common: Common

        static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome { AlertsDeadlineCommand.unanswered(stop) }

        func outcome() async -> Outcome { await AlertsDeadlineCommand(pipeline: pipeline, limit: within, options: common.options).execute() }
    }
}
