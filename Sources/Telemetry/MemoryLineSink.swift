public import Events
import Synchronization

/// Keeps lines in memory, for tests and for the status page. Bounded: past `capacity` lines it refuses.
public final class MemoryLineSink: LineSink {
    public let name: TelemetrySink
    private let capacity: Int
    private let kept = Mutex<[String]>([])

    public init(name: TelemetrySink = .runLog, capacity: Int = 10_000) {
        self.name = name
        self.capacity = capacity
    }

    /// The lines so far, each without its line feed.
    public var lines: [String] { kept.withLock { $0 } }

    public func write(_ line: RawSpan, in scope: EventScope) -> Bool {
        let text = line.withUnsafeBytes { String(decoding: $0.last == UInt8(ascii: "\n") ? $0.dropLast() : $0[...], as: UTF8.self) }
        return kept.withLock { lines in
            guard lines.count < capacity else { return false }
            lines.append(text)
            return true
        }
    }
}
