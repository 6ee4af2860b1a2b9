/// Where events go. A sink never blocks and never throws: what it cannot take it counts as dropped.
public protocol EventSink: Sendable {
    func receive(_ event: some Event, in scope: EventScope)
}

/// What is known of the place an event comes from.
public struct EventScope: Sendable, Equatable {
    public var pipeline: String?
    public var runID: String?
    public var stage: String?

    public init(pipeline: String? = nil, runID: String? = nil, stage: String? = nil) {
        self.pipeline = pipeline
        self.runID = runID
        self.stage = stage
    }
}

/// The one door through which rooms say what happened: a sink and the scope it is used in.
public struct Reporter: Sendable {
    public let scope: EventScope
    private let sink: any EventSink

    public init(sink: any EventSink, scope: EventScope = EventScope()) {
        self.sink = sink
        self.scope = scope
    }

    public static let silent = Reporter(sink: SilentSink())

    public func report(_ event: some Event) { sink.receive(event, in: scope) }

    public func scoped(pipeline: String? = nil, runID: String? = nil, stage: String? = nil) -> Reporter {
        Reporter(
            sink: sink,
            scope: EventScope(pipeline: pipeline ?? scope.pipeline, runID: runID ?? scope.runID, stage: stage ?? scope.stage))
    }
}

private struct SilentSink: EventSink {
    func receive(_ event: some Event, in scope: EventScope) {}
}
