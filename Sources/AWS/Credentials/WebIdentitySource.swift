import Events
import Transport

/// A role taken on with a token that the platform keeps in a file: EKS service accounts, and profiles that name such a file. The file is read
/// anew each time, since the platform replaces it.
struct WebIdentitySource: CredentialSource {
    let world: AWSWorld
    let transport: any HTTPTransport
    let name = "web identity"

    private struct Settings {
        let tokenFile: String
        let role: String?
        let session: String?
    }

    func load() async throws(AWSError) -> CredentialFinding {
        guard let settings = settings() else { return .skipped("AWS_WEB_IDENTITY_TOKEN_FILE is not set") }
        guard let role = settings.role else {
            throw broken("there is a token file and no role", "Set AWS_ROLE_ARN, or `role_arn` in the profile.")
        }
        guard let token = world.readFile(settings.tokenFile)?.trimmed, !token.isEmpty else {
            throw broken("the token file \(settings.tokenFile) cannot be read or is empty", "Check that the service account's token is mounted.")
        }
        let configuration = AWSConfiguration.load(world: world, region: nil)
        let sts = STS(client: AWSClient(service: .sts, configuration: configuration, transport: transport, world: world, credentials: nil))
        let session = settings.session ?? "vitrine-\(world.now().nanoseconds / 1_000_000_000)"
        return .found(try await sts.assumeRole(role, webIdentityToken: Secret(token), session: session))
    }

    private func settings() -> Settings? {
        if Profile.chosenName(world) == nil, let file = world.variable("AWS_WEB_IDENTITY_TOKEN_FILE") {
            return Settings(tokenFile: file, role: world.variable("AWS_ROLE_ARN"), session: world.variable("AWS_ROLE_SESSION_NAME"))
        }
        let profile = Profile.load(world)
        guard let file = profile["web_identity_token_file"] else { return nil }
        return Settings(tokenFile: file, role: profile["role_arn"], session: profile["role_session_name"])
    }
}
