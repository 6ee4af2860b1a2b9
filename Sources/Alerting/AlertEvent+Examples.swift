import Events

extension AlertEvent {
    public static var examples: [AlertEvent] {
        let time = Timestamp(year: 2026, month: 11, day: 21, hour: 9)
        let silence = try? Silence(rule: "many-refused", since: time, until: time + .seconds(4 * 3600), author: "ana", reason: "new pictures are on their way")
        return [
            .opened(rule: "many-refused", severity: .warning, reason: "items_refused is 30 of 100 items_sent (30 %), above 5 %"),
            .resolved(rule: "many-refused", runs: 3), .muted(rule: "many-refused", cause: "rule access: the access token is not accepted"),
            .heldBack(count: 3, cap: 20), .sent(channel: "ops", rule: "many-refused", kind: .opened, took: .milliseconds(120)),
            .sendFailed(
                channel: "ops", attempt: 2, culprit: "smtp://127.0.0.1:2525: connection refused", remedy: "check that the host is up", next: time),
            .fellBack(channel: "ops", to: "pager", since: time), .givenUp(channel: "ops", incident: "many-refused", attempts: 140),
            .silenceEnded(id: "3fa4c1d2e5b60718"), .stateSetAside(path: "/srv/vitrine/state/alerts.json.unreadable"),
            .stateFailed(culprit: "/srv/vitrine/state/alerts.json: cannot write it: No space left on device", remedy: "check the rights and the room of the state folder"),
            .called(.webhook, .ok, seconds: 0.04), .called(.deadMan, .transient, seconds: 5), .digestQueued(channels: 1),
            .pinged(.start, took: .milliseconds(40)),
            .pingFailed(.success, culprit: "https://hc.example: HTTP 503", remedy: "look at the receiver of the pings"),
        ] + (silence.map { [.silenced($0)] } ?? [])
    }
}
