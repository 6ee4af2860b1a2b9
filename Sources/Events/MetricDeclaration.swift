/// What a metric is, said once: the registry creates its series from it, the exposition takes HELP and TYPE from it, the reference page is
/// generated from it, and a test holds every change an event makes against it.
public struct MetricDeclaration: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable { case counter, gauge, histogram }

    public let kind: Kind
    /// One sentence for people; the HELP text.
    public let help: String
    /// Whether each series also carries `pipeline`, which the sink takes from the scope of the event.
    public let hasPipeline: Bool
    /// The labels beside `pipeline`, at most `maximumLabels`, in the order in which they are written.
    public let labels: [MetricLabel]
    /// Upper bounds of a histogram's buckets in the metric's base unit, rising, without the last one (`+Inf`). Empty for the other kinds.
    public let buckets: [Double]

    /// The most labels a metric may have beside `pipeline`. `Signal` keeps that many without an allocation.
    public static let maximumLabels = 2

    public var labelNames: [LabelName] { labels.map(\.name) }
}

/// One label of a metric and the values it can have.
public struct MetricLabel: Sendable, Equatable {
    public enum Values: Sendable, Equatable {
        /// All values, known when this is compiled.
        case closed([String])
        /// A bounded set that the composition root gives at start, such as the ids of the rules.
        case given
    }

    public let name: LabelName
    public let values: Values
}

extension MetricName {
    public var declaration: MetricDeclaration {
        switch self {
        case .rowsValidated:
            .counter("Rows judged by our own checks; the sum over outcome is the rows read.", [.outcome(["valid", "rejected"])])
        case .rowsHeld:
            .counter("Valid rows of runs that were refused or held for a person; they wait in the landing zone.")
        case .ruleFindings:
            .counter("Findings of the validation rules.", [.given(.rule), .closed(.severity, ["file", "error", "warn", "info", "hold"])])
        case .items:
            .counter("Items sent to Meta by verdict, each counted once, when its verdict becomes known; unknown is one that nobody asks for any more.", [.outcome(["accepted", "refused", "unknown"])])
        case .itemsWarned:
            .counter("Accepted items for which Meta named a warning: a lower bound.")
        case .batchesSent:
            .counter("Batches by end: sent got a handle, failed ended without.", [.outcome(["sent", "failed"])])
        case .handleErrors:
            .counter("Sum of Meta's error totals over all handles: messages, not products.")
        case .handleWarnings:
            .counter("Sum of Meta's warning totals over all handles: messages, not products.")
        case .handleLatency:
            .histogram("Time from a handle's receipt to its final verdict.", [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800])
        case .runs:
            .counter("Runs that ended, by state.", [.closed(.state, MetricLabel.runStates)])
        case .heldRuns:
            .gauge("1 while a run waits for a person to release or discard it, else 0.")
        case .runStarted:
            .gauge("Unix time at which the run in progress in this process began its work; 0 when none runs.")
        case .runDuration:
            .gauge("Duration of the last run that ended.")
        case .stageDuration:
            .histogram(
                "Duration of each stage of a run.", [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 1_800, 3_600],
                [.closed(.stage, MetricLabel.stages)])
        case .lastSuccess:
            .gauge("Unix time at which the last run ended as done or nothing_to_do; 0 if none is known.")
        case .lastCompletion:
            .gauge("Unix time at which the last run ended, whatever the end; 0 if none is known.")
        case .lastFile:
            .gauge("Unix time at which the newest taken file was stored; 0 if none is known.")
        case .unaccountedRows:
            .gauge("Rows of the last run that its books do not account for; anything but 0 is a defect of ours.")
        case .unresolvedItems:
            .gauge("Items sent, by whatever run, whose verdict is still asked for.")
        case .products:
            .gauge("Products in the ledger by last known state.", [.closed(.state, ["accepted", "refused", "rejected", "unknown"])])
        case .landingPendingFiles:
            .gauge("Complete files that wait in the landing zone.")
        case .landingOldestFile:
            .gauge("Unix time at which the oldest waiting file was stored; 0 if none waits.")
        case .queueMessages:
            .counter(
                "Messages of the queue that tells of new files: a notice starts a run, other ones are about something else, strange ones cannot be read.",
                [.outcome(["notice", "other", "strange"])])
        case .quotaUsed:
            .gauge("Share of a quota of Meta's that is used, 0 to 1 and beyond when over.", [.given(.quota)])
        case .httpRequestDuration:
            .histogram(
                "Duration of each HTTP attempt.", [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120],
                [.given(.api), .outcome(["ok", "throttled", "transient", "refused"])], hasPipeline: false)
        case .alertsSent:
            .counter("Alert messages by channel: delivered, attempts that failed, given up.", [.given(.channel), .outcome(["sent", "failed", "given_up"])], hasPipeline: false)
        case .logLines:
            .counter("Log lines written, by level.", [.closed(.level, Level.allCases.map(\.name))], hasPipeline: false)
        case .telemetryDropped:
            .counter(
                "Log lines and metric changes that a sink could not take.", [.closed(.sink, TelemetrySink.allCases.map(\.rawValue))],
                hasPipeline: false)
        case .buildInfo:
            .gauge("Always 1; the label says which version runs.", [.given(.version)], hasPipeline: false)
        }
    }
}

/// Every place that telemetry goes to, as `telemetry_dropped_total{sink}` names it.
public enum TelemetrySink: String, Sendable, CaseIterable {
    case stderr, file
    case runLog = "run_log"
    case metrics
    /// Figures that libraries report through swift-metrics.
    case libraryMetrics = "library_metrics"
    case textfile, cloudwatch
    case cloudwatchLogs = "cloudwatch_logs"
    case pushgateway, otlp
}

extension MetricLabel {
    static let runStates = ["done", "done_with_errors", "validation_failed", "held", "failed", "nothing_to_do", "planned"]
    static let stages = ["settle", "check", "validate", "transform", "send", "check-handles", "archive", "save"]

    static func outcome(_ values: [String]) -> MetricLabel { MetricLabel(name: .outcome, values: .closed(values)) }
    static func closed(_ name: LabelName, _ values: [String]) -> MetricLabel { MetricLabel(name: name, values: .closed(values)) }
    static func given(_ name: LabelName) -> MetricLabel { MetricLabel(name: name, values: .given) }
}

extension MetricDeclaration {
    static func counter(_ help: String, _ labels: [MetricLabel] = [], hasPipeline: Bool = true) -> MetricDeclaration {
        MetricDeclaration(kind: .counter, help: help, hasPipeline: hasPipeline, labels: labels, buckets: [])
    }

    static func gauge(_ help: String, _ labels: [MetricLabel] = [], hasPipeline: Bool = true) -> MetricDeclaration {
        MetricDeclaration(kind: .gauge, help: help, hasPipeline: hasPipeline, labels: labels, buckets: [])
    }

    static func histogram(
        _ help: String, _ buckets: [Double], _ labels: [MetricLabel] = [], hasPipeline: Bool = true
    ) -> MetricDeclaration {
        MetricDeclaration(kind: .histogram, help: help, hasPipeline: hasPipeline, labels: labels, buckets: buckets)
    }
}
