/// One place where credentials may be.
protocol CredentialSource: Sendable {
    /// As a message names it, such as `environment variables`.
    var name: String { get }

    /// - Throws: `AWSError` where the source is configured and cannot be used: the search ends there, since whoever configured it means it.
    func load() async throws(AWSError) -> CredentialFinding
}

enum CredentialFinding: Sendable, Equatable {
    case found(AWSCredentials)
    /// Not configured, or not there; the words say which.
    case skipped(String)
}

extension CredentialSource {
    func broken(_ what: String, _ remedy: String) -> AWSError {
        AWSError(.badCredentials, culprit: "AWS credentials from \(name): \(what)", remedy: remedy)
    }
}
