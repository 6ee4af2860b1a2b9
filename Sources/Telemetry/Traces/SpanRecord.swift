public import Events

/// A span that has ended. What the event that ended it said of itself is in `fields`.
public struct SpanRecord: Sendable, Equatable {
    public let context: TraceContext
    /// 0: none, it is the first of its process.
    public let parent: UInt64
    public let kind: SpanKind
    /// Of few values: `run`, `stage validate`, `call items_batch`.
    public let name: String
    public let start: Timestamp
    public let end: Timestamp
    public let failed: Bool
    /// Of the event that ended it; empty where none did.
    public let message: String
    public let scope: EventScope
    public let fields: [Signal.Field]
}
