public import Events

/// Keys to sign with.
public struct AWSCredentials: Sendable, Equatable {
    public var accessKeyID: String
    public var secretAccessKey: Secret
    public var sessionToken: Secret?
    /// Nil: they do not end.
    public var expiresAt: Timestamp?

    public init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiresAt: Timestamp? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
    }
}
