import Events

/// The Security Token Service: keys for a role.
struct STS: Sendable {
    private let call: FormCall

    init(client: AWSClient) { call = FormCall(client: client, version: "2011-06-15") }

    /// Not signed: the token is what proves it.
    /// - Parameter session: 2 to 64 of `A-Z a-z 0-9 _ + = , . @ -`.
    func assumeRole(_ role: String, webIdentityToken token: Secret, session: String) async throws(AWSError) -> AWSCredentials {
        let answer = try await call.send(
            .assumeRoleWithWebIdentity,
            [
                (name: "RoleArn", value: role), (name: "RoleSessionName", value: session), (name: "WebIdentityToken", value: token.reveal()),
            ], subject: role, isSigned: false)
        guard let keys = answer["AssumeRoleWithWebIdentityResult"]?["Credentials"], let id = keys.filled("AccessKeyId"),
            let secret = keys.filled("SecretAccessKey"), let token = keys.filled("SessionToken"),
            let end = keys.filled("Expiration").flatMap({ Timestamp(rfc3339: $0) })
        else { throw .malformed("sts AssumeRoleWithWebIdentity \(role)", "names no credentials") }
        return AWSCredentials(accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token), expiresAt: end)
    }
}
