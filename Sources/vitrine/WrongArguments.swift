import ArgumentParser
import Engine
import Glibc
import VitrineApp

/// Arguments that cannot be parsed, or that ask for help: in words on stderr, and as the one JSON document where that was asked for.
struct WrongArguments {
    private let arguments: [String]
    private let error: any Error

    init(_ arguments: [String], _ error: any Error) {
        self.arguments = arguments
        self.error = error
    }

    func end() -> Never {
        // `--help` and `--version` come here too, and succeed.
        guard Vitrine.exitCode(for: error) == .validationFailure else { Vitrine.exit(withError: error) }
        let outcome = outcome
        if value(of: "--output") == "json" { _ = Printer.write(outcome.json, to: STDOUT_FILENO) }
        // What lies there of an earlier run must not be taken for the answer.
        if let path = value(of: "--result-file"), let stop = outcome.write(to: path) { Self.complain("vitrine: \(stop.culprit): \(stop.detail)") }
        guard unknownCommand != nil else { Vitrine.exit(withError: error) }
        Self.complain("Error: \(message)\nSee 'vitrine --help' for more information.")
        Vitrine.exit(withError: ExitCode.validationFailure)
    }

    /// With all fields of the command that was meant.
    var outcome: Outcome {
        let stop = RunStop.wrongArguments(message)
        return command?.unanswered(stop, arguments) ?? .failure(stop)
    }

    private var message: String {
        unknownCommand.map { "there is no command '\($0)'; there are: \(Self.commands.joined(separator: ", "))" } ?? Vitrine.message(for: error)
    }

    private static func complain(_ words: String) { _ = Printer.write(Array((words + "\n").utf8), to: STDERR_FILENO) }

    private static var commands: [String] {
        Vitrine.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
    }

    /// The first word where it names no command. The parser blames the first option behind it instead.
    private var unknownCommand: String? {
        guard let first = arguments.first, !first.hasPrefix("-"), first != "help" else { return nil }
        return Vitrine.configuration.subcommands.contains { $0._commandName == first } ? nil : first
    }

    /// The one that the first words name; of a family without a further word the one that it stands for.
    private var command: (any OutcomeCommand.Type)? {
        var found: any ParsableCommand.Type = Vitrine.self
        for word in arguments {
            guard let next = found.configuration.subcommands.first(where: { $0._commandName == word }) else { break }
            found = next
        }
        return (found as? any OutcomeCommand.Type) ?? found.configuration.defaultSubcommand as? any OutcomeCommand.Type
    }

    private func value(of option: String) -> String? {
        let joined = arguments.last { $0.hasPrefix(option + "=") }.map { String($0.dropFirst(option.count + 1)) }
        return joined ?? zip(arguments, arguments.dropFirst()).reversed().first { $0.0 == option }?.1
    }
}
