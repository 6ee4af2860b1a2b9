extension VitrineSettings {
    /// Every secret that the settings refer to: what is kept out of sinks, and what the process must be allowed to fetch.
    public var allSecrets: [SecretReference] {
        let ofPipelines = pipelines.flatMap { [$0.catalog.accessToken, $0.catalog.appSecret] }
        let prometheus = [telemetry.prometheus.bearerToken, telemetry.prometheus.login?.password]
        return (ofPipelines + prometheus + alerts.channels.map(\.password)).compactMap(\.self)
    }
}

extension ChannelSettings {
    fileprivate var password: SecretReference? {
        guard case .email(let email) = kind else { return nil }
        return email.password
    }
}
