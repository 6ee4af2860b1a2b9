import Events

/// `AWS_ACCESS_KEY_ID` and its companions. Switched off by an explicitly chosen profile, as in the SDKs.
struct EnvironmentSource: CredentialSource {
    let world: AWSWorld
    let name = "environment variables"

    func load() throws(AWSError) -> CredentialFinding {
        if let profile = Profile.chosenName(world) { return .skipped("the profile `\(profile)` was chosen instead") }
        guard let id = world.variable("AWS_ACCESS_KEY_ID") else { return .skipped("AWS_ACCESS_KEY_ID is not set") }
        guard let secret = world.variable("AWS_SECRET_ACCESS_KEY") else {
            throw broken("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not", "Set both, or neither.")
        }
        return .found(
            AWSCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: world.variable("AWS_SESSION_TOKEN").map { Secret($0) },
                expiresAt: world.variable("AWS_CREDENTIAL_EXPIRATION").flatMap { Timestamp(rfc3339: $0) }))
    }
}
