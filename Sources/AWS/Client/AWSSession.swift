public import Events
public import Transport

/// One account, one region, one set of credentials: what all services of a process share.
public struct AWSSession: Sendable {
    public let configuration: AWSConfiguration
    public let credentials: CredentialProvider
    let transport: any HTTPTransport
    let world: AWSWorld
    let reporter: Reporter

    /// - Parameters:
    ///   - region: of the settings; nil: the environment and the profile are asked.
    ///   - transport: made with `AWSConfiguration.transport(userAgent:)`, so that `AWS_CA_BUNDLE` is honoured.
    public init(configuration: AWSConfiguration, transport: any HTTPTransport, world: AWSWorld, reporter: Reporter = .silent) {
        self.configuration = configuration
        self.transport = transport
        self.world = world
        self.reporter = reporter
        credentials = CredentialProvider(world: world, transport: transport, reporter: reporter)
    }

    /// - Parameter reporter: another than the session's where a service must not speak of itself: who ships logs would otherwise log its own
    ///   shipping, for ever.
    func client(_ service: AWSService, reporter: Reporter? = nil) -> AWSClient {
        var configuration = configuration
        // A run's files and journal stand behind S3: worth more patience than the standard.
        if service == .s3, !configuration.attemptsAreChosen { configuration.attempts = Self.s3Attempts }
        return AWSClient(
            service: service, configuration: configuration, transport: transport, world: world, credentials: credentials,
            reporter: reporter ?? self.reporter)
    }

    /// Together up to half a minute of pauses.
    static let s3Attempts = 6
}
