public import Transport

/// Region, endpoints and retries, out of the settings, the environment and the profile, in this order.
public struct AWSConfiguration: Sendable {
    /// Nil: nobody named one. A call then ends with `.noRegion`.
    public var region: String?
    /// The most tries of one call, the first one counted.
    public var attempts: Int
    /// Certificates to trust, a PEM file: `AWS_CA_BUNDLE`, the profile's `ca_bundle`, or `SSL_CERT_FILE`.
    public var caFile: String?
    var overrides: [AWSService: String] = [:]
    var usesFIPS = false
    var usesDualStack = false
    /// `AWS_MAX_ATTEMPTS` was set: nobody else raises it.
    var attemptsAreChosen = false

    /// AWS's standard retry mode. Source: botocore, retries/standard.py.
    public static let standardAttempts = 3
    private static let mostAttempts = 20

    /// - Parameter region: of the settings; nil where they name none.
    public static func load(world: AWSWorld, region: String?) -> AWSConfiguration {
        let profile = Profile.load(world)
        var configuration = AWSConfiguration(
            region: region ?? world.variable("AWS_REGION") ?? world.variable("AWS_DEFAULT_REGION") ?? profile["region"], attempts: standardAttempts,
            caFile: world.variable("AWS_CA_BUNDLE") ?? profile["ca_bundle"] ?? world.variable("SSL_CERT_FILE"))
        if let chosen = (world.variable("AWS_MAX_ATTEMPTS") ?? profile["max_attempts"]).flatMap({ Int($0) }) {
            configuration.attempts = min(max(chosen, 1), mostAttempts)
            configuration.attemptsAreChosen = true
        }
        configuration.usesFIPS = world.isTrue("AWS_USE_FIPS_ENDPOINT")
        configuration.usesDualStack = world.isTrue("AWS_USE_DUALSTACK_ENDPOINT")
        if !world.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") {
            for service in AWSService.allCases { configuration.overrides[service] = override(of: service, world, profile) }
        }
        return configuration
    }

    private static func override(of service: AWSService, _ world: AWSWorld, _ profile: Profile) -> String? {
        world.variable("AWS_ENDPOINT_URL_\(service.configurationID)") ?? world.variable("AWS_ENDPOINT_URL")
            ?? profile.services["\(service.configurationID.lowercased()).endpoint_url"] ?? profile["endpoint_url"]
    }

    init(region: String?, attempts: Int, caFile: String?) {
        self.region = region
        self.attempts = attempts
        self.caFile = caFile
    }

    /// For a transport of its own: its trust is AWS's, not that of the other peers.
    public func transport(userAgent: String) -> TransportConfiguration {
        var transport = TransportConfiguration()
        transport.caFile = caFile
        transport.userAgent = userAgent
        return transport
    }
}
