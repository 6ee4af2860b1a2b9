import Events
import Transport

/// The role of an EC2 instance, by IMDSv2 only: a token first, then the role's name, then its keys. The older version without a token is what
/// a tricked server would be used for, so it is not fallen back to.
struct InstanceSource: CredentialSource {
    let world: AWSWorld
    let transport: any HTTPTransport
    let name = "instance metadata"

    static let timeout = Duration.seconds(1)
    private static let tokenSeconds = "21600"
    private static let rolePath = "/latest/meta-data/iam/security-credentials/"
    private static let answerLimit = 64 << 10
    /// Keys that are said to end sooner are taken to live a little longer: the service hands out old ones while it is in trouble, and S3 takes
    /// them. Source: botocore, `_evaluate_expiration`.
    private static let staleBelow = Duration.seconds(15 * 60)

    func load() async throws(AWSError) -> CredentialFinding {
        if world.isTrue("AWS_EC2_METADATA_DISABLED") { return .skipped("AWS_EC2_METADATA_DISABLED is true") }
        guard let answer = try await ask(.put, "/latest/api/token", ("X-aws-ec2-metadata-token-ttl-seconds", Self.tokenSeconds)) else {
            return .skipped("the instance metadata service does not answer")
        }
        if answer.status == 400 { throw broken("it refuses to give a token (400)", "Check AWS_EC2_METADATA_SERVICE_ENDPOINT.") }
        guard answer.status == 200 else { return .skipped("it gives no IMDSv2 token (\(answer.status))") }
        let token = ("X-aws-ec2-metadata-token", String(decoding: answer.body, as: UTF8.self).trimmed)
        guard let roles = try await ask(.get, Self.rolePath, token), roles.status == 200,
            let role = String(decoding: roles.body, as: UTF8.self).split(whereSeparator: \.isNewline).first?.trimmed, !role.isEmpty
        else { return .skipped("this instance has no role") }
        guard let keys = try await ask(.get, Self.rolePath + URIEncoding.part(role), token) else {
            throw broken("no answer for the role `\(role)`", "Try again.")
        }
        guard keys.status == 200 else { throw broken("\(keys.status) for the role `\(role)`", "Check the instance profile.") }
        return .found(extended(try MetadataAnswer.read(keys.body, from: self)))
    }

    private func extended(_ credentials: AWSCredentials) -> AWSCredentials {
        guard let end = credentials.expiresAt, end - world.now() < Self.staleBelow else { return credentials }
        var credentials = credentials
        credentials.expiresAt = world.now() + .seconds(27 * 60 + Int64(world.chance * 8 * 60))
        return credentials
    }

    private var base: String {
        if let endpoint = world.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") { return endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint }
        return world.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
    }

    /// Nil where no answer came: not on EC2, or in a container behind a hop limit of 1.
    private func ask(_ method: HTTPRequest.Method, _ path: String, _ header: (String, String)) async throws(AWSError) -> HTTPResponse? {
        var request = HTTPRequest(method, base + path, api: AWSService.metadataAPI, timeout: Self.timeout, connectTimeout: Self.timeout)
        request.headers = [(name: header.0, value: header.1)]
        request.plainHTTP = .anyHost
        request.bypassesProxy = true
        request.answerLimit = Self.answerLimit
        do throws(TransportError) {
            return try await transport.send(request)
        } catch {
            if error.reason == .cancelled { throw AWSError(.cancelled, culprit: "\(name): cancelled", remedy: "None; it was told to stop.") }
            if error.reason == .badURL || error.reason == .badHeader { throw broken(error.culprit, "Check AWS_EC2_METADATA_SERVICE_ENDPOINT.") }
            return nil
        }
    }
}
