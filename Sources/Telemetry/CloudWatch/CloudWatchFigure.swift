public import AWS
import Events

/// The figures that go to CloudWatch: a few, since each costs money for each pipeline. The names are part of the contract.
public enum CloudWatchFigure: String, Sendable, CaseIterable {
    case rowsValidated = "RowsValidated"
    case rowsRejected = "RowsRejected"
    case rowsHeld = "RowsHeld"
    case batchesSent = "BatchesSent"
    case itemsAccepted = "ItemsAccepted"
    case itemsRefused = "ItemsRefused"
    case itemsUnknown = "ItemsUnknown"
    case handleErrors = "HandleErrors"
    case handleWarnings = "HandleWarnings"
    case runsSucceeded = "RunsSucceeded"
    case runDuration = "RunDuration"
    case unaccountedRows = "UnaccountedRows"
    case oldestFileAge = "OldestFileAge"

    /// The one dimension.
    public static let dimension = "Pipeline"

    enum Kind {
        /// Added up between two deliveries.
        case sum
        /// Each value counts.
        case each
        /// Only the last value counts.
        case last
    }

    var kind: Kind {
        switch self {
        case .rowsValidated, .rowsRejected, .rowsHeld, .batchesSent, .itemsAccepted, .itemsRefused, .itemsUnknown, .handleErrors, .handleWarnings,
            .runsSucceeded:
            .sum
        case .runDuration, .unaccountedRows: .each
        case .oldestFileAge: .last
        }
    }

    public var unit: MetricDatum.Unit { self == .runDuration || self == .oldestFileAge ? .seconds : .count }

    /// What a change of a metric means for the figures; nothing for most. The state of a run that is no success is a zero, so that an alarm
    /// sees a run that failed.
    static func of(_ change: Signal.MetricChange) -> [(figure: CloudWatchFigure, value: Double)] {
        let label = change.first?.value
        switch change.metric {
        case .rowsValidated: return [(.rowsValidated, change.value)] + (label == "rejected" ? [(.rowsRejected, change.value)] : [])
        case .rowsHeld: return [(.rowsHeld, change.value)]
        case .batchesSent: return label == "sent" ? [(.batchesSent, change.value)] : []
        case .items:
            switch label {
            case "accepted": return [(.itemsAccepted, change.value)]
            case "refused": return [(.itemsRefused, change.value)]
            // As the report of a run has it, which says less when verdicts come late: what is given up is in it already.
            default: return change.kind == .revise ? [(.itemsUnknown, change.value)] : []
            }
        case .handleErrors: return [(.handleErrors, change.value)]
        case .handleWarnings: return [(.handleWarnings, change.value)]
        case .runs: return [(.runsSucceeded, label == "done" || label == "nothing_to_do" ? change.value : 0)]
        case .runDuration: return [(.runDuration, change.value)]
        case .unaccountedRows: return [(.unaccountedRows, change.value)]
        case .landingOldestFile: return [(.oldestFileAge, change.value)]
        case .ruleFindings, .itemsWarned, .handleLatency, .stageDuration, .lastSuccess, .lastCompletion, .lastFile, .unresolvedItems, .products, .heldRuns, .runStarted,
            .landingPendingFiles, .queueMessages, .quotaUsed, .httpRequestDuration, .alertsSent, .logLines, .telemetryDropped, .buildInfo:
            return []
        }
    }
}
