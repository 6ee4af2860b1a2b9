public import AWS
public import Events

/// What of CloudWatch is switched on, for the composition root: sinks for the hub, and one delivery for both.
public struct CloudWatchTelemetry: Sendable {
    public let metrics: CloudWatchExporter?
    public let logs: CloudWatchLogsSink?

    /// - Parameters:
    ///   - namespace: nil: no metrics.
    ///   - logGroup: nil: no logs.
    ///   - stream: such as `host/pid`.
    public init(session: AWSSession, namespace: String?, logGroup: String?, stream: String, retention: Duration?, world: AWSWorld) {
        metrics = namespace.map { CloudWatchExporter(session: session, namespace: $0, world: world) }
        logs = logGroup.map { CloudWatchLogsSink(session: session, group: $0, stream: stream, retention: retention, world: world) }
    }

    public var metricSinks: [any MetricSink] { metrics.map { [$0] } ?? [] }

    public func outputs(minimumLevel: Level) -> [LineOutput] { logs.map { [LineOutput($0, form: .json, minimumLevel: minimumLevel)] } ?? [] }

    /// At the end of each run, each minute in a daemon, and with `isLast` when the process ends: then outside of the task that was told to stop.
    /// Both at once, so that together they take no longer than the bound.
    public func deliver(isLast: Bool, within bound: Duration = CloudWatchExporter.bound, reporter: Reporter) async {
        async let lines: Void? = logs?.deliver(isLast: isLast, within: bound, reporter: reporter)
        await metrics?.deliver(isLast: isLast, within: bound, reporter: reporter)
        _ = await lines
    }
}
