import Foundation
import Sandbox
import TestKit
import Testing

@Suite("The textfile of short runs")
struct TextfileTests {
    private static func settings(_ graphURL: String) -> String {
        Shop.settings(graphURL).replacing("telemetry: {", with: "telemetry: {prometheus: {textfile: ./node/vitrine.prom}, ")
    }

    private func figures(_ shop: Shop) throws -> ExpositionText {
        let text = ExpositionText(String(decoding: try #require(shop.files()["node/vitrine.prom"]), as: UTF8.self))
        #expect(text.problems == [])
        return text
    }

    @Test("two equal runs add up, a run of nothing leaves totals as they were, and promtool finds no fault")
    func addUp() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL), inMemory: true)
            for round in 1...2 {
                try shop.write("landing/data/\(round).csv", Rows.file(1...4) + Rows.row("SKU-5", brand: ""))
                #expect(try await shop.vitrine("run", "shop", "--full").code == 0)
                let samples = try figures(shop).samples
                #expect(samples[#"vitrine_items_total{pipeline="shop",outcome="accepted"}"#] == Double(4 * round))
                #expect(samples[#"vitrine_rows_validated_total{pipeline="shop",outcome="rejected"}"#] == Double(round))
                #expect(samples[#"vitrine_handle_latency_seconds_count{pipeline="shop"}"#] == Double(round))
                #expect(samples[#"vitrine_runs_total{pipeline="shop",state="done"}"#] == Double(round))
                #expect(samples[#"vitrine_products{pipeline="shop",state="accepted"}"#] == 4)
            }
            let before = try figures(shop).samples
            #expect(try await shop.vitrine("run", "shop").code == 0)
            let after = try figures(shop).samples
            #expect(after[#"vitrine_items_total{pipeline="shop",outcome="accepted"}"#] == 8)
            #expect(after[#"vitrine_runs_total{pipeline="shop",state="nothing_to_do"}"#] == 1)
            let last = "vitrine_last_success_timestamp_seconds{pipeline=\"shop\"}"
            #expect((after[last] ?? 0) > (before[last] ?? 0))
            let file = "vitrine_last_file_timestamp_seconds{pipeline=\"shop\"}"
            // The ledger keeps milliseconds.
            #expect(abs((after[file] ?? 0) - (before[file] ?? -1)) < 0.001)
            let promtool = Judge.promtool
            if promtool.isHere {
                let answer = try await promtool.run(["check", "metrics"], input: shop.files()["node/vitrine.prom"])
                #expect(answer.code == 0, "\(answer.output)")
            }
        }
    }

    @Test("runs of two pipelines in processes of their own, at the same time, into one file: nothing is lost, no pipeline blanks the other")
    func together() async throws {
        try await withSandbox { sandbox in
            let second = """
                  annex:
                    landing: ./annex
                    synced: ./synced
                    catalog: {id: "77", graph_url: "\(sandbox.graphURL)", access_token: env:SHOP_TOKEN}

                """
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL).replacing("pipelines:\n", with: "pipelines:\n\(second)"))
            try FileManager.default.createDirectory(atPath: shop.folder + "/annex/data", withIntermediateDirectories: true)
            for _ in 1...3 {
                let runs = try ["shop", "annex"].map { try shop.start(["run", $0]) }
                for run in runs { #expect(await run.end().code == 0) }
            }
            let samples = try figures(shop).samples
            for name in ["shop", "annex"] {
                #expect(samples["vitrine_runs_total{pipeline=\"\(name)\",state=\"nothing_to_do\"}"] == 3)
                #expect(samples["vitrine_last_success_timestamp_seconds{pipeline=\"\(name)\"}"].map { $0 > 0 } == true)
            }
        }
    }
}
