import Engine
import Glibc
import VitrineApp

/// Puts an outcome where it was asked for: stdout, and the result file.
struct Printer {
    let common: CommonOptions

    /// The exit code: the outcome's, or 73 where stdout or the result file cannot be written. A reader that went away is no failure: it has
    /// seen what it wanted.
    func print(_ outcome: Outcome) -> ExitCode {
        var outcome = outcome
        if let path = common.resultFile, let stop = outcome.write(to: path) {
            complain("\(stop.culprit): \(stop.detail)")
            outcome = outcome.failing(stop)
        }
        let bytes: [UInt8] =
            switch common.output {
            case .json: outcome.json
            case .text: Array(outcome.text.utf8)
            case .csv: outcome.csv ?? Array(outcome.text.utf8)
            }
        let isForPeople = common.output == .text || common.output == .csv && outcome.csv == nil
        let stream = isForPeople && outcome.isError ? STDERR_FILENO : STDOUT_FILENO
        if !Self.write(bytes, to: stream), errno != EPIPE {
            complain("cannot write the outcome: \(String(cString: strerror(errno)))")
            outcome.code = ExitCode.worst([outcome.code, .cannotWrite])
        }
        if common.output != .json { _ = Self.write(Array(outcome.notes.map { $0 + "\n" }.joined().utf8), to: STDERR_FILENO) }
        return outcome.code
    }

    private func complain(_ problem: String) { _ = Self.write(Array("vitrine: \(problem)\n".utf8), to: STDERR_FILENO) }

    /// False, with `errno` set, where not all of it could be written.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            written += count
        }
        return true
    }
}
