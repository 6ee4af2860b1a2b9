import ArgumentParser
import Engine
import Glibc
import UnixSignals
import VitrineApp

/// A command that ends with an outcome.
protocol OutcomeCommand: ParsableCommand, Sendable {
    var common: Common { get }
    /// Whether it lists something that a spreadsheet can read.
    static var writesCSV: Bool { get }
    func outcome() async -> Outcome
    /// The answer where the arguments could not be read: all fields that `outcome` has.
    /// - Parameter arguments: as they were given.
    static func unanswered(_ stop: RunStop, _ arguments: [String]) -> Outcome
}

extension OutcomeCommand {
    static var writesCSV: Bool { false }
}

enum Launch {
    static func main() async {
        holdStandardStreams()
        widenNarrowTerminal()
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
            if command.common.output == .csv, !type(of: command).writesCSV {
                throw ValidationError("--output csv is for commands that list: products, changes, logs, logs diff.")
            }
            let outcome = await untilToldToStop { await command.outcome() }
            let written = Printer(common: command.common.options).print(outcome)
            exit(written.rawValue)
        } catch {
            WrongArguments(arguments, error).end()
        }
    }

    /// A stream that was closed by who started us would be the next file we open, and a report would end in the ledger.
    private static func holdStandardStreams() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is the one that is missing.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
        }
    }

    /// The argument parser traps where its help has no room for two columns.
    private static func widenNarrowTerminal() {
        var size = winsize()
        let terminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
        let asked = getenv("COLUMNS").flatMap { Int(String(cString: $0)) }
        if let width = asked ?? (terminal > 0 ? terminal : nil), width < leastColumns { setenv("COLUMNS", String(leastColumns), 1) }
    }

    private static let leastColumns = 40

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
