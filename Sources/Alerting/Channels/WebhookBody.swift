import Events
import FoundationEssentials

/// The body of Alertmanager's webhook, version 4, with one alert: what every receiver made for Alertmanager takes.
struct WebhookBody: Codable, Equatable {
    struct Alert: Codable, Equatable {
        var status: String
        var labels: [String: String]
        var annotations: [String: String]
        var startsAt: String
        /// `0001-01-01T00:00:00Z` while it is open.
        var endsAt: String
        var generatorURL: String
        var fingerprint: String
    }

    var version = "4"
    var groupKey: String
    var truncatedAlerts = 0
    var status: String
    var receiver: String
    var groupLabels: [String: String]
    var commonLabels: [String: String]
    var commonAnnotations: [String: String]
    var externalURL: String
    var alerts: [Alert]

    /// Bytes of a description.
    static let longestDescription = 32_000

    init(_ notice: AlertNotice, receiver: String, insteadOf: String?) {
        let message = AlertMessage(notice, insteadOf: insteadOf)
        let incident = notice.incident
        let labels = [
            "alertname": PlainText.line(incident.rule, limit: 200), "pipeline": PlainText.line(incident.pipeline, limit: 200),
            "severity": incident.severity.rawValue,
        ]
        var annotations = [
            "summary": message.headline, "description": String(message.text.unicodeScalars.prefix(Self.longestDescription / 4)), "reason": notice.kind.rawValue,
        ]
        for link in message.links { annotations[link.name == "Dashboard" ? "dashboard_url" : "runbook_url"] = link.url }
        let dashboard = message.links.first { $0.name == "Dashboard" }?.url ?? ""
        self.receiver = PlainText.line(receiver, limit: 200)
        status = notice.status
        groupKey = "{}:{alertname=\"\(labels["alertname"] ?? "")\", pipeline=\"\(labels["pipeline"] ?? "")\"}"
        groupLabels = labels.filter { $0.key != "severity" }
        commonLabels = labels
        commonAnnotations = annotations
        externalURL = dashboard
        alerts = [
            Alert(
                status: notice.status, labels: labels, annotations: annotations, startsAt: incident.openSince.rfc3339,
                endsAt: incident.resolvedAt?.rfc3339 ?? "0001-01-01T00:00:00Z", generatorURL: dashboard, fingerprint: incident.fingerprint)
        ]
    }

    var json: [UInt8] { Self.json(self) }

    /// How long Alertmanager keeps an alert without a word from us. Without an end it would call it resolved after five minutes
    /// (`resolve_timeout`), since it expects to be told again and again.
    static let keptByAlertmanager = Duration.seconds(30 * 86_400)

    /// What Alertmanager's own API takes: the alerts alone.
    func alertmanagerJSON(at time: Timestamp) -> [UInt8] {
        Self.json(alerts.map { alert in
            var alert = alert
            if alert.status != "resolved" { alert.endsAt = (time + Self.keptByAlertmanager).rfc3339 }
            return alert
        })
    }

    private static func json(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map(Array.init) ?? []
    }
}
