import ArgumentParser
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
        let unknown = unknownCommand
        let message = unknown.map { "there is no command '\($0)'; there are: \(Self.commands.joined(separator: ", "))" } ?? Vitrine.message(for: error)
        if wantsJSON {
            let outcome = Outcome.usage(message, makesReport: arguments.first.map { Self.reporting.contains($0) } ?? false)
            _ = Printer.write(outcome.json, to: STDOUT_FILENO)
        }
        guard unknown != nil else { Vitrine.exit(withError: error) }
        _ = Printer.write(Array("Error: \(message)\nSee 'vitrine --help' for more information.\n".utf8), to: STDERR_FILENO)
        Vitrine.exit(withError: ExitCode.validationFailure)
    }

    private static var commands: [String] {
        Vitrine.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
    }

    /// Commands whose answer is a report.
    private static let reporting: Set<String> = ["demo", "run", "plan", "stage", "report"]

    /// The first word where it names no command. The parser blames the first option behind it instead.
    private var unknownCommand: String? {
        guard let first = arguments.first, !first.hasPrefix("-"), first != "help" else { return nil }
        return Vitrine.configuration.subcommands.contains { $0._commandName == first } ? nil : first
    }

    private var wantsJSON: Bool {
        arguments.contains("--output=json") || zip(arguments, arguments.dropFirst()).contains { $0 == "--output" && $1 == "json" }
    }
}
