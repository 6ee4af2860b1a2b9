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
    case silenceEnded(id: String)
    case stateSetAside(path: String)
    /// Nothing can be remembered, so nothing is told: what was seen now is seen again by the next run.
    case stateFailed(culprit: String, remedy: String)
    /// One try of one call to a receiver.
    case called(API, CallOutcome, seconds: Double)
    case digestQueued(channels: Int)
    case pinged(DeadManSwitch.Word, took: Duration)
    case pingFailed(DeadManSwitch.Word, culprit: String, remedy: String)

    /// The label `api` of the request metrics.
    public enum API: String, Sendable, CaseIterable {
        case webhook
        case deadMan = "dead_man"
    }

    /// The label `outcome` of the request metrics.
    public enum CallOutcome: String, Sendable, CaseIterable { case ok, throttled, transient, refused }

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
        case silenceEnded = "alert.silence_ended"
        case stateSetAside = "alert.state_set_aside"
        case stateFailed = "alert.state_failed"
        case called = "alert.call"
        case digestQueued = "digest.queued"
        case pinged = "dead_man.told"
        case pingFailed = "dead_man.failed"
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
        case .silenceEnded: .silenceEnded
        case .stateSetAside: .stateSetAside
        case .stateFailed: .stateFailed
        case .called: .called
        case .digestQueued: .digestQueued
        case .pinged: .pinged
        case .pingFailed: .pingFailed
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
        case .silenceEnded(let id):
            signal.say(.warning, "A silence was ended.")
            signal.field(.value, id)
        case .stateFailed(let culprit, let remedy):
            signal.say(.error, "The state of the alerts cannot be kept, so nobody is told of this.")
            signal.field(.culprit, culprit)
            signal.field(.remedy, remedy)
        case .called(let api, let outcome, let seconds):
            signal.say(.debug, "Called \(api.rawValue): \(outcome.rawValue).")
            signal.field(.api, api.rawValue)
            signal.field(.outcome, outcome.rawValue)
            signal.field(.durationMilliseconds, Int(seconds * 1_000))
            signal.observe(.httpRequestDuration, seconds, LabelValue(.api, api.rawValue), LabelValue(.outcome, outcome.rawValue))
        case .digestQueued(let channels):
            signal.say(.info, "The digest of the day is on its way.")
            signal.field(.count, channels)
        case .pinged(let word, let took):
            signal.say(.debug, "The dead-man switch was told: \(word.rawValue).")
            signal.field(.outcome, word.rawValue)
            signal.field(.durationMilliseconds, Int(took / .milliseconds(1)))
        case .pingFailed(let word, let culprit, let remedy):
            signal.say(.warning, "The dead-man switch could not be told: \(word.rawValue). The run goes on.")
            signal.field(.outcome, word.rawValue)
            signal.field(.culprit, culprit)
            signal.field(.remedy, remedy)
        }
    }
}
