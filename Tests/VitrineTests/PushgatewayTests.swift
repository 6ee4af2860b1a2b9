import Foundation
import Glibc
import Sandbox
import TestKit
import Testing

@Suite("A Pushgateway for short runs")
struct PushgatewayTests {
    /// The real one, on a port of its own.
    private struct Gateway {
        let process: Running
        let client: PlainClient
        var url: String { "http://127.0.0.1:\(client.port)" }

        init(in folder: String) async throws {
            let port = try FreePorts.take(1)[0]
            process = try Running([Judge.pushgateway.found(), "--web.listen-address=127.0.0.1:\(port)"], in: folder, environment: ["PATH": "/usr/bin:/bin"])
            client = PlainClient(port: port)
            let started = process
            #expect(await becomes { started.errors.contains("Listening on") || started.errors.contains("listen_address") || started.hasEnded })
        }

        /// What it would show a Prometheus; its own figures left out.
        func samples() async throws -> [String: Double] {
            let answer = try #require(await client.get("/metrics", headers: ["Accept: text/plain"]))
            var samples: [String: Double] = [:]
            for line in String(decoding: answer.unchunked, as: UTF8.self).split(whereSeparator: \.isNewline) where line.hasPrefix("vitrine_") || line.hasPrefix("push_failure") {
                guard let space = line.lastIndex(of: " ") else { continue }
                samples[String(line[..<space])] = Double(line[line.index(after: space)...])
            }
            return samples
        }

        func stop() async {
            process.signal(SIGTERM)
            _ = await process.end()
        }
    }

    private static func settings(_ graphURL: String, _ gateway: String) -> String {
        let second = """
              annex:
                landing: ./annex
                synced: ./synced
                catalog: {id: "77", graph_url: "\(graphURL)", access_token: env:SHOP_TOKEN}

            """
        return Shop.settings(graphURL).replacing("pipelines:\n", with: "pipelines:\n\(second)")
            .replacing("telemetry: {", with: "telemetry: {prometheus: {textfile: ./node/vitrine.prom, pushgateway: \"\(gateway)\"}, ")
    }

    @Test("has each pipeline's figures in its own group, with totals that go on, as the textfile has them", .enabled(if: Judge.pushgateway.isHere))
    func pushed() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, inMemory: true)
            try FileManager.default.createDirectory(atPath: shop.folder + "/annex/data", withIntermediateDirectories: true)
            let gateway = try await Gateway(in: shop.folder)
            try shop.write("vitrine.yaml", Self.settings(sandbox.graphURL, gateway.url))
            for round in 1...2 {
                try shop.write("landing/data/\(round).csv", Rows.file(1...4) + Rows.row("SKU-5", brand: ""))
                #expect(try await shop.vitrine("run", "shop", "--full").code == 0)
            }
            #expect(try await shop.vitrine("run", "annex").code == 0)
            let told = try await gateway.samples()
            let group = #"instance="",job="vitrine",outcome="accepted",pipeline="shop""#
            #expect(told["vitrine_items_total{\(group)}"] == 8, "\(told.keys.filter { $0.hasPrefix("vitrine_items_total") })")
            #expect(told[#"vitrine_runs_total{instance="",job="vitrine",pipeline="annex",state="nothing_to_do"}"#] == 1)
            #expect(told.filter { $0.key.hasPrefix("push_failure") && $0.value != 0 }.isEmpty)
            let file = ExpositionText(String(decoding: try #require(shop.files()["node/vitrine.prom"]), as: UTF8.self)).samples
            func labels(_ series: String) -> Set<Substring> {
                Set(series.drop { $0 != "{" }.dropFirst().dropLast().split(separator: ",").filter { !$0.hasPrefix("instance=") && !$0.hasPrefix("job=") })
            }
            let plain = Dictionary(uniqueKeysWithValues: told.map { ("\($0.key.prefix { $0 != "{" })\(labels($0.key).sorted())", $0.value) })
            for (series, value) in file where series.contains("pipeline=") {
                #expect(plain["\(series.prefix { $0 != "{" })\(labels(series).sorted())"] == value, "\(series)")
            }
            await gateway.stop()
        }
    }

    @Test("that is not there, or refuses, fails no run: it is told and counted", arguments: ["gone", "refuses"])
    func failing(manner: String) async throws {
        try await withSandbox { sandbox in
            let port = manner == "gone" ? try FreePorts.take(1)[0] : try #require(URL(string: sandbox.graphURL)?.port)
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL, "http://127.0.0.1:\(port)"), inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...4))
            let finished = try await shop.vitrine("run", "shop")
            #expect(finished.code == 0, "\(finished.stderr)")
            let log = String(decoding: try #require(shop.files()["logs/vitrine.ndjson"]), as: UTF8.self)
            #expect(log.contains("telemetry.dropped") && log.contains("pushgateway"))
            let file = ExpositionText(String(decoding: try #require(shop.files()["node/vitrine.prom"]), as: UTF8.self)).samples
            #expect((file[#"vitrine_telemetry_dropped_total{sink="pushgateway"}"#] ?? 0) > 0)
            #expect(file[#"vitrine_items_total{pipeline="shop",outcome="accepted"}"#] == 4)
        }
    }
}
