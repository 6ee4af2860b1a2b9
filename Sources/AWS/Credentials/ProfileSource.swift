import Events

/// Keys that stand in the shared files. What else a profile can name is said to be unsupported, so that nobody looks for the mistake elsewhere.
struct ProfileSource: CredentialSource {
    let world: AWSWorld
    let name = "shared files"

    /// Keys of a profile that point to a way we do not go.
    private static let unsupported = [
        ("sso_session", "single sign-on"), ("sso_start_url", "single sign-on"), ("login_session", "console login"),
        ("credential_process", "`credential_process`"), ("mfa_serial", "multi-factor authentication"),
        ("source_profile", "a role assumed from another profile"), ("credential_source", "a role assumed from another source"),
    ]

    func load() throws(AWSError) -> CredentialFinding {
        let profile = Profile.load(world)
        guard profile.isThere else {
            guard Profile.chosenName(world) == nil else {
                throw broken("there is no profile `\(profile.name)`", "Correct AWS_PROFILE, or add the profile to ~/.aws/config or ~/.aws/credentials.")
            }
            return .skipped("there is no profile `\(profile.name)` in ~/.aws/credentials or ~/.aws/config")
        }
        if let id = profile["aws_access_key_id"] {
            guard let secret = profile["aws_secret_access_key"] else {
                throw broken("the profile `\(profile.name)` has aws_access_key_id and no aws_secret_access_key", "Add it.")
            }
            return .found(
                AWSCredentials(
                    accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: profile["aws_session_token"].map { Secret($0) }))
        }
        if let (_, what) = Self.unsupported.first(where: { profile[$0.0] != nil }) {
            return .skipped("the profile `\(profile.name)` asks for \(what), which Vitrine does not support")
        }
        return .skipped("the profile `\(profile.name)` holds no keys")
    }
}
