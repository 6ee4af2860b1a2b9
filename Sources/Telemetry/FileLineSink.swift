public import Events
import Glibc
import Synchronization

/// Appends lines to a file, some at a time. Follows a file that was moved away (logrotate), and turns it over itself at a size.
public final class FileLineSink: LineSink {
    public let name = TelemetrySink.file
    public let path: String
    /// Bytes of lines kept back before they are written; `flush()` writes them sooner.
    public static let chunkSize = 64 * 1024

    private let turnover: Turnover?
    private let state: Mutex<State>

    /// When a file is put aside and a new one begun.
    public struct Turnover: Sendable {
        /// Bytes, at least 1: the file is put aside before a chunk would take it past them.
        public let size: Int
        /// Files put aside longer ago than this are deleted.
        public let keep: Duration
        let clock: @Sendable () -> Timestamp

        public init(size: Int, keep: Duration, clock: @escaping @Sendable () -> Timestamp) {
            self.size = size
            self.keep = keep
            self.clock = clock
        }
    }

    private struct State: ~Copyable {
        var file: AppendedFile?
        var waiting: [UInt8] = []
        var waitingLines = 0
    }

    /// Opens the file, making its folder if need be.
    /// - Throws: `LogFileError` if it cannot be written.
    public init(path: String, turnover: Turnover? = nil) throws(LogFileError) {
        self.path = path
        self.turnover = turnover
        state = Mutex(State(file: try AppendedFile(path: path)))
    }

    deinit { _ = flush() }

    public func write(_ line: RawSpan, in scope: EventScope) -> Bool {
        state.withLock { state in
            line.withUnsafeBytes { state.waiting.append(contentsOf: $0) }
            state.waitingLines += 1
            return state.waiting.count < Self.chunkSize || writeOut(&state) == 0
        }
    }

    public func flush() -> Int { state.withLock { writeOut(&$0) } }

    /// Lines lost. What cannot be written is dropped at once: a full disk must not fill the memory too.
    private func writeOut(_ state: inout State) -> Int {
        guard !state.waiting.isEmpty else { return 0 }
        turnOver(&state)
        if state.file?.isStillThere != true { state.file = try? AppendedFile(path: path) }
        let isWritten = state.file?.append(state.waiting) ?? false
        let lost = isWritten ? 0 : state.waitingLines
        state.waiting.removeAll(keepingCapacity: true)
        state.waitingLines = 0
        return lost
    }

    private func turnOver(_ state: inout State) {
        guard let turnover, let size = state.file?.size, size > 0, size + state.waiting.count > turnover.size else { return }
        let now = turnover.clock()
        // A second turnover within one second finds the name taken and waits for the next chunk: nothing is overwritten.
        let aside = LogArchive.name(of: path, putAsideAt: now)
        guard access(aside, F_OK) != 0, rename(path, aside) == 0 else { return }
        state.file = nil
        LogArchive.deleteOld(of: path, before: now + (.zero - turnover.keep))
    }
}

/// Why a log file cannot be written.
public struct LogFileError: Error, Sendable, Equatable, CustomStringConvertible {
    public let path: String
    /// The system's words.
    public let reason: String
    public var remedy: String { "make the folder writable for this user, or name another file in telemetry.logs.file" }
    public var description: String { "cannot write the log file \(path): \(reason); \(remedy)" }
}
