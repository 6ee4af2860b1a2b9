public import Events

/// Where finished lines go. It never throws, and waits at most for the bound it names: what it cannot take it answers with false, and the
/// hub counts it as dropped.
public protocol LineSink: Sendable {
    /// What `telemetry_dropped_total{sink}` calls it.
    var name: TelemetrySink { get }

    /// Takes one line with its line feed. The bytes are only good for the time of the call.
    func write(_ line: RawSpan, in scope: EventScope) -> Bool

    /// Hands on what is still held back; says how many lines were lost by it.
    func flush() -> Int
}

extension LineSink {
    public func flush() -> Int { 0 }
}

/// One sink and what it wants to see.
public struct LineOutput: Sendable {
    public enum Form: Sendable { case json, human }

    public let sink: any LineSink
    public let form: Form
    /// Lines below this level are not written here.
    public let minimumLevel: Level

    public init(_ sink: any LineSink, form: Form = .json, minimumLevel: Level = .info) {
        self.sink = sink
        self.form = form
        self.minimumLevel = minimumLevel
    }
}
