import Events
import Testing
import Transport

@testable import MetaCatalog

/// An answer and what must be made of it.
struct FailureCase: Sendable, CustomTestStringConvertible {
    let name: String
    var status = 400
    let body: String
    let kind: FailureKind
    var testDescription: String { name }

    init(_ name: String, status: Int = 400, _ body: String, _ kind: FailureKind) {
        self.name = name
        self.status = status
        self.body = body
        self.kind = kind
    }

    /// An error object with code, and further members as written.
    static func code(_ code: Int, status: Int = 400, _ kind: FailureKind) -> FailureCase { .code(code, "", status: status, kind) }

    static func code(_ code: Int, _ more: String, status: Int = 400, _ kind: FailureKind) -> FailureCase {
        let members = #""message":"words","type":"OAuthException","code":\#(code),"fbtrace_id":"AbC""# + (more.isEmpty ? "" : "," + more)
        return FailureCase("code \(code) \(more) with HTTP \(status)", status: status, #"{"error":{\#(members)}}"#, kind)
    }
}

@Suite("What is made of a failure")
struct FailureTests {
    static let throttles = ([4, 17, 32, 341, 613] + (80_000...80_014)).map { FailureCase.code($0, .throttled) }

    static let byCode: [FailureCase] = [
        .code(4, #""error_subcode":1504022"#, status: 403, .throttled), .code(4, #""is_transient":true"#, status: 403, .throttled),
        .code(80_014, status: 200, .throttled), .code(17, #""error_subcode":2446079"#, status: 500, .throttled),
        .code(1, status: 500, .transient), .code(2, status: 400, .transient), .code(1, status: 200, .transient),
        FailureCase(
            "code 1 that asks for less", status: 500,
            #"{"error":{"message":"Please reduce the amount of data you're asking for, then retry your request","code":1}}"#, .tooLarge),
        .code(3, .permission), .code(10, .permission), .code(200, status: 403, .permission), .code(299, .permission), .code(368, .permission),
        .code(102, .authentication), .code(190, status: 401, .authentication), .code(190, #""error_subcode":463"#, .authentication),
        .code(190, #""is_transient":true"#, .authentication),
        FailureCase(
            "a missing proof", #"{"error":{"message":"API calls from the server require an appsecret_proof argument","code":100}}"#, .authentication),
        .code(2635, .versionRetired), .code(33, .badRequest), .code(100, .badRequest), .code(100, #""error_subcode":33"#, .badRequest),
        .code(100, #""error_data":{"blame_field_specs":[]}"#, .badRequest), .code(100, #""error_data":"no JSON""#, .badRequest),
        .code(100, #""error_subcode":1803063"#, .dataRefused), .code(10_800, .dataRefused),
        .code(100, #""error_data":{"blame_field_specs":[["description"]]}"#, .dataRefused),
        .code(100, #""error_data":"{\"blame_field_specs\":[[\"price\"]]}""#, .dataRefused),
        .code(100, #""error_user_title":"All capital letters""#, .dataRefused), .code(100, #""is_transient":true"#, .transient),
        // Codes nobody has written down: `is_transient`, then the status, decides.
        .code(987_654, #""is_transient":true"#, .transient), .code(987_654, status: 503, .transient), .code(987_654, .badRequest),
        .code(79_999, .badRequest), .code(80_015, .badRequest), .code(300, .badRequest), .code(199, .badRequest),
        FailureCase("a code written as text", #"{"error":{"message":"m","code":"190"}}"#, .authentication),
        FailureCase("no code", status: 503, #"{"error":{"message":"m"}}"#, .transient),
        FailureCase("an error that is a text", status: 401, #"{"error":"invalid_token"}"#, .authentication),
    ]

    static let byStatus: [FailureCase] = [
        FailureCase("a gateway's page", status: 502, "<html><body><h1>502 Bad Gateway</h1></body></html>", .transient),
        FailureCase("a gateway's silence", status: 504, "", .transient), FailureCase("too many requests", status: 429, "slow down", .throttled),
        FailureCase("too large for a proxy", status: 413, "", .tooLarge), FailureCase("unauthorised", status: 401, "no", .authentication),
        FailureCase("forbidden", status: 403, "{}", .permission), FailureCase("not found", status: 404, "<html>", .badRequest),
        FailureCase("moved", status: 302, "", .badRequest), FailureCase("server error in JSON without error", status: 500, #"{"a":1}"#, .transient),
        FailureCase("nothing", status: 200, "", .malformedAnswer), FailureCase("a cut answer", status: 200, #"{"handles":["Acx"#, .malformedAnswer),
        FailureCase("a page of a captive portal", status: 200, "<html>log in</html>", .malformedAnswer),
        FailureCase("an answer with neither key", status: 200, "{}", .malformedAnswer), FailureCase("a list", status: 200, "[]", .malformedAnswer),
        FailureCase("two handles", status: 200, #"{"handles":["a","b"]}"#, .malformedAnswer),
        FailureCase("handles that are no list", status: 200, #"{"handles":"a"}"#, .malformedAnswer),
        FailureCase("verdicts that are no list", status: 200, #"{"handles":["a"],"validation_status":{}}"#, .malformedAnswer),
        FailureCase("not UTF-8 text", status: 200, "{\"handles\":[\"\\ud800\"]}", .malformedAnswer),
    ]

    @Test("each error has its kind", arguments: throttles + byCode + byStatus)
    func kind(sample: FailureCase) async throws {
        let failure = try await client(ScriptedTransport(sample.body, status: sample.status)).sendFailure()
        #expect(failure.kind == sample.kind)
        #expect(failure.httpStatus == sample.status)
        #expect(failure.transport == nil)
        #expect(failure.culprit == "items_batch of catalogue 1234567890")
        #expect(!failure.remedy.isEmpty && !failure.message.isEmpty)
        #expect(failure.requestMayHaveArrived == [.transient, .malformedAnswer].contains(sample.kind))
    }

    @Test("a poll has no items to halve or mend", arguments: [
        FailureCase.code(100, #""error_user_title":"Wrong handle""#, .badRequest), .code(80_009, .throttled), .code(190, .authentication),
        FailureCase("too large", status: 413, "", .transient), FailureCase("a cut answer", status: 200, #"{"data":["#, .malformedAnswer),
    ])
    func poll(sample: FailureCase) async throws {
        let failure = try await client(ScriptedTransport(sample.body, status: sample.status)).statusFailure()
        #expect(failure.kind == sample.kind)
        #expect(!failure.requestMayHaveArrived)
    }

    @Test("the table above has every kind that an answer can have")
    func complete() {
        let seen = Set((Self.throttles + Self.byCode + Self.byStatus).map(\.kind))
        #expect(Set(FailureKind.allCases).subtracting(seen) == [.lostAnswer, .unreachable, .cancelled])
    }

    @Test("what Meta says is kept")
    func details() async throws {
        let body = """
            {"error":{"message":"Invalid parameter","type":"OAuthException","code":100,"error_subcode":1803063,"is_transient":false,
            "error_user_title":"All capital letters","error_user_msg":"Rewrite the description.","fbtrace_id":"AbCdEfExample1"}}
            """
        let failure = try await client(ScriptedTransport(body, status: 400)).sendFailure()
        #expect(failure.code == 100)
        #expect(failure.subcode == 1_803_063)
        #expect(failure.message == "Invalid parameter")
        #expect(failure.userMessage == "All capital letters: Rewrite the description.")
        #expect(failure.fbtraceID == "AbCdEfExample1")
        #expect(failure.regainAccess == nil)
    }

    @Test("a throttled call says how long to wait: the longest that any header names, in minutes")
    func regainAccess() async throws {
        let headers: HTTPHeaders = [
            "x-business-use-case-usage":
                #"{"1":[{"type":"catalog_batch","call_count":100,"estimated_time_to_regain_access":0}],"2":[{"type":"catalog_batch","call_count":120,"estimated_time_to_regain_access":7}]}"#
        ]
        let body = #"{"error":{"message":"(#80014) Too many batch uploads to this catalog account.","code":80014,"fbtrace_id":"x"}}"#
        let failure = try await client(ScriptedTransport(body, status: 400, headers: headers)).sendFailure()
        #expect(failure.regainAccess == .seconds(420))
        #expect(failure.usage == [UsageReading(quota: "catalog_batch", ratio: 1.2, regainAccess: .seconds(420))])
        let silent = try await client(ScriptedTransport(body, status: 400)).sendFailure()
        #expect(silent.regainAccess == nil)
        let proxy = try await client(ScriptedTransport("slow", status: 429, retryAfter: .seconds(5))).sendFailure()
        #expect(proxy.regainAccess == .seconds(5))
    }

    @Test("a broken connection is a lost answer where the request may have arrived, else the peer was not reached", arguments: [
        (TransportError.Reason.timeout, true, FailureKind.lostAnswer), (.timeout, false, .unreachable), (.closedBeforeAnswer, true, .lostAnswer),
        (.closedBeforeAnswer, false, .unreachable), (.partialAnswer, true, .lostAnswer), (.tooLarge, true, .lostAnswer),
        (.notHTTP, true, .lostAnswer), (.resolve, false, .unreachable), (.connect, false, .unreachable), (.tls, false, .unreachable),
        (.proxy, false, .unreachable), (.queueFull, false, .unreachable), (.other(curlCode: 61), true, .lostAnswer),
        (.cancelled, true, .cancelled), (.cancelled, false, .cancelled), (.refusedPlainHTTP, false, .badRequest), (.badURL, false, .badRequest),
        (.badHeader, false, .badRequest),
    ])
    func transport(reason: TransportError.Reason, mayHaveArrived: Bool, kind: FailureKind) async throws {
        let error = TransportError(reason: reason, culprit: "meta-batch: \(token)", remedy: "mend it", requestMayHaveArrived: mayHaveArrived)
        let failure = try await client(ScriptedTransport(.failure(error))).sendFailure()
        #expect(failure.kind == kind)
        #expect(failure.transport == reason)
        #expect(failure.requestMayHaveArrived == mayHaveArrived)
        #expect(failure.httpStatus == nil)
        #expect(!"\(failure)".contains(token))
    }

    @Test("a message that repeats token, secret or proof is cleaned", arguments: [400, 502])
    func redaction(status: Int) async throws {
        let endpoint = endpoint(appSecret: Secret(appSecret))
        let proof = try #require(CatalogRequests(endpoint: endpoint).appSecretProof)
        let words = "Malformed access token \(token) \(appSecret) \(proof)"
        let body = status == 502 ? "<p>\(words)</p>" : #"{"error":{"message":"\#(words)","error_user_msg":"\#(words)","code":190}}"#
        let transport = ScriptedTransport(body, status: status)
        guard case .failed(let failure) = await CatalogClient(endpoint: endpoint, transport: transport).send(requests: oneItem) else {
            Issue.record("answered")
            return
        }
        var dumped = ""
        dump(failure, to: &dumped)
        #expect(failure.message.contains("<secret>"))
        for secret in [token, appSecret, proof] { #expect(!dumped.contains(secret) && !"\(failure)".contains(secret)) }
    }
}
