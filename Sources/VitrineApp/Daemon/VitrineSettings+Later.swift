import Settings

extension VitrineSettings {
    /// The keys that differ and that a running process cannot follow: what was opened or listened on at its start.
    func laterThan(_ old: VitrineSettings) -> [String] {
        var keys: [String] = []
        if state != old.state { keys.append("state") }
        if telemetry.logs != old.telemetry.logs { keys.append("telemetry.logs") }
        if telemetry.prometheus != old.telemetry.prometheus { keys.append("telemetry.prometheus") }
        if telemetry.cloudWatch != old.telemetry.cloudWatch { keys.append("telemetry.cloudwatch") }
        if aws != old.aws { keys.append("aws") }
        return keys
    }
}
