import ArgumentParser
import Engine
import Glibc
import UnixSignals
import VitrineApp

/// A command that ends with an outcome.
protocol OutcomeCommand: ParsableCommand, Sendable {
    var common: Common { get }
    func outcome() async -> Outcome
}

enum Launch {
    static func main() async {
        // A reader that goes away must not end a run: writes to it fail, and that is counted.
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            let command = try Vitrine.parseAsRoot(arguments)
            guard let command = command as? any OutcomeCommand else {
                var plain = command
                try plain.run()
                return
            }
            let outcome = await untilToldToStop { await command.outcome() }
            let written = Printer(common: command.common.options).print(outcome)
            exit(written.rawValue)
        } catch {
            end(with: error, arguments)
        }
    }

    /// Wrong arguments: in words on stderr, and as the one JSON document where that was asked for.
    private static func end(with error: any Error, _ arguments: [String]) -> Never {
        let code = Vitrine.exitCode(for: error)
        let wantsJSON = arguments.contains("--output=json") || zip(arguments, arguments.dropFirst()).contains { $0 == "--output" && $1 == "json" }
        if code == .validationFailure, wantsJSON {
            let outcome = Outcome.usage(Vitrine.message(for: error))
            _ = Printer.write(outcome.json, to: STDOUT_FILENO)
        }
        Vitrine.exit(withError: error)
    }

    /// SIGTERM and SIGINT cancel the work; a run then ends `failed`, resumable, with its report.
    private static func untilToldToStop(_ work: @escaping @Sendable () async -> Outcome) async -> Outcome {
        let task = Task { await work() }
        let listener = Task {
            for await _ in await UnixSignalsSequence(trapping: .sigterm, .sigint) { task.cancel() }
        }
        let outcome = await task.value
        listener.cancel()
        return outcome
    }
}
