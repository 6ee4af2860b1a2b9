import Testing

@testable import Telemetry

@Suite("Where a call went")
struct CallPlaceTests {
    @Test(
        "host and port of a call",
        arguments: [
            ("https://graph.facebook.com/v26.0/1", "graph.facebook.com", 443), ("http://127.0.0.1:8080?x=1", "127.0.0.1", 8080), ("http://[::1]:90/", "::1", 90),
            ("https://[fe80::1]", "fe80::1", 443), ("http://h", "h", 80), ("https://h:/x", "h", 443),
        ])
    func place(url: String, host: String, port: Int) throws {
        let place = try #require(CallPlace(url))
        #expect(place.host == host && place.port == port)
    }

    @Test("no place is made up for what is none", arguments: ["", "graph", "ftp://h", "https://", "http:///x"])
    func noPlace(url: String) { #expect(CallPlace(url) == nil) }
}
