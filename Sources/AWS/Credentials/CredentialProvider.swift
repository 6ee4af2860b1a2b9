public import Events
public import Transport

/// Finds credentials in the standard order, keeps them, and gets new ones before they end. However many ask at once, one search is under way.
public actor CredentialProvider {
    /// From here to the end new ones are looked for; where there are none the old ones go on.
    static let advisoryRefresh = Duration.seconds(15 * 60)
    /// From here to the end the old ones are not used any more: a request signed now may arrive later.
    static let mandatoryRefresh = Duration.seconds(60)
    /// After a refresh that failed, or gave keys that end soon too.
    static let pauseBetweenRefreshes = Duration.seconds(60)

    private let sources: [any CredentialSource]
    private let world: AWSWorld
    private let reporter: Reporter
    private var current: AWSCredentials?
    /// Where the current ones came from: a refresh asks there first and not from the beginning.
    private var found: Int?
    private var notBefore: Timestamp?
    private var search: Task<Result<AWSCredentials, AWSError>, Never>?

    /// The standard order: environment, web identity, shared files, container endpoint, instance metadata.
    public init(world: AWSWorld, transport: any HTTPTransport, reporter: Reporter = .silent) {
        self.init(
            sources: [
                EnvironmentSource(world: world), WebIdentitySource(world: world, transport: transport), ProfileSource(world: world),
                ContainerSource(world: world, transport: transport), InstanceSource(world: world, transport: transport),
            ], world: world, reporter: reporter)
    }

    init(sources: [any CredentialSource], world: AWSWorld, reporter: Reporter = .silent) {
        self.sources = sources
        self.world = world
        self.reporter = reporter
    }

    /// - Throws: `.noCredentials`, naming every source and why it was skipped; `.badCredentials` for a source that is configured and broken.
    public func credentials() async throws(AWSError) -> AWSCredentials {
        let now = world.now()
        if let current, !isDue(current, now) { return current }
        switch await searchOnce() {
        case .success(let fresh): return fresh
        case .failure(let error):
            guard let current, let end = current.expiresAt, end - now > Self.mandatoryRefresh else { throw error }
            notBefore = now + Self.pauseBetweenRefreshes
            return current
        }
    }

    /// AWS said that these have ended: the next call looks for new ones.
    public func invalidate(_ used: AWSCredentials) {
        if current == used {
            current = nil
            notBefore = nil
        }
    }

    private func isDue(_ credentials: AWSCredentials, _ now: Timestamp) -> Bool {
        guard let end = credentials.expiresAt else { return false }
        if end - now <= Self.mandatoryRefresh { return true }
        return end - now <= Self.advisoryRefresh && notBefore.map { $0 <= now } ?? true
    }

    private func searchOnce() async -> Result<AWSCredentials, AWSError> {
        if let search { return await search.value }
        // Not a child of the caller's task, since others wait for it too and must not lose it when the first of them is cancelled. It ends by
        // itself: every source is bounded in time.
        let task = Task { await find() }
        search = task
        let result = await task.value
        search = nil
        return result
    }

    private func find() async -> Result<AWSCredentials, AWSError> {
        do throws(AWSError) {
            let (credentials, place) = try await walk()
            current = credentials
            found = place
            if let end = credentials.expiresAt, end - world.now() <= Self.advisoryRefresh { notBefore = world.now() + Self.pauseBetweenRefreshes }
            reporter.report(AWSEvent.credentialsFound(source: sources[place].name, expiresAt: credentials.expiresAt))
            return .success(credentials)
        } catch {
            return .failure(error)
        }
    }

    private func walk() async throws(AWSError) -> (AWSCredentials, Int) {
        if let found, case .found(let credentials) = try await sources[found].load() { return (credentials, found) }
        var tried: [String] = []
        for (place, source) in sources.enumerated() {
            switch try await source.load() {
            case .found(let credentials): return (credentials, place)
            case .skipped(let why): tried.append("\(source.name) (\(why))")
            }
        }
        throw AWSError(
            .noCredentials, culprit: "no AWS credentials; tried in this order: \(tried.joined(separator: "; "))",
            remedy: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE, or give the machine, task or pod a role.")
    }
}
