import Events
import Foundation
import Telemetry
import Testing

@Suite struct CredentialScanTests {
    /// Long enough to pass for one of Meta's, but none. Put together so that no scanner takes this file for a leak.
    static let token = "EA" + "AGm0PX4ZCpsBAKZCexample0123456789"

    static let hidden: [(String, String)] = [
        ("GET /v26.0/1?access_token=abc123&x=1", "GET /v26.0/1?access_token=<secret>&x=1"),
        ("access_token=12|ab-c_d.e", "access_token=<secret>"),
        ("access_token%3Dabc123", "access_token%3D<secret>"),
        (#"{"access_token": "abc123"}"#, #"{\"access_token\": \"<secret>\"}"#),
        ("access_token: abc123 and more", "access_token: <secret> and more"),
        ("Authorization: Bearer abcdefgh123", "Authorization: Bearer <secret>"),
        ("authorization: bearer abcdefgh123, x", "authorization: bearer <secret>, x"),
        ("BEARER abcdefgh123", "BEARER <secret>"),
        ("token \(token).", "token <secret>."),
        ("line\n\(token)", #"line\n<secret>"#),
        ("\(token) \(token)", "<secret> <secret>"),
        ("Bearer \(token)&access_token=\(token)", "Bearer <secret>&access_token=<secret>"),
    ]

    @Test("what looks like a credential is hidden", arguments: hidden)
    func hides(text: String, clean: String) {
        for before in 0..<20 {
            let padding = String(repeating: "x", count: before) + " "
            #expect(line(message: padding + text).contains("\"msg\":\"\(padding)\(clean)\""))
        }
    }

    @Test(
        "innocent text stays",
        arguments: [
            "EAA", "EAA-12 shoes", "SEAAAAAAAAAAAAAAAAAAAAAAT", "Bearer of light", "a bearer", "access_token", "access_token is missing",
            "set access_token: env:META_ACCESS_TOKEN", "the EAN is 4006381333931",
        ])
    func innocent(text: String) { #expect(line(message: text).contains("\"msg\":\"\(text)\"")) }

    @Test(
        "a registered secret is hidden as it is, escaped for JSON and escaped for a URL",
        arguments: ["hunter22", "pass\"word\\1", "p ss/wört+1", "zeile\nzwei", "1234567"])
    func registered(secret: String) throws {
        let encoded = try #require(secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        for text in [secret, "before\(secret)after", "u=\(encoded)&", "\(secret)\(secret)"] {
            let written = line(message: text, secret: secret)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: Any])
            let message = try #require(object["msg"] as? String)
            #expect(message.contains("<secret>"))
            #expect(!message.contains(secret) && !message.contains(encoded))
        }
    }

    @Test("hiding a secret that begins with the letter of an escape leaves good JSON")
    func escapeLetter() throws {
        let written = line(message: "x\n2345678", secret: "n2345678")
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(written.utf8)) }
    }

    @Test("a secret too short to be told from other text is not looked for")
    func short() { #expect(line(message: "abcde", secret: "abc").contains("abcde")) }

    @Test("the form for a terminal is looked through too")
    func human() {
        let sink = MemoryLineSink()
        let hub = TelemetryHub(
            registry: MetricRegistry(GivenLabelValues()), outputs: [LineOutput(sink, form: .human)], scan: CredentialScan(secrets: [Secret("hunter22")]),
            clock: { noon })
        hub.receive(ProbeEvent.told("it is hunter22"), in: EventScope())
        #expect(sink.lines == ["07:55:00 info    it is <secret>"])
    }
}
