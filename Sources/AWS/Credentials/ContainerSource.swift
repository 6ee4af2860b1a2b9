import Events
import Transport

/// The endpoint that ECS tasks and EKS pods are given. Tokens in files are read anew each time.
struct ContainerSource: CredentialSource {
    let world: AWSWorld
    let transport: any HTTPTransport
    let name = "container endpoint"

    static let relativeBase = "http://169.254.170.2"
    static let timeout = Duration.seconds(2)
    static let attempts = 3
    private static let answerLimit = 64 << 10
    /// Beside https and loopback. Source: botocore, `ContainerMetadataFetcher`.
    private static let plainHosts: Set = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost"]

    func load() async throws(AWSError) -> CredentialFinding {
        guard let url = try url() else {
            return .skipped("neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
        }
        var request = HTTPRequest(.get, url, api: AWSService.metadataAPI, timeout: Self.timeout, connectTimeout: Self.timeout)
        request.headers = [(name: "Accept", value: "application/json")]
        if let token = try token() { request.headers.append((name: "Authorization", value: token)) }
        request.plainHTTP = .anyHost
        request.bypassesProxy = true
        request.answerLimit = Self.answerLimit
        return .found(try MetadataAnswer.read(try await ask(request), from: self))
    }

    private func ask(_ request: HTTPRequest) async throws(AWSError) -> [UInt8] {
        var seen = ""
        for _ in 0..<Self.attempts {
            do throws(TransportError) {
                let response = try await transport.send(request)
                if response.status == 200 { return response.body }
                seen = "it answers \(response.status)"
                if response.status < 500 { break }
            } catch {
                seen = error.culprit
                if !error.reason.isTransient { break }
            }
        }
        throw broken(seen, "Check the task role or the pod identity, and that the agent runs.")
    }

    private func url() throws(AWSError) -> String? {
        if let relative = world.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard relative.hasPrefix("/") else { throw broken("the relative URI does not begin with a slash", "Correct AWS_CONTAINER_CREDENTIALS_RELATIVE_URI.") }
            return Self.relativeBase + relative
        }
        guard let full = world.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
        guard full.hasPrefix("https://") || full.hasPrefix("http://") && Self.mayBePlain(full) else {
            throw broken(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI goes to another machine without TLS", "Use https, loopback, or the agent's link-local address.")
        }
        return full
    }

    static func mayBePlain(_ url: String) -> Bool {
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host: Substring
        if authority.hasPrefix("[") {
            host = authority.firstIndex(of: "]").map { authority[...$0] } ?? ""
        } else {
            host = authority.prefix { $0 != ":" }
        }
        if authority.contains("@") { return false }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isLoopback = host == "[::1]" || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        return isLoopback || plainHosts.contains(String(host))
    }

    private func token() throws(AWSError) -> String? {
        var token = world.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
        if let file = world.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            guard let text = world.readFile(file) else { throw broken("the token file \(file) cannot be read", "Check that it is mounted.") }
            token = text.trimmed
        }
        guard let token else { return nil }
        guard !token.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw broken("the authorization token holds a line break", "Write the token into its file alone, on one line.")
        }
        return token
    }
}
