public import Events

/// What telemetry has to say of itself.
public enum TelemetryEvent: Event {
    public enum Name: String, EventName {
        case exportFailed = "telemetry.export_failed"
        case exportDropped = "telemetry.dropped"
        case exportWarned = "telemetry.warned"
        case textfileFailed = "textfile.failed"
    }

    /// A delivery failed; what it carried is kept for the next one.
    case exportFailed(sink: TelemetrySink, kept: Int, culprit: String, remedy: String)
    /// So many metric values or log lines will not arrive.
    case exportDropped(sink: TelemetrySink, lost: Int, culprit: String, remedy: String)
    /// A receiver took everything and had something to say.
    case exportWarned(sink: TelemetrySink, message: String)
    /// The file of figures is as it was. Nothing is lost by it but this one writing.
    case textfileFailed(culprit: String, reason: String, remedy: String)

    public var name: Name {
        switch self {
        case .exportFailed: .exportFailed
        case .exportDropped: .exportDropped
        case .exportWarned: .exportWarned
        case .textfileFailed: .textfileFailed
        }
    }

    public static let examples: [TelemetryEvent] = [
        .exportFailed(
            sink: .cloudwatch, kept: 13, culprit: "monitoring PutMetricData Vitrine: ThrottlingException (400)", remedy: "Try again later."),
        .exportDropped(
            sink: .cloudwatchLogs, lost: 120, culprit: "logs PutLogEvents: AccessDeniedException (400)", remedy: "Give the role the right logs:PutLogEvents."),
        .exportWarned(sink: .otlp, message: "this endpoint goes away in December"),
        .textfileFailed(culprit: "/var/lib/node-exporter/vitrine.prom", reason: "no space left", remedy: "Make room."),
    ]

    public func describe(to signal: inout Signal) {
        switch self {
        case .exportFailed(let sink, let kept, let culprit, let remedy):
            signal.say(.warning, "Telemetry could not be delivered to \(sink.rawValue); it is kept for the next time.")
            signal.field(.count, kept)
            signal.field(.culprit, culprit)
            signal.field(.remedy, remedy)
        case .exportDropped(let sink, let lost, let culprit, let remedy):
            signal.say(.warning, "Telemetry for \(sink.rawValue) is lost.")
            signal.field(.count, lost)
            signal.field(.culprit, culprit)
            signal.field(.remedy, remedy)
            signal.add(.telemetryDropped, lost, LabelValue(.sink, sink.rawValue))
        case .exportWarned(let sink, let message):
            signal.say(.warning, "The receiver of \(sink.rawValue) took everything, and warns.")
            signal.field(.reason, message)
        case .textfileFailed(let culprit, let reason, let remedy):
            signal.say(.error, "The file of figures for the node exporter cannot be written; the totals are kept for the next time.")
            signal.field(.culprit, culprit)
            signal.field(.reason, reason)
            signal.field(.remedy, remedy)
            signal.add(.telemetryDropped, 1, LabelValue(.sink, TelemetrySink.textfile.rawValue))
        }
    }
}
