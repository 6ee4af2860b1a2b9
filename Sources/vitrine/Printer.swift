import Engine
import Glibc
import VitrineApp

/// Puts an outcome where it was asked for: stdout, and the result file.
struct Printer {
    let common: CommonOptions

    /// The exit code: the outcome's, or 73 where the result file cannot be written.
    func print(_ outcome: Outcome) -> ExitCode {
        switch common.output {
        case .text:
            let isError = outcome.code != .success && outcome.text.hasPrefix("vitrine: ")
            _ = Self.write(Array(outcome.text.utf8), to: isError ? STDERR_FILENO : STDOUT_FILENO)
        case .json: _ = Self.write(outcome.json, to: STDOUT_FILENO)
        }
        guard let path = common.resultFile else { return outcome.code }
        if let problem = outcome.write(to: path) {
            _ = Self.write(Array("vitrine: \(problem)\n".utf8), to: STDERR_FILENO)
            return ExitCode.worst([outcome.code, .cannotWrite])
        }
        return outcome.code
    }

    /// False where the reader is gone.
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
