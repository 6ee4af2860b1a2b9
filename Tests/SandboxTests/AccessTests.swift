import Testing

@testable import Sandbox

@Suite("Who may call, and where")
struct AccessTests {
    @Test("A wrong token, no token and a token in the URL are 190", arguments: ["wrong", "missing", "url"])
    func token(_ fault: String) async throws {
        try await withSandbox { sandbox in
            var request = sandbox.request(batch([update("a")]))
            if fault == "wrong" { request.headers["Authorization"] = "Bearer other" } else { request.headers["Authorization"] = nil }
            if fault == "url" { request.target += "?access_token=\(sandbox.configuration.accessToken)" }
            let answer = try #require(await sandbox.client.send(request).answer)
            #expect(answer.errorCode == 190)
            #expect(sandbox.catalog().isEmpty)
        }
    }

    @Test("Another catalogue is an unsupported post request")
    func wrongCatalog() async throws {
        try await withSandbox { sandbox in
            var request = sandbox.request(batch([update("a")]))
            request.target = "/v26.0/999/items_batch"
            let answer = try #require(await sandbox.client.send(request).answer)
            #expect(answer.errorCode == 100)
            #expect(answer.errorMessage?.hasPrefix("Unsupported post request. Object with ID '999' does not exist") == true)
        }
    }

    @Test("Living versions answer with their name, dead and unknown ones with an error", arguments: [
        ("v21.0", nil), ("v25.0", nil), ("v26.0", nil), ("v20.0", 2635), ("v9.0", 2635), ("v99.0", 2500), ("graph", 2635),
    ] as [(String, Int?)])
    func versions(_ version: String, _ code: Int?) async throws {
        try await withSandbox { sandbox in
            var request = sandbox.request(batch([update("a")]))
            request.target = sandbox.path("items_batch", version: version)
            let answer = try #require(await sandbox.client.send(request).answer)
            #expect(answer.errorCode == code)
            if code == nil { #expect(answer.headers["facebook-api-version"] == version) }
            #expect(answer.headers["x-fb-trace-id"]?.isEmpty == false)
        }
    }

    @Test("Unknown edges and wrong methods are errors", arguments: [("POST", "batch", 2500), ("GET", "items_batch", 100), ("POST", "check_batch_request_status", 100)])
    func edges(_ method: String, _ edge: String, _ code: Int) async throws {
        try await withSandbox { sandbox in
            let request = RawClient.Request(method: method, target: sandbox.path(edge), headers: sandbox.authorized)
            #expect(await sandbox.client.send(request).answer?.errorCode == code)
        }
    }

    @Test("With an app secret a call needs its proof, plain or stamped within five minutes", arguments: [
        ("none", false), ("plain", true), ("foreign", false), ("stamped", true), ("stale", false),
    ])
    func proof(_ kind: String, _ isTaken: Bool) async throws {
        try await withSandbox {
            $0.appSecret = "shh"
            $0.unixTime = { 1_795_000_000 }
        } _: { sandbox in
            let token = sandbox.configuration.accessToken
            let query =
                switch kind {
                case "plain": "?appsecret_proof=\(SHA256.hexHMAC(key: "shh", message: token))"
                case "foreign": "?appsecret_proof=\(SHA256.hexHMAC(key: "other", message: token))"
                case "stamped": "?appsecret_time=1794999701&appsecret_proof=\(SHA256.hexHMAC(key: "shh", message: token + "|1794999701"))"
                case "stale": "?appsecret_time=1794999699&appsecret_proof=\(SHA256.hexHMAC(key: "shh", message: token + "|1794999699"))"
                default: ""
                }
            var request = sandbox.request(batch([update("a")]))
            request.target += query
            let answer = try #require(await sandbox.client.send(request).answer)
            #expect(answer.errorCode == (isTaken ? nil : 100))
            #expect(sandbox.catalog().isEmpty != isTaken)
        }
    }

    @Test("The proof may also stand in a JSON body")
    func proofInBody() async throws {
        try await withSandbox { $0.appSecret = "shh" } _: { sandbox in
            let proof = SHA256.hexHMAC(key: "shh", message: sandbox.configuration.accessToken)
            let body = SandboxValue.object(("item_type", "PRODUCT_ITEM"), ("requests", .array([update("a")])), ("appsecret_proof", .string(proof)))
            #expect(await sandbox.client.send(sandbox.request(body)).answer?.status == 200)
        }
    }

    @Test("The catalogue tells its id, name and number of products, and no field it does not have")
    func catalogNode() async throws {
        try await withSandbox { $0.existingItems = [SandboxItem(id: "old")] } _: { sandbox in
            let answer = try #require(await sandbox.get("", "fields=id,name,product_count").answer)
            #expect(answer.json == .object(("id", "1234567890"), ("name", "Sandbox catalogue"), ("product_count", .count(1))))
            #expect(await sandbox.get("", "fields=id,secret").answer?.errorCode == 100)
        }
    }

    @Test("Usage headers come with every answer")
    func usage() async throws {
        try await withSandbox { sandbox in
            let answer = try #require(await sandbox.post([update("a")]).answer)
            let usage = try JSONReader.read(Array((answer.headers["x-business-use-case-usage"] ?? "").utf8))
            let entry = try #require(usage["1234567890"]?.elements.first)
            #expect(entry.names == ["type", "call_count", "total_cputime", "total_time", "estimated_time_to_regain_access"])
            #expect(answer.headers["x-app-usage"]?.contains("call_count") == true)
        }
    }

    @Test("An address that is taken is an error that names it")
    func portTaken() async throws {
        try await withSandbox { sandbox in
            var configuration = SandboxConfiguration()
            configuration.port = sandbox.port
            let error = await #expect(throws: SandboxError.self) { try await Sandbox(configuration: configuration).start() }
            #expect(error?.culprit == "127.0.0.1:\(sandbox.port)")
        }
    }

    @Test("A stopped sandbox refuses connections, remembers, and can be started again")
    func restart() async throws {
        let sandbox = Sandbox()
        try await sandbox.start()
        let first = sandbox.client
        _ = try await sandbox.handle(update("a"))
        await sandbox.stop()
        #expect(sandbox.port == 0)
        #expect(await first.send(.init(method: "GET", target: "/")).answer == nil)
        #expect(sandbox.catalog()["a"] != nil)
        try await sandbox.start()
        #expect(await sandbox.post([update("b")]).answer?.status == 200)
        #expect(sandbox.catalog().count == 2)
        await sandbox.stop()
    }

    @Test("As a command it serves until its task is cancelled")
    func command() async throws {
        let sandbox = Sandbox()
        let (ports, ready) = AsyncStream<Int>.makeStream()
        let serving = Task { try await sandbox.run { ready.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        let port = await iterator.next()
        #expect(sandbox.graphURL == "http://127.0.0.1:\(port ?? 0)/v26.0")
        #expect(await sandbox.post([update("a")]).answer?.status == 200)
        serving.cancel()
        _ = await serving.result
        #expect(sandbox.port == 0)
    }
}
