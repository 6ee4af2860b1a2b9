import Synchronization
import TestKit
import Testing
import Transport

@Suite("Requests over libcurl", .timeLimit(.minutes(1)))
struct CurlTransportTests {
    /// Sends one request to a server with that script and gives back how it ended.
    private func outcome(
        of script: MisbehavingServer.Reply, _ change: (inout HTTPRequest) -> Void = { _ in }
    ) async throws -> Result<HTTPResponse, TransportError> {
        let server = try MisbehavingServer(script)
        let transport = try CurlTransport()
        var request = HTTPRequest(.post, server.url + "/items?access_token=hidden", api: "test", body: Array("hello".utf8), timeout: .seconds(20))
        change(&request)
        do throws(TransportError) {
            return .success(try await transport.send(request))
        } catch {
            #expect(!"\(error)".contains("hidden"))
            #expect("\(error)".contains("test: "))
            #expect(!error.remedy.isEmpty)
            return .failure(error)
        }
    }

    private func failure(of script: MisbehavingServer.Reply, _ change: (inout HTTPRequest) -> Void = { _ in }) async throws -> TransportError? {
        guard case .failure(let error) = try await outcome(of: script, change) else {
            Issue.record("the request was answered")
            return nil
        }
        return error
    }

    @Test("status, headers and body of any answer come back", arguments: [200, 204, 302, 404, 500])
    func answer(status: Int) async throws {
        let text = "HTTP/1.1 \(status) Word\r\nX-Twice:  a \r\nx-twice: b\r\nContent-Length: \(status == 204 ? 0 : 4)\r\n\r\n\(status == 204 ? "" : "body")"
        let response = try await outcome(of: .answer(text)).get()
        #expect(response.status == status)
        #expect(response.headers["X-TWICE"] == "a")
        #expect(response.headers.values(of: "x-twice") == ["a", "b"])
        #expect(response.headers["absent"] == nil)
        #expect(String(decoding: response.body, as: UTF8.self) == (status == 204 ? "" : "body"))
        #expect(response.retryAfter == nil)
    }

    @Test("the pause a peer asks for is given on")
    func retryAfter() async throws {
        let response = try await outcome(of: .answer(MisbehavingServer.ok(status: "503 Busy", headers: ["Retry-After: 7"]))).get()
        #expect(response.retryAfter == .seconds(7))
    }

    @Test("an interim answer leaves no trace in the final one")
    func interim() async throws {
        let response = try await outcome(of: .answer("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + MisbehavingServer.ok("done"))).get()
        #expect(response.status == 200)
        #expect(response.headers["Link"] == nil)
    }

    @Test("what the request says goes on the wire, and nothing libcurl would add on its own", arguments: HTTPRequest.Method.allCases)
    func requestOnTheWire(method: HTTPRequest.Method) async throws {
        let server = try MisbehavingServer(.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        let transport = try CurlTransport()
        let hasBody = method == .post || method == .put
        let body = hasBody ? (0..<300_000).map { UInt8(truncatingIfNeeded: $0) } : nil
        _ = try await transport.send(
            HTTPRequest(method, server.url + "/path?q=1", api: "test", headers: [("X-One", "1"), ("X-Empty", "")], body: body))
        let request = try #require(server.requests.first)
        #expect(request.line == "\(method.rawValue) /path?q=1 HTTP/1.1")
        #expect(request.header("x-one") == "1")
        #expect(request.header("x-empty") == "")
        #expect(request.header("user-agent") == "vitrine")
        #expect(request.header("expect") == nil)
        #expect(request.header("content-type") == nil)
        #expect(request.header("transfer-encoding") == nil)
        #expect(request.header("content-length") == (hasBody ? "300000" : nil))
        #expect(request.body == body ?? [])
    }

    @Test("a post without body says that it has none")
    func emptyPost() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok()))
        _ = try await CurlTransport().send(HTTPRequest(.post, server.url, api: "test"))
        #expect(server.requests.first?.header("content-length") == "0")
    }

    @Test("a peer that closes or resets instead of answering may have got the request", arguments: [
        MisbehavingServer.Reply.answerThenClose(""), .answerThenReset(""),
    ])
    func noAnswer(reply: MisbehavingServer.Reply) async throws {
        let error = try #require(await failure(of: reply))
        #expect(error.reason == .closedBeforeAnswer)
        #expect(error.requestMayHaveArrived)
    }

