public import Events

/// What a delivery takes from outside beside its transport: time and chance. A test brings its own.
public struct DeliveryWorld: Sendable {
    public var now: @Sendable () -> Timestamp
    /// Throws where the work is to stop.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// For jitter: a fresh number each call.
    public var random: @Sendable () -> UInt64

    public init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void, random: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }
}
