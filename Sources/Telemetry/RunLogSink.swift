public import Events
import Synchronization

/// Collects the lines of each run under way, to become the `log.ndjson.gz` of its folder. Lines outside of an open run pass by.
///
/// Whole chunks are packed as they fill (gzip members one behind the other are again gzip), so a run with a line for each of many rejected
/// rows stays small in memory; past `limit` packed bytes further lines are refused and counted.
public final class RunLogSink: LineSink {
    public let name = TelemetrySink.runLog
    /// Bytes of lines that are packed together.
    public static let chunkSize = 256 * 1024

    private let limit: Int
    private let pack: @Sendable ([UInt8]) -> [UInt8]?
    private let runs = Mutex<[String: RunLog]>([:])

    /// What was collected of one run.
    public struct RunLog: Sendable, Equatable {
        /// What `pack` made of the lines, one piece behind the other.
        public fileprivate(set) var bytes: [UInt8] = []
        public fileprivate(set) var lines = 0
        /// Lines that found no room or could not be packed.
        public fileprivate(set) var lost = 0
        fileprivate var open: [UInt8] = []
        fileprivate var openLines = 0
        /// Packed bytes beyond the bound, for the last words.
        fileprivate var extra = 0
    }

    /// - Parameters:
    ///   - limit: the most packed bytes kept of one run.
    ///   - pack: compresses one chunk into a piece that can be joined to others, such as a gzip member; nil if it cannot.
    public init(limit: Int = 16 * 1024 * 1024, pack: @escaping @Sendable ([UInt8]) -> [UInt8]?) {
        self.limit = limit
        self.pack = pack
    }

    /// From now on the lines of this run are kept.
    public func open(runID: String) {
        runs.withLock { if $0[runID] == nil { $0[runID] = RunLog() } }
    }

    /// Lines of the run that found no room. From then on there is room for a chunk more, so that the log itself can say that it is not whole.
    public func lost(runID: String) -> Int {
        runs.withLock { runs in
            guard let place = runs.index(forKey: runID) else { return 0 }
            if runs.values[place].lost > 0 { runs.values[place].extra = Self.chunkSize }
            return runs.values[place].lost
        }
    }

    /// The log of the run, which is forgotten here; nil for a run that was not opened.
    public func take(runID: String) -> RunLog? {
        runs.withLock { runs in
            guard var log = runs.removeValue(forKey: runID) else { return nil }
            packOpenChunk(of: &log)
            return log
        }
    }

    public func write(_ line: RawSpan, in scope: EventScope) -> Bool {
        guard let runID = scope.runID else { return true }
        return runs.withLock { runs in
            guard let place = runs.index(forKey: runID) else { return true }
            return append(line, to: &runs.values[place])
        }
    }

    private func append(_ line: RawSpan, to log: inout RunLog) -> Bool {
        guard log.bytes.count < limit + log.extra else {
            log.lost += 1
            return false
        }
        line.withUnsafeBytes { log.open.append(contentsOf: $0) }
        log.openLines += 1
        return log.open.count < Self.chunkSize || packOpenChunk(of: &log)
    }

    @discardableResult
    private func packOpenChunk(of log: inout RunLog) -> Bool {
        guard !log.open.isEmpty else { return true }
        let packed = pack(log.open)
        if let packed {
            log.bytes += packed
            log.lines += log.openLines
        } else {
            log.lost += log.openLines
        }
        log.open.removeAll(keepingCapacity: true)
        log.openLines = 0
        return packed != nil
    }
}
