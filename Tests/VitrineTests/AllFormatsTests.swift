import Foundation
import Glibc
import Sandbox
import TestKit
import Testing

@Suite("One run, every way out", .enabled(if: Judge.python.isHere))
struct AllFormatsTests {
    /// Numbers that go on moving while one looks: what is written, sent or asked for by looking itself, and what the next look or run is about.
    /// `LibraryMetricsTests` hold those of libraries.
    private static func moves(_ series: String) -> Bool {
        let moving = ["vitrine_log_lines_total", "vitrine_http_request_duration_seconds", "vitrine_landing_", "vitrine_run_started_timestamp_seconds"]
        return !series.hasPrefix("vitrine_") || moving.contains { series.hasPrefix($0) }
    }

    @Test("text, OpenMetrics, protobuf, OTLP and PutMetricData carry the numbers of the report")
    func same() async throws {
        var plan = FaultPlan.none
        plan.refusals.linkHosts = ["outlet.example"]
        try await withSandbox(plan) { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL, extra: "    watch: true\n    watch_interval: 1s")
            let collector = try OTLPCollector()
            try await shop.drop("a.csv", Rows.file(1...20) + Rows.row("X1", brand: "") + Rows.row("Y1", host: "outlet.example"))
            let environment = shop.moto.environment.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url]) { $1 }
            let serving = try shop.shop.start(["serve"], environment: environment)
            #expect(await becomes { serving.errors.contains("\"run.ended\"") || serving.hasEnded })
            let port = try #require(serving.errors.firstMatch(of: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/).flatMap { Int($0.1) }, "\(serving.errors)")
            let client = PlainClient(port: port)
            // The web server's own figures have a series for scrapes once one is over.
            let ownScrapes = #"hb_requests_total{http_request_method="GET",http_response_status_code="200",http_route="/metrics"}"#
            _ = try await page(client) { $0[ownScrapes] != nil }
            let openMetrics = try await openMetrics(client)
            let text = ExpositionText(try #require(await client.get("/metrics", headers: ["Accept: text/plain"])).text)
            #expect(text.problems == [] && text.samples[ownScrapes].map { $0 >= 1 } == true)
            let protobuf = try await protobuf(client)
            serving.signal(SIGTERM)
            #expect(await serving.end().code == 0)
            let otlp = try await collector.samples()

            for (name, samples) in [("OpenMetrics", openMetrics), ("protobuf", protobuf), ("OTLP", otlp)] {
                #expect(Set(samples.keys) == Set(text.samples.keys), "\(name) has the same series")
                for (series, value) in text.samples where !Self.moves(series) {
                    // The way through two readers of JSON costs the last bit of a time.
                    let told = samples[series] ?? -1
                    #expect(abs(told - value) <= abs(value) * 1e-15 * 4, "\(name): \(series) is \(told), not \(value)")
                }
            }
            let report = try await shop.run("runs", "--output", "json").document()["runs"].elements.first { ($0["files.taken"].number ?? 0) > 0 }
            let figures = [
                "ItemsAccepted": ("items.accepted", #"vitrine_items_total{pipeline="shop",outcome="accepted"}"#), "ItemsRefused": ("items.refused", #"vitrine_items_total{pipeline="shop",outcome="refused"}"#),
                "RowsRejected": ("rows.rejected", #"vitrine_rows_validated_total{pipeline="shop",outcome="rejected"}"#), "BatchesSent": ("batches.sent", #"vitrine_batches_sent_total{pipeline="shop",outcome="sent"}"#),
                "HandleErrors": ("handle_errors", #"vitrine_handle_errors_total{pipeline="shop"}"#), "HandleWarnings": ("handle_warnings", #"vitrine_handle_warnings_total{pipeline="shop"}"#),
            ]
            for (figure, (path, series)) in figures {
                let told = try #require(report?[path].number)
                #expect(text.samples[series] == Double(told), "\(series)")
                #expect(try await shop.figure(figure) == told, "\(figure)")
            }
            #expect(report?["items.accepted"].number == 20 && report?["items.refused"].number == 1 && report?["rows.rejected"].number == 1)
        }
    }

    private func openMetrics(_ client: PlainClient) async throws -> [String: Double] {
        let answer = try #require(await client.get("/metrics", headers: ["Accept: application/openmetrics-text; version=1.0.0"]))
        #expect(answer.header("Content-Type") == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        return try await judged("openmetrics.py", answer.body)
    }

    private func protobuf(_ client: PlainClient) async throws -> [String: Double] {
        let accept = "Accept: application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
        return try await judged("protobuf_exposition.py", try #require(await client.get("/metrics", headers: [accept])).body)
    }

    private func judged(_ script: String, _ body: [UInt8]) async throws -> [String: Double] {
        let said = try await Judge.python.run([Judge.script(script)], input: Data(body))
        try #require(said.code == 0, "\(said.output)")
        let json = try JSONSerialization.jsonObject(with: Data(said.output.utf8)) as? [String: Any]
        return (json?["samples"] as? [String: NSNumber] ?? [:]).mapValues(\.doubleValue)
    }
}
