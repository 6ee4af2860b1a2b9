import Foundation
import Testing

@Suite("Secrets")
struct SecretTests {
    private static let token = "EAABplantedTokenZ9x8w7v6u5t4s3r2q1"
    private static let appSecret = "0badc0ffee0ddf00d5ecre7a99b8c7d6"

    @Test("are in no log, report, journal or answer, even where Meta repeats them", arguments: ["debug", "info", "error"], ["text", "json"])
    func nowhere(level: String, output: String) async throws {
        let meta = try EchoingMeta()
        defer { meta.stop() }
        let settings = Shop.settings(meta.graphURL).replacing("access_token: env:SHOP_TOKEN", with: "access_token: env:SHOP_TOKEN, app_secret: env:SHOP_SECRET")
            .replacing("vitrine.ndjson", with: "vitrine.ndjson, level: \(level == "error" ? "info" : level)")
        let shop = try Shop(graphURL: meta.graphURL, token: Self.token, settings: settings)
        try shop.write("landing/data/a.csv", Rows.file(1...3))
        var said = ""
        for command in [["run", "shop"], ["report", "last"], ["runs"], ["trace", "SKU-1"], ["plan", "shop"]] {
            let finished = try await shop.start(
                command + ["--log-level", level, "--output", output, "--result-file", "result.json"], environment: ["SHOP_SECRET": Self.appSecret]).end()
            if command[0] == "run" { #expect(finished.code == 77) }
            said += finished.stdout + finished.stderr
        }
        let proof = try #require(meta.received.firstMatch(of: /appsecret_proof["=: ]+([0-9a-f]{64})/)).output.1
        // The test would prove nothing if they had not been sent.
        #expect(meta.received.contains("Bearer \(Self.token)"))
        #expect(said.contains("190") || said.contains("token"))
        #expect(try await shop.bash("find . -name '*.gz' -exec gzip -dk {} +").code == 0)
        for secret in [Self.token, Self.appSecret, String(proof)] {
            #expect(!said.contains(secret))
            for (name, content) in shop.files() { #expect(content.range(of: Data(secret.utf8)) == nil, "\(name) holds a secret") }
        }
        #expect(shop.files().keys.contains { $0.hasSuffix("/log.ndjson") }, "the run's own log was looked into")
    }
}
