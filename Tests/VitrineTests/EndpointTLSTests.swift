import Foundation
import Glibc
import Sandbox
import TestKit
import Testing

@Suite("The endpoint with a certificate")
struct EndpointTLSTests {
    /// A certificate for 127.0.0.1 and its key, by openssl.
    private static func makeCertificate(in shop: Shop, _ name: String) async throws {
        let made = try await shop.bash(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key -out \(name).pem -days 3650 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1")
        #expect(made.code == 0, "\(made.stderr)")
    }

    private static func settings(_ graphURL: String, _ certificate: String, _ key: String) -> String {
        Shop.settings(graphURL).replacing("telemetry: {", with: "telemetry: {prometheus: {listen: \"127.0.0.1:0\", tls: {certificate: \(certificate), key: \(key)}}, ")
    }

    @Test("speaks TLS 1.2 or later to who trusts it, and plain HTTP to nobody")
    func speaks() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL, "./web.pem", "./web.key"), inMemory: true)
            try await Self.makeCertificate(in: shop, "web")
            let serving = try shop.start(["serve"])
            #expect(await becomes { serving.errors.contains("serve.started") || serving.hasEnded })
            let port = try #require(serving.errors.firstMatch(of: /"url":"https:\/\/127\.0\.0\.1:(\d+)"/).flatMap { Int($0.1) }, "\(serving.errors)")
            let trusted = try await shop.bash("curl -sS --cacert web.pem https://127.0.0.1:\(port)/metrics")
            #expect(trusted.code == 0 && ExpositionText(trusted.stdout).problems == [] && trusted.stdout.contains("vitrine_build_info"))
            #expect(try await shop.bash("curl -sS https://127.0.0.1:\(port)/metrics").code == 60, "who does not trust it hears nothing")
            #expect(try await shop.bash("curl -sS --tls-max 1.1 --cacert web.pem https://127.0.0.1:\(port)/metrics").code != 0)
            #expect(await PlainClient(port: port).get("/metrics") == nil)
            serving.signal(SIGTERM)
            #expect(await serving.end().code == 0)
        }
    }

    @Test("a file that is missing, wrong, or of another certificate is named, with 78")
    func wrong() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9", inMemory: true)
        for name in ["web", "other"] { try await Self.makeCertificate(in: shop, name) }
        for (certificate, key, culprit) in [("./none.pem", "./web.key", "none.pem"), ("./web.pem", "./web.pem", "web.pem"), ("./web.key", "./web.key", "web.key"), ("./web.pem", "./other.key", "other.key")] {
            try shop.write("vitrine.yaml", Self.settings("http://127.0.0.1:9", certificate, key))
            let finished = try await shop.vitrine("serve", "--output", "json")
            let named = try finished.document()["error.culprit"].text
            #expect(finished.code == 78 && named?.hasSuffix(culprit) == true, "\(finished.stdout)")
        }
        try shop.write("vitrine.yaml", Self.settings("http://127.0.0.1:9", "./web.pem", "null"))
        let half = try await shop.vitrine("serve", "--output", "json")
        #expect(half.code == 78 && half.stdout.contains("has no key beside it"))
    }
}
