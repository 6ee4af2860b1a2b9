import Events
@testable import Alerting

/// What a shop, or who writes into its database, could put into an id, a title or a message.
enum Attack {
    static let strings = [
        "x\r\nBcc: thief@evil.example\r\n\r\nbody", "x\nSubject: other", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=cmd|'/C calc'!A0",
        "\u{1b}[2J\u{1b}]0;title\u{7}", "\u{202e}elif", "\r\n.\r\nQUIT\r\n", "--vitrine-boundary--", "=?UTF-8?Q?=0D=0AX: y?=", "\u{0}",
        String(repeating: "A", count: 1 << 20), "{{.}} ${jndi:ldap://x}", "\u{2028}line", "متجر\r\nX-Evil: 1",
    ]

    /// Everything that can come from outside is `text`.
    static func notice(_ text: String, kind: AlertNotice.Kind = .opened) -> AlertNotice {
        let example = ErrorFamily.Example(file: text, row: 2, subject: text, message: text, batch: text, handle: text)
        let rule = AlertRule(name: text, trigger: .ends([]), severity: .warning, channels: ["ops"])
        let verdict = RuleVerdict(
            rule: rule, pipeline: text, runID: text, standing: .bad, figure: 1, reason: text,
            families: [ErrorFamily(key: text, count: 3, examples: Array(repeating: example, count: 9))])
        var incident = Incident(verdict, at: .noon)
        incident.told(at: .noon)
        if kind == .resolved { incident.resolvedAt = .noon + .seconds(60) }
        let context = AlertContext(
            lastGoodRun: text, lastGoodAt: .noon, changes: [.init(figure: text, then: 0, now: 1)], explanation: text, commands: [text], runbook: text,
            dashboard: text)
        return AlertNotice(kind: kind, incident: incident, at: .noon, channels: ["ops"], heldBack: 2, context: context)
    }
}