    @Test("a body that was cut short cannot have arrived as a request")
    func resetWhileSending() async throws {
        let error = try #require(
            await failure(of: .resetAfterReading(bytes: 1000)) { $0.body = [UInt8](repeating: 65, count: 32 << 20) })
        #expect(error.reason == .closedBeforeAnswer)
        #expect(!error.requestMayHaveArrived)
    }

    @Test("an answer that breaks off is no answer", arguments: [
        MisbehavingServer.Reply.answerThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        .answerThenReset("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        .answerThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
    ])
    func partialAnswer(reply: MisbehavingServer.Reply) async throws {
        let error = try #require(await failure(of: reply))
        #expect(error.reason == .partialAnswer)
        #expect(error.requestMayHaveArrived)
    }

    @Test("a peer that never answers meets the timeout")
    func hang() async throws {
        let error = try #require(await failure(of: .hang) { $0.timeout = .milliseconds(200) })
        #expect(error.reason == .timeout)
        #expect(error.requestMayHaveArrived)
    }

    @Test("bytes that drip do not push the timeout back")
    func drip() async throws {
        let answer = MisbehavingServer.ok(String(repeating: "x", count: 100_000))
        let error = try #require(await failure(of: .drip(answer, milliseconds: 5)) { $0.timeout = .milliseconds(300) })
        #expect(error.reason == .timeout)
        #expect(error.requestMayHaveArrived)
    }

    @Test("one byte over the limit on answers is refused, announced or not, the limit itself is not", arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", 1000, true), ("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", 1001, false),
        ("HTTP/1.1 200 OK\r\n\r\n", 1000, true), ("HTTP/1.1 200 OK\r\n\r\n", 1001, false),
    ])
    func answerLimit(head: String, size: Int, isTaken: Bool) async throws {
        let result = try await outcome(of: .answerThenClose(head + String(repeating: "x", count: size))) { $0.answerLimit = 1000 }
        switch result {
        case .success(let response):
            #expect(isTaken)
            #expect(response.body.count == size)
        case .failure(let error):
            #expect(!isTaken)
            #expect(error.reason == .tooLarge)
        }
    }

    @Test("headers without end are refused")
    func headerLimit() async throws {
        let line = "X-Filler: " + String(repeating: "x", count: 8000) + "\r\n"
        let error = try await failure(of: .answerThenClose("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 100)))
        #expect(error?.reason == .tooLarge)
    }

    @Test("a peer that speaks no HTTP is told apart")
    func notHTTP() async throws {
        let error = try await failure(of: .answerThenClose("220 mail.example ESMTP\r\n"))
        #expect(error?.reason == .notHTTP)
    }

    @Test("nobody at the port: the request cannot have arrived")
    func refused() async throws {
        let server = try MisbehavingServer(.hang)
        let url = server.url
        server.stop()
        let transport = try CurlTransport()
        let error = await #expect(throws: TransportError.self) { try await transport.send(HTTPRequest(.post, url, api: "test", body: [1])) }
        #expect(error?.reason == .connect)
        #expect(error?.requestMayHaveArrived == false)
    }

    @Test("TLS with a peer that speaks none fails before a request is sent")
    func noTLS() async throws {
        let server = try MisbehavingServer(.resetAfterReading(bytes: 1))
        let transport = try CurlTransport()
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(HTTPRequest(.post, "https://127.0.0.1:\(server.port)/", api: "test", body: [1]))
        }
        #expect(error?.reason == .tls)
        #expect(error?.requestMayHaveArrived == false)
    }

    @Test("a file of certificates that is not there stops the request and is TLS' fault")
    func missingCAFile() async throws {
        let server = try MisbehavingServer(.hang)
        let transport = try CurlTransport(configuration: TransportConfiguration(environment: ["SSL_CERT_FILE": "/nowhere/ca.pem"]))
        let error = await #expect(throws: TransportError.self) {
            try await transport.send(HTTPRequest(.get, "https://127.0.0.1:\(server.port)/", api: "test"))
        }
        #expect(error?.reason == .tls)
        #expect(error?.culprit.contains("/nowhere/ca.pem") == true)
    }

    @Test("plain http to another host is refused before a connection is tried")
    func plainHTTP() async throws {
        let exchanges = Mutex<[HTTPExchange]>([])
        let transport = try CurlTransport { exchange in exchanges.withLock { $0.append(exchange) } }
        let error = await #expect(throws: TransportError.self) { try await transport.send(HTTPRequest(.get, "http://192.0.2.1/", api: "test")) }
        #expect(error?.reason == .refusedPlainHTTP)
        #expect(exchanges.withLock { $0.map(\.outcome) } == ["refused_plain_http"])
    }

    @Test("a connection is used again, and one that was closed meanwhile is replaced")
    func reuse() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok("1")), .answerThenClose(MisbehavingServer.ok("2")), .answer(MisbehavingServer.ok("3")))
        let transport = try CurlTransport()
        var reused: [Bool] = []
        for number in 1...3 {
            let response = try await transport.send(HTTPRequest(.post, server.url, api: "test", body: [65]))
            #expect(response.body == Array("\(number)".utf8))
            reused.append(response.timings.reusedConnection)
            if number == 2 { await server.connectionsEnded(1) }
        }
        #expect(reused == [false, true, false])
        #expect(server.requests.map(\.connection) == [1, 1, 2])
    }

    @Test("the observer learns how long and how much, and no path")
    func observer() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok("twelve bytes")), .answerThenClose(""))
        let exchanges = Mutex<[HTTPExchange]>([])
        let transport = try CurlTransport { exchange in exchanges.withLock { $0.append(exchange) } }
        for _ in 1...2 { _ = try? await transport.send(HTTPRequest(.post, server.url + "/secret?q=secret", api: "meta-batch", body: [1, 2, 3])) }
        let seen = exchanges.withLock { $0 }
        #expect(seen.map(\.outcome) == ["2xx", "closed_before_answer"])
        #expect(seen.allSatisfy { $0.api == "meta-batch" && $0.method == .post && $0.origin == server.url })
        let timings = try #require(seen.first?.timings)
        #expect(timings.nameLookup <= timings.connected && timings.connected <= timings.firstByte && timings.firstByte <= timings.total)
        #expect(timings.total > .zero)
        #expect(timings.bytesReceived > 12)
        let request = try #require(server.requests.first)
        #expect(timings.bytesSent == request.head.utf8.count + 3)
    }
}
