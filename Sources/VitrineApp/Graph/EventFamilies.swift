import AWS
import Alerting
import CatalogSync
import Engine
public import Events
import Feed
import Telemetry

/// Every family of events there is. The references of log events and the tests of the catalogue are made from this list.
public enum EventFamilies {
    public static let all: [any Event.Type] = [
        EngineEvent.self, PauseEvent.self, SyncEvent.self, AlertEvent.self, DaemonEvent.self, StateEvent.self, AWSEvent.self, TelemetryEvent.self,
    ]
}

extension GivenLabelValues {
    /// The label values that only the composition root knows.
    /// - Parameter channels: the names of the alert channels.
    static func vitrine(pipelines: [String], channels: [String] = []) -> GivenLabelValues {
        GivenLabelValues(
            pipelines: pipelines, rules: RuleID.allCases.map { Rule(id: $0.rawValue, severity: $0.defaultSeverity.rawValue) },
            quotas: SyncEvent.Quota.allCases.map(\.rawValue), apis: SyncEvent.API.allCases.map(\.rawValue) + AWSService.apis + AlertEvent.API.allCases.map(\.rawValue), channels: channels, version: Version.text)
    }
}
