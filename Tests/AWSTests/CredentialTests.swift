import Events
import Synchronization
import Testing
import Transport

@testable import AWS

@Suite("Credentials")
struct CredentialTests {
    private static let metadata = #"{"AccessKeyId":"ASIAROLE","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-21T18:00:00Z"}"#
    private static let silent = ScriptedTransport(.failed(.connect))

    private func found(_ environment: [String: String], _ files: [String: String] = [:], _ transport: ScriptedTransport = silent) async throws -> AWSCredentials {
        try await CredentialProvider(world: TestWorld(environment, files: files).world, transport: transport).credentials()
    }

    @Test("come from the environment first")
    func environment() async throws {
        let keys = try await found(["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"])
        #expect(keys == AWSCredentials(accessKeyID: "AKIA", secretAccessKey: Secret("s"), sessionToken: Secret("t")))
        await #expect(throws: AWSError.self) { try await found(["AWS_ACCESS_KEY_ID": "AKIA"]) }
    }

    @Test("come from the files, the credentials file before the other, and a chosen profile before the environment")
    func files() async throws {
        let files = [
            "/h/.aws/credentials": "[default]\naws_access_key_id = A\naws_secret_access_key = a\n[shop]\n# ours\naws_access_key_id=B\naws_secret_access_key = b=+/c\naws_session_token=t\n",
            "/h/.aws/config": "[profile  shop]\naws_access_key_id = never\nregion = x\n[profile other]\naws_access_key_id = C\naws_secret_access_key = c\n",
        ]
        #expect(try await found(["HOME": "/h"], files).accessKeyID == "A")
        let shop = try await found(["HOME": "/h", "AWS_PROFILE": "shop", "AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e"], files)
        #expect(shop == AWSCredentials(accessKeyID: "B", secretAccessKey: Secret("b=+/c"), sessionToken: Secret("t")))
        #expect(try await found(["HOME": "/h", "AWS_PROFILE": "other"], files).accessKeyID == "C")
        #expect(try await found(["AWS_SHARED_CREDENTIALS_FILE": "/h/.aws/credentials"], files).accessKeyID == "A")
        let error = await #expect(throws: AWSError.self) { try await found(["HOME": "/h", "AWS_PROFILE": "nobody"], files) }
        #expect(error?.culprit.contains("`nobody`") == true && error?.reason == .badCredentials)
    }

    private static let sts = """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
        <AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>s/+</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-11-21T13:00:00.123456Z</Expiration>
        </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
        """

    @Test("come from a role with a token file, which is read again each time, by an unsigned call")
    func webIdentity() async throws {
        let world = TestWorld(["AWS_WEB_IDENTITY_TOKEN_FILE": "/token", "AWS_ROLE_ARN": "arn:aws:iam::1:role/shop", "AWS_REGION": "me-south-1"], files: ["/token": "one\n"])
        let transport = ScriptedTransport(.answer(200, Self.sts))
        let provider = CredentialProvider(world: world.world, transport: transport)
        #expect(try await provider.credentials().accessKeyID == "ASIAWEB")
        world.write("/token", "two")
        world.pass(.seconds(3_599))
        _ = try await provider.credentials()
        #expect(transport.requests.map { $0.text.contains("WebIdentityToken=one") } == [true, false])
        #expect(transport.requests.allSatisfy { $0.header("authorization") == nil && $0.url == "https://sts.me-south-1.amazonaws.com/" })
        #expect(transport.requests.last?.text.contains("WebIdentityToken=two") == true)
        #expect(transport.requests.last?.text.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fshop") == true)
    }

