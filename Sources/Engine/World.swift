public import Events

/// What a run takes from outside beside its stores: time and chance. A test brings its own.
public struct World: Sendable {
    public var now: @Sendable () -> Timestamp
    /// Throws `CancellationError` when the run is told to stop.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// For jitter: a fresh number each call.
    public var random: @Sendable () -> UInt64

    public init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    /// A factor drawn evenly from `range`.
    public func jitter(_ range: ClosedRange<Double>) -> Double {
        let unit = Double(random() >> 11) / Double(1 << 53)
        return range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }
}
