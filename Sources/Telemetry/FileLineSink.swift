public import Events
import Glibc
import Synchronization

/// Appends lines to a file, some at a time. Turns it over itself at a size or an age, packs what was put aside, and deletes it when it is old; and
/// follows a file that somebody else moves away (logrotate).
///
/// Several processes may write to one file. Who appends holds the file's lock together with others, who turns it over holds it alone: so no
/// line goes into a file that is being packed, and a file is turned over once.
public final class FileLineSink: LineSink {
    public let name = TelemetrySink.file
    public let path: String
    /// Bytes of lines kept back before they are written; `flush()` writes them sooner.
    public static let chunkSize = 64 * 1024
    /// How long `close()` waits for files being packed.
    public static let patience = Duration.seconds(10)

    private let turnover: Turnover?
    private let archive: LogArchive
    private let worker: AsideWorker?
    private let state: Mutex<State>

    /// When a file is put aside and a new one begun.
    public struct Turnover: Sendable {
        /// Bytes, at least 1: the file is put aside before a chunk would take it past them; where several processes write, a chunk of each may be
        /// over.
        public let size: Int
        /// Since its first line; nil: whatever its age.
        public let age: Duration?
        /// Files put aside longer ago than this are deleted.
        public let keep: Duration
        let clock: @Sendable () -> Timestamp
        /// Compresses one piece of a file into one that can be joined to others (a gzip member); nil: files put aside stay plain.
        let pack: (@Sendable ([UInt8]) -> [UInt8]?)?

        public init(
            size: Int, age: Duration? = nil, keep: Duration, clock: @escaping @Sendable () -> Timestamp,
            pack: (@Sendable ([UInt8]) -> [UInt8]?)? = nil
        ) {
            self.size = size
            self.age = age
            self.keep = keep
            self.clock = clock
            self.pack = pack
        }
    }

    private struct State: ~Copyable {
        var file: AppendedFile?
        var waiting: [UInt8] = []
        /// Lost by a write and not told yet: the line that was handed over last is told of at once, the others by the next flush.
        var lost = 0
        /// The file ends within a line, by a write cut short or a process killed: what comes next begins a new one.
        var endsWithin = false

        mutating func open(_ path: String) {
            file = try? AppendedFile(path: path)
            endsWithin = file?.endsWithin ?? false
        }
    }

    /// Opens the file, making its folder if need be. What a process before left unpacked, or kept for too long, is seen to aside.
    /// - Throws: `LogFileError` if it cannot be written.
    public init(path: String, turnover: Turnover? = nil) throws(LogFileError) {
        self.path = path
        self.turnover = turnover
        let archive = LogArchive(path: path)
        self.archive = archive
        worker = turnover.map { turnover in
            AsideWorker { archive.tidy(before: turnover.clock() + (.zero - turnover.keep), pack: turnover.pack) }
        }
        state = Mutex(State(file: try AppendedFile(path: path)))
        worker?.start()
    }

    deinit { _ = flush() }

    public func write(_ line: RawSpan, in scope: EventScope) -> Bool {
        state.withLock { state in
            line.withUnsafeBytes { state.waiting.append(contentsOf: $0) }
            guard state.waiting.count >= Self.chunkSize else { return true }
            let lost = writeOut(&state)
            state.lost += max(0, lost - 1)
            return lost == 0
        }
    }

    public func flush() -> Int {
        state.withLock { state in
            let lost = state.lost + writeOut(&state)
            state.lost = 0
            return lost
        }
    }

    /// Lets go of the file, so that the next line opens it anew: for SIGHUP. Nothing is lost by it, and nothing by leaving it out.
    public func reopen() {
        state.withLock { state in
            state.lost += writeOut(&state)
            state.file = nil
        }
    }

    /// At the end of a process: hands on what is held back, and gives files being packed some time. Says how many lines were lost.
    public func close() -> Int {
        let lost = flush()
        worker?.wait(atMost: Self.patience)
        return lost
    }

    /// Lines lost. What cannot be written is dropped at once: a full disk must not fill the memory too.
    private func writeOut(_ state: inout State) -> Int {
        guard !state.waiting.isEmpty else { return 0 }
        turnOver(&state)
        let lost = append(&state)
        state.waiting.removeAll(keepingCapacity: true)
        return lost
    }

    /// Lines lost. Under the shared lock the path is looked at once more: behind it nobody can move the file away but a stranger, whose files nobody packs
    /// at once.
    private func append(_ state: inout State) -> Int {
        for _ in 0..<Self.mostOpenings {
            // Before the lock too: whoever packs a file put aside holds its lock for long.
            if state.file?.isStillThere == false { state.file = nil }
            if state.file == nil { state.open(path) }
            guard state.file?.lock(.shared) == true else { break }
            if state.file?.isStillThere == true {
                let lost = write(&state)
                state.file?.unlock()
                return lost
            }
            state.file = nil
        }
        // No lock to be had here (some network file systems): better a line in a file put aside than none.
        return write(&state)
    }

    /// Lines lost. A line of which a part was written is lost too, and whoever reads on finds the next one whole.
    private func write(_ state: inout State) -> Int {
        let newline = UInt8(ascii: "\n")
        let opening = state.endsWithin ? [newline] : []
        let chunk = opening.isEmpty ? state.waiting : opening + state.waiting
        let written = state.file?.append(chunk) ?? 0
        if written > 0 { state.endsWithin = chunk[written - 1] != newline }
        return chunk[max(written, opening.count)...].count { $0 == newline }
    }

    /// A file that is turned over at each opening belongs to somebody gone mad.
    private static let mostOpenings = 5

    private func turnOver(_ state: inout State) {
        guard let turnover, state.file?.isDue(turnover, more: state.waiting.count) == true, state.file?.isStillThere == true,
            state.file?.lock(.alone) == true
        else { return }
        // The other process may have been quicker: then this is its file put aside.
        let isOurs = state.file?.isStillThere == true
        let isAside = isOurs && archive.putAside(at: turnover.clock())
        state.file?.unlock()
        if !isOurs || isAside { state.file = nil }
        if isAside { worker?.start() }
    }
}

extension AppendedFile {
    fileprivate func isDue(_ turnover: FileLineSink.Turnover, more: Int) -> Bool {
        let size = size
        guard size > 0 else { return false }
        if size + more > turnover.size { return true }
        guard let age = turnover.age, let first = firstTime else { return false }
        return turnover.clock() - first > age
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
