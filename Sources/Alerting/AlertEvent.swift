public import Events

/// What becomes of incidents and of the messages about them.
public enum AlertEvent: Event {
    case opened(rule: String, severity: AlertSeverity, reason: String)
    case resolved(rule: String, runs: Int)
    /// Bad, and told by its cause.
    case muted(rule: String, cause: String)
    case heldBack(count: Int, cap: Int)
    case sent(channel: String, rule: String, kind: AlertNotice.Kind, took: Duration)
    case sendFailed(channel: String, attempt: Int, culprit: String, remedy: String, next: Timestamp)
    case fellBack(channel: String, to: String, since: Timestamp)
    case givenUp(channel: String, incident: String, attempts: Int)
    case silenced(Silence)
    case stateSetAside(path: String)

    public enum Name: String, EventName {
        case opened = "alert.opened"
        case resolved = "alert.resolved"
        case muted = "alert.muted"
        case heldBack = "alert.held_back"
        case sent = "alert.sent"
        case sendFailed = "alert.send_failed"
        case fellBack = "alert.fell_back"
        case givenUp = "alert.given_up"
        case silenced = "alert.silenced"
        case stateSetAside = "alert.state_set_aside"
    }

    public var name: Name {
        switch self {
        case .opened: .opened
        case .resolved: .resolved
        case .muted: .muted
        case .heldBack: .heldBack
        case .sent: .sent
        case .sendFailed: .sendFailed
        case .fellBack: .fellBack
        case .givenUp: .givenUp
        case .silenced: .silenced
        case .stateSetAside: .stateSetAside
        }
    }

    public func describe(to signal: inout Signal) {
        switch self {
        case .opened(let rule, let severity, let reason):
            signal.say(.warning, "Incident opened.")
            signal.field(.rule, rule)
            signal.field(.severity, severity.rawValue)
            signal.field(.reason, reason)
        case .resolved(let rule, let runs):
            signal.say(.info, "Incident over.")
            signal.field(.rule, rule)
            signal.field(.count, runs)
        case .muted(let rule, let cause):
            signal.say(.info, "A rule says that something is bad; people are told of its cause instead.")
            signal.field(.rule, rule)
            signal.field(.reason, cause)
        case .heldBack(let count, let cap):
            signal.say(.warning, "Messages held back: the hour has had as many as it may; they are told later.")
            signal.field(.count, count)
            signal.field(.value, cap)
        case .sent(let channel, let rule, let kind, let took):
            signal.say(.info, "Message delivered.")
            signal.field(.channel, channel)
            signal.field(.rule, rule)
            signal.field(.state, kind.rawValue)
            signal.field(.durationMilliseconds, Int(took / .milliseconds(1)))
            signal.add(.alertsSent, 1, LabelValue(.channel, channel), LabelValue(.outcome, "sent"))
        case .sendFailed(let channel, let attempt, let culprit, let remedy, let next):
            signal.say(.error, "A message could not be delivered; it is tried again.")
            signal.field(.channel, channel)
            signal.field(.attempt, attempt)
            signal.field(.culprit, culprit)
            signal.field(.remedy, remedy)
            signal.field(.due, next.rfc3339)
            signal.add(.alertsSent, 1, LabelValue(.channel, channel), LabelValue(.outcome, "failed"))
        case .fellBack(let channel, let second, let since):
            signal.say(.warning, "A channel stays down; its second one is told in its place.")
            signal.field(.channel, channel)
            signal.field(.hint, second)
            signal.field(.reason, "down since \(since.rfc3339)")
        case .givenUp(let channel, let incident, let attempts):
            signal.say(.error, "A message was given up: nobody took it for too long, or too many wait.")
            signal.field(.channel, channel)
            signal.field(.rule, incident)
            signal.field(.attempt, attempts)
            signal.add(.alertsSent, 1, LabelValue(.channel, channel), LabelValue(.outcome, "given_up"))
        case .silenced(let silence):
            signal.say(.warning, "Silenced.")
            signal.field(.rule, silence.rule)
            signal.field(.author, silence.author)
            signal.field(.reason, silence.reason)
            signal.field(.until, silence.until.rfc3339)
        case .stateSetAside(let path):
            signal.say(.error, "The state of the alerts cannot be read; it was set aside and begins anew. Something may be told twice.")
            signal.field(.path, path)
        }
    }
}
