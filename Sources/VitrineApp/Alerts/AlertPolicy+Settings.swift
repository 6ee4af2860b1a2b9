import Alerting
import Events
import Settings

extension AlertPolicy {
    /// The rules of the settings, and those that ship beside them. A rule of one's own takes the place of one that ships under its name.
    init(_ loaded: LoadedSettings) {
        let settings = loaded.settings.alerts
        let own = settings.rules.map { AlertRule($0, in: loaded) }
        let names = Set(own.map(\.name))
        let shipped = settings.shipped ? AlertRule.shipped(channels: settings.channels.map(\.name)).filter { !names.contains($0.name) } : []
        self.init(rules: own + shipped, hourlyCap: settings.hourlyCap, dashboard: settings.dashboard)
    }
}

extension AlertRule {
    fileprivate init(_ rule: AlertRuleSettings, in loaded: LoadedSettings) {
        self.init(
            name: rule.name, trigger: AlertTrigger(rule.trigger, in: loaded),
            window: rule.runs.map { RunWindow(bad: $0.bad, of: $0.of, good: $0.good) } ?? .oneRun, remind: rule.remind,
            severity: AlertSeverity(rule.severity), channels: rule.channels, runbook: rule.runbook)
    }
}

extension AlertSeverity {
    fileprivate init(_ severity: AlertRuleSettings.Severity) {
        switch severity {
        case .info: self = .info
        case .warning: self = .warning
        case .critical: self = .critical
        }
    }
}

extension AlertTrigger {
    fileprivate init(_ trigger: AlertRuleSettings.Trigger, in loaded: LoadedSettings) {
        switch trigger {
        case .figure(let name, .number(let number), let floor): self = .figure(name, above: .number(number), atLeast: floor)
        case .figure(let name, .share(let share, let other), let floor): self = .figure(name, above: .share(share, of: other), atLeast: floor)
        case .ends(let words): self = .ends(words.compactMap(AlertEnd.init))
        case .noFileFor(let limit, let hours): self = .noFileFor(limit, within: hours.map { ActiveHours($0, in: loaded) })
        case .noSuccessFor(let limit): self = .noSuccessFor(limit)
        case .unknownOlderThan(let limit): self = .unknownOlderThan(limit)
        case .tokenExpiresWithin(let limit): self = .endsWithin(.token, limit)
        case .apiVersionEndsWithin(let limit): self = .endsWithin(.apiVersion, limit)
        }
    }
}

extension ActiveHours {
    fileprivate init(_ hours: ActiveHoursSettings, in loaded: LoadedSettings) {
        self.init(from: hours.from, to: hours.to, weekdays: hours.weekdays, zone: loaded.zone(hours.timeZone))
    }
}

extension DigestPlan {
    /// Nil where none is asked for.
    init?(_ loaded: LoadedSettings) {
        guard let digest = loaded.settings.alerts.digest else { return nil }
        self.init(minute: digest.at, zone: loaded.zone(digest.timeZone), channels: digest.channels)
    }
}
