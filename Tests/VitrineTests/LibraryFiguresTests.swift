import Foundation
import Glibc
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

/// The web server's own figures, from a real `vitrine serve`.
@Suite("What libraries report, seen from outside")
struct LibraryFiguresTests {
    @Test("requests are counted under a closed list of routes and methods, whatever strangers ask for; the catalogue stays ours")
    func counted() async throws {
        try await withSandbox { sandbox in
            let settings = Shop.settings(sandbox.graphURL, "", "schedule: \"0 0 1 1 *\"")
                .replacing("telemetry: {", with: "telemetry: {prometheus: {listen: \"127.0.0.1:0\", bearer_token: env:SCRAPE_TOKEN}, ")
            let shop = try Shop(graphURL: sandbox.graphURL, settings: settings, inMemory: true)
            let serving = try shop.start(["serve"], environment: ["SCRAPE_TOKEN": "scrape-me"])
            #expect(await becomes { serving.errors.contains("serve.started") || serving.hasEnded })
            let port = try #require(serving.errors.firstMatch(of: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/).flatMap { Int($0.1) }, "\(serving.errors)")
            let client = PlainClient(port: port)
            let token = ["Authorization: Bearer scrape-me"]
            for number in 1...5 {
                #expect(await client.get("/wp-admin/\(number).php", headers: token)?.status == 404)
                #expect(await client.get("/runs/planted-\(number)-secret", headers: token)?.status == 404)
                #expect(await client.get("/metrics?token=\(number)", headers: ["Authorization: Bearer planted-\(number)"])?.status == 401)
            }
            for method in ["POST", "PROPFIND", "DELETE", "QUERY", "BREW"] { _ = await client.get("/healthz", method: method) }
            #expect(await client.get("/healthz", method: "HEAD")?.status == 200)

            func rename(_ from: String, _ to: String) async throws -> Int32 {
                let line = "import glob, sqlite3; d = sqlite3.connect(glob.glob('state/*.sqlite')[0]); d.execute('ALTER TABLE \(from) RENAME TO \(to)'); d.commit()"
                return try await shop.bash("python3 -c \"\(line)\"").code
            }
            #expect(try await rename("run", "gone") == 0)
            #expect(await client.get("/readyz")?.status == 503)
            #expect(try await rename("gone", "run") == 0)

            // An answer is counted when the client has it, so it may be a moment later.
            let expected = [
                #"{http_request_method="GET",http_response_status_code="404",http_route="none"}"#: 5.0,
                #"{http_request_method="GET",http_response_status_code="404",http_route="/{page}"}"#: 5,
                #"{http_request_method="GET",http_response_status_code="401",http_route="none"}"#: 5,
                #"{http_request_method="GET",http_response_status_code="503",http_route="/readyz"}"#: 1,
                #"{http_request_method="HEAD",http_response_status_code="200",http_route="/healthz"}"#: 1,
            ]
            let text = try await page(client, headers: token) { samples in expected.allSatisfy { samples["hb_requests_total" + $0.key] == $0.value } }
            #expect(text.problems == [])
            let foreign = text.samples.keys.filter { !$0.hasPrefix("vitrine_") }
            let routes = Set(foreign.compactMap { $0.firstMatch(of: /http_route="([^"]*)"/).map { String($0.1) } })
            let methods = Set(foreign.compactMap { $0.firstMatch(of: /http_request_method="([^"]*)"/).map { String($0.1) } })
            #expect(routes.isSubset(of: WebRoute.allCases.map(\.rawValue)) && methods == ["GET", "HEAD", "_OTHER"])
            #expect(!foreign.contains { $0.contains("planted") || $0.contains("scrape-me") })
            for (labels, count) in expected { #expect((text.samples["http_server_request_duration_seconds_count" + labels] ?? 0) == count) }
            #expect(text.samples[#"http_server_active_requests{http_request_method="GET"}"#] == 1)
            #expect(text.samples[#"vitrine_telemetry_dropped_total{sink="library_metrics"}"#] == 0)
            if Judge.promtool.isHere {
                let scraped = try #require(await client.get("/metrics", headers: token))
                let answer = try await Judge.promtool.run(["check", "metrics"], input: Data(scraped.body))
                #expect(answer.code == 0, "\(answer.output)")
            }
            // A wrong token leaves a trace, once a minute, with the place it came from.
            let lines = serving.errors.split(separator: "\n").filter { $0.contains("request.unauthorized") }
            #expect(lines.count == 1 && lines[0].contains(#""level":"warning""#) && lines[0].contains("127.0.0.1") && !serving.errors.contains("planted-1\""), "\(serving.errors)")
            serving.signal(SIGTERM)
            #expect(await serving.end().code == 0)
        }
    }
}
