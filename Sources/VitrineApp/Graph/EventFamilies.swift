import AWS
import Alerting
import CatalogSync
import Engine
public import Events
import Feed
import Settings
import Telemetry

/// Every family of events there is. The references of log events and the tests of the catalogue are made from this list.
public enum EventFamilies {
    public static let all: [any Event.Type] = [
        EngineEvent.self, PauseEvent.self, SyncEvent.self, AlertEvent.self, DaemonEvent.self, StateEvent.self, AWSEvent.self, TelemetryEvent.self,
    ]
}

extension GivenLabelValues {
    init(_ settings: VitrineSettings) {
        let given = settings.pipelines.flatMap { $0.validation.rules.map { Rule(id: $0.key, severity: $0.value) } }
        self = .vitrine(pipelines: settings.pipelines.map(\.name), channels: settings.alerts.channels.map(\.name), severities: given)
    }

    /// The label values that only the composition root knows.
    /// - Parameters:
    ///   - channels: the names of the alert channels.
    ///   - severities: that settings give to rules, beside their own; what is no rule or no severity is passed over.
    static func vitrine(pipelines: [String], channels: [String] = [], severities: [Rule] = []) -> GivenLabelValues {
        let given = severities.filter { RuleID(rawValue: $0.id) != nil && $0.severity != Severity.off.rawValue && Severity(rawValue: $0.severity) != nil }
        return GivenLabelValues(
            pipelines: pipelines, rules: RuleID.allCases.map { Rule(id: $0.rawValue, severity: $0.defaultSeverity.rawValue) } + given,
            quotas: SyncEvent.Quota.allCases.map(\.rawValue), apis: SyncEvent.API.allCases.map(\.rawValue) + AWSService.apis + AlertEvent.API.allCases.map(\.rawValue), channels: channels, version: Version.text)
    }
}
