import Testing

@testable import Transport

@Suite("Where a request may go")
struct RequestTargetTests {
    @Test("plain http goes to this machine only", arguments: [
        "http://localhost/", "http://LOCALHOST:8080/x", "http://127.0.0.1/", "http://127.9.8.7:1/", "http://[::1]:9/", "http://127.1/",
        "http://0x7f000001/",
    ])
    func loopback(url: String) throws {
        #expect(try RequestTarget(HTTPRequest(.get, url, api: "test")).isPlain)
    }

    @Test("plain http to any other host is refused", arguments: [
        "http://graph.facebook.com/v26.0", "http://127.0.0.1.evil.example/", "http://localhost.evil.example/", "http://128.0.0.1/",
        "http://[::2]/", "http://0.0.0.0/", "http://10.0.0.1/", "HTTP://example.com/", "http://169.254.169.254/",
    ])
    func plainElsewhere(url: String) throws {
        let error = #expect(throws: TransportError.self) { try RequestTarget(HTTPRequest(.get, url, api: "test")) }
        #expect(error?.reason == .refusedPlainHTTP)
        #expect(error?.requestMayHaveArrived == false)
        #expect(try RequestTarget(HTTPRequest(.get, url, api: "test", plainHTTP: .anyHost)).isPlain)
    }

    @Test("what is no absolute http URL, or holds credentials, is refused", arguments: [
        "", "graph.facebook.com/v26.0", "ftp://example.com/", "file:///etc/passwd", "https://", "https://user:pass@example.com/",
        "https://user@example.com/", "https://exa mple.com/", "https://example.com:99999/", "https://example.com/a\nb",
    ])
    func badURL(url: String) {
        let error = #expect(throws: TransportError.self) { try RequestTarget(HTTPRequest(.get, url, api: "test")) }
        #expect(error?.reason == .badURL)
        #expect(error.map { "\($0)".contains("pass") } == false)
    }

    @Test("the origin leaves path and query out", arguments: [
        ("https://graph.facebook.com/v26.0/1?access_token=x", "https://graph.facebook.com"), ("https://a.example:8443/p#f", "https://a.example:8443"),
        ("http://[::1]:9090/", "http://[::1]:9090"),
    ])
    func origin(url: String, origin: String) throws {
        #expect(try RequestTarget(HTTPRequest(.get, url, api: "test")).origin == origin)
    }

    @Test("a header that could smuggle another one is refused", arguments: [
        ("Authorization", "Bearer abc\r\nX-Evil: 1"), ("Authorization", "Bearer abc\n"), ("X-Zero", "a\u{0}b"), ("Na me", "x"), ("", "x"),
        ("Name:", "x"), ("Na\r\nme", "x"),
    ])
    func badHeader(name: String, value: String) {
        let error = #expect(throws: TransportError.self) {
            try RequestTarget(HTTPRequest(.get, "https://example.com/", api: "test", headers: [(name, value)]))
        }
        #expect(error?.reason == .badHeader)
        #expect(error.map { "\($0)".contains("abc") } == false)
    }
}
