public import Events
import Glibc
import Synchronization

/// Writes lines to a stream that someone else reads, such as stderr. A reader that has stopped reading must not stop a run: a stream that
/// takes nothing for `patience` loses the line, and then loses lines without waiting until it takes some again.
public final class StreamLineSink: LineSink {
    public let name: TelemetrySink
    /// The longest wait for the reader, once.
    public static let patience = Duration.milliseconds(250)
    /// A pipe that polls as writable takes this many bytes without blocking (POSIX: PIPE_BUF, 4096 on Linux).
    private static let piece = 4_096

    private let descriptor: Int32
    private let isRegularFile: Bool
    private let state = Mutex(State())

    private struct State {
        var isStuck = false
        /// A line was cut short: the next one must start on a line of its own.
        var isMidLine = false
    }

    /// - Parameter descriptor: open for writing, 2 is stderr; stays open when the sink goes.
    public init(name: TelemetrySink = .stderr, descriptor: Int32 = 2) {
        self.name = name
        self.descriptor = descriptor
        var status = stat()
        isRegularFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    public func write(_ line: RawSpan, in scope: EventScope) -> Bool {
        state.withLock { state in
            line.withUnsafeBytes { bytes in
                if state.isMidLine {
                    guard withUnsafeBytes(of: UInt8(ascii: "\n"), { put($0, &state) }) == 1 else { return false }
                    state.isMidLine = false
                }
                let written = put(bytes, &state)
                state.isMidLine = written > 0 && written < bytes.count
                return written == bytes.count
            }
        }
    }

    /// How many bytes went out.
    private func put(_ bytes: UnsafeRawBufferPointer, _ state: inout State) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var written = 0
        while written < bytes.count {
            guard isRegularFile || isWritable(&state) else { break }
            let size = isRegularFile ? bytes.count - written : min(Self.piece, bytes.count - written)
            let result = Glibc.write(descriptor, base + written, size)
            if result > 0 { written += result } else if result == 0 || errno != EINTR { break }
        }
        return written
    }

    private func isWritable(_ state: inout State) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let wait = state.isStuck ? 0 : Int32(Self.patience / .milliseconds(1))
        let ready = poll(&request, 1, wait) == 1 && request.revents & Int16(POLLOUT) != 0
        state.isStuck = !ready
        return ready
    }
}