    @Test("of a role with a token file are an error without role or token, and no reason to look elsewhere", arguments: [
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "/token"], "AWS_ROLE_ARN"), (["AWS_WEB_IDENTITY_TOKEN_FILE": "/no", "AWS_ROLE_ARN": "r"], "/no"),
        (["AWS_WEB_IDENTITY_TOKEN_FILE": "/empty", "AWS_ROLE_ARN": "r"], "/empty"),
    ])
    func brokenWebIdentity(environment: [String: String], names: String) async {
        let error = await #expect(throws: AWSError.self) { try await found(environment, ["/token": "t", "/empty": " \n"]) }
        #expect(error?.reason == .badCredentials && error?.description.contains(names) == true)
    }

    @Test("come from the container's endpoint, with the token of its file, past every proxy", arguments: [
        (["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "https://other"], "http://169.254.170.2/v2/x", nil),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/pod", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "no"], "http://169.254.170.23/v1", "of-pod"),
        (["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://[fd00:ec2::23]/v1", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "plain"], "http://[fd00:ec2::23]/v1", "plain"),
    ] as [([String: String], String, String?)])
    func container(environment: [String: String], url: String, token: String?) async throws {
        let transport = ScriptedTransport(.failed(.timeout), .answer(500), .answer(200, Self.metadata))
        #expect(try await found(environment, ["/pod": "of-pod\n"], transport).accessKeyID == "ASIAROLE")
        #expect(transport.requests.count == 3)
        for request in transport.requests {
            #expect(request.url == url && request.header("authorization") == token && request.bypassesProxy && request.plainHTTP == .anyHost)
        }
    }

    @Test("are not asked for in clear at another machine, nor with a token that breaks the line", arguments: [
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://evil.example/"], ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2.evil/"],
        ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1@evil/"], ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "ftp://localhost/"],
        ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "@evil/"], ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\nb"],
    ])
    func refusedContainer(environment: [String: String]) async {
        let transport = ScriptedTransport(.answer(200, Self.metadata))
        let error = await #expect(throws: AWSError.self) { try await found(environment, [:], transport) }
        #expect(error?.reason == .badCredentials && transport.requests.isEmpty)
    }

    @Test("come from the instance: a token, the role's name, its keys")
    func instance() async throws {
        let transport = ScriptedTransport(.answer(200, "TOKEN"), .answer(200, "shop-role\n"), .answer(200, Self.metadata))
        let keys = try await found([:], [:], transport)
        #expect(keys.accessKeyID == "ASIAROLE" && keys.expiresAt == Timestamp(year: 2026, month: 11, day: 21, hour: 18))
        #expect(transport.requests.map { "\($0.method.rawValue) \($0.url)" } == [
            "PUT http://169.254.169.254/latest/api/token", "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
            "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/shop-role",
        ])
        #expect(transport.requests.dropFirst().allSatisfy { $0.header("X-aws-ec2-metadata-token") == "TOKEN" && $0.bypassesProxy })
    }

    @Test("of the instance are never asked for without a token", arguments: [403, 404, 405])
    func noFallback(status: Int) async {
        let transport = ScriptedTransport(.answer(status))
        let error = await #expect(throws: AWSError.self) { try await found([:], [:], transport) }
        #expect(error?.reason == .noCredentials && transport.requests.count == 1)
    }

    @Test("of the instance that have a refusal in them are said to")
    func refusalWithin200() async {
        let transport = ScriptedTransport(.answer(200, "T"), .answer(200, "r"), .answer(200, #"{"Code":"AssumeRoleUnauthorizedAccess","Message":"no trust"}"#))
        let error = await #expect(throws: AWSError.self) { try await found([:], [:], transport) }
        #expect(error?.culprit.contains("AssumeRoleUnauthorizedAccess: no trust") == true)
    }

    @Test("of the instance that have ended while the service is in trouble are used a while longer")
    func stale() async throws {
        let old = Self.metadata.replacing("2026-11-21T18", with: "2026-11-21T11")
        let keys = try await found([:], [:], ScriptedTransport(.answer(200, "T"), .answer(200, "r"), .answer(200, old)))
        let end = try #require(keys.expiresAt) - TestWorld().now
        #expect(end > .seconds(17 * 60) && end < .seconds(36 * 60))
    }

    @Test("that nobody has are one error that names every source and why")
    func none() async {
        let error = await #expect(throws: AWSError.self) {
            try await found(["HOME": "/h", "AWS_EC2_METADATA_DISABLED": "true"], ["/h/.aws/config": "[default]\nsso_session = x\n"])
        }
        #expect(error?.reason == .noCredentials)
        for word in [
            "environment variables (AWS_ACCESS_KEY_ID is not set)", "web identity (", "shared files (the profile `default` asks for single sign-on", "container endpoint (",
            "instance metadata (AWS_EC2_METADATA_DISABLED is true)",
        ] { #expect(error?.culprit.contains(word) == true, "\(error?.culprit ?? "")") }
    }

    @Test("are searched for once, however many ask")
    func singleFlight() async throws {
        let source = CountedSource(expiresIn: .seconds(3_600))
        let provider = CredentialProvider(sources: [source], world: source.world.world)
        let all = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await provider.credentials().accessKeyID } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(all == ["key-1"])
    }

    @Test("are renewed before they end, and the old ones go on where that fails")
    func renewal() async throws {
        let source = CountedSource(expiresIn: .seconds(3_600))
        let provider = CredentialProvider(sources: [source], world: source.world.world)
        #expect(try await provider.credentials().accessKeyID == "key-1")
        source.world.pass(.seconds(3_600 - 16 * 60))
        #expect(try await provider.credentials().accessKeyID == "key-1")
        source.fails.withLock { $0 = true }
        source.world.pass(.seconds(120))
        #expect(try await provider.credentials().accessKeyID == "key-1")
        let asked = source.count.withLock(\.self)
        #expect(try await provider.credentials().accessKeyID == "key-1")
        #expect(source.count.withLock(\.self) == asked, "not again at once")
        source.world.pass(.seconds(13 * 60 + 30))
        await #expect(throws: AWSError.self) { try await provider.credentials() }
        source.fails.withLock { $0 = false }
        #expect(try await provider.credentials().accessKeyID != "key-1")
    }

    @Test("reveal nothing when they are printed")
    func printed() async throws {
        let keys = try await found(["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "hidden-one", "AWS_SESSION_TOKEN": "hidden-two"])
        #expect(!"\(keys)\(String(reflecting: keys))".contains("hidden"))
    }
}

private final class CountedSource: CredentialSource {
    let name = "test"
    let world = TestWorld()
    let count = Mutex(0)
    let fails = Mutex(false)
    private let life: Duration

    init(expiresIn life: Duration) { self.life = life }

    func load() async throws(AWSError) -> CredentialFinding {
        let number = count.withLock { count in
            count += 1
            return count
        }
        await Task.yield()
        if fails.withLock(\.self) { throw broken("scripted", "none") }
        return .found(AWSCredentials(accessKeyID: "key-\(number)", secretAccessKey: Secret("s"), expiresAt: world.now + life))
    }
}
