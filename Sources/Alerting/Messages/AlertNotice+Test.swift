public import Events

extension AlertNotice {
    /// A message that says it is a test.
    public static func test(at time: Timestamp) -> AlertNotice {
        let rule = AlertRule(name: "test", trigger: .ends([]), severity: .info, channels: [])
        let verdict = RuleVerdict(
            rule: rule, pipeline: "test", runID: nil, standing: .bad, figure: nil, reason: "this is a test of the channel; nothing is wrong", families: [])
        var incident = Incident(verdict, at: time)
        incident.told(at: time)
        return AlertNotice(kind: .opened, incident: incident, at: time, channels: [], heldBack: 0, context: AlertContext())
    }
}
