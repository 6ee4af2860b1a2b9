import CatalogSync
import Foundation
import Glibc
import Sandbox
import TestKit
import Testing

/// A real Prometheus scrapes the real `vitrine serve` over several runs.
@Suite("A Prometheus beside serve", .enabled(if: Judge.prometheus.isHere && Judge.promtool.isHere))
struct ServePrometheusTests {
    /// One Prometheus, which asks one target a hundred times a minute.
    private struct Prometheus {
        let process: Running
        let client: PlainClient

        init(target: Int, features: [String], in folder: String) async throws {
            let config = """
                global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                scrape_configs:
                  - job_name: vitrine
                    authorization: {credentials: scrape-me}
                    static_configs: [{targets: ["127.0.0.1:\(target)"]}]

                """
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(config.utf8).write(to: URL(filePath: folder + "/prometheus.yml"))
            let arguments = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:0"] + features
            process = try Running([Judge.prometheus.found()] + arguments, in: folder, environment: ["PATH": "/usr/bin:/bin"])
            let started = process
            #expect(await becomes { started.errors.contains("Server is ready") || started.hasEnded })
            let port = started.errors.firstMatch(of: /"Listening on" address=127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) }
            client = PlainClient(port: try #require(port, "\(started.errors)"))
        }

        /// The value of a query with one answer.
        func value(_ query: String) async -> Double? {
            guard let answer = await client.get("/api/v1/query?query=" + (query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")),
                let json = try? JSONSerialization.jsonObject(with: Data(answer.unchunked))
            else { return nil }
            let value = JSON(value: json)["data.result.0.value.1"].text
            return value.flatMap { Double($0) }
        }

        /// How many series a query answers with; nil where it is none.
        func answers(_ query: String) async -> Int? {
            guard let answer = await client.get("/api/v1/query?query=" + (query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")),
                let json = try? JSONSerialization.jsonObject(with: Data(answer.unchunked)), JSON(value: json)["status"].text == "success"
            else { return nil }
            return JSON(value: json)["data.result"].elements.count
        }

        /// What stands behind the numbers of the last hour.
        func exemplars(_ query: String) async -> [JSON] {
            let now = Int(Date.now.timeIntervalSince1970)
            guard let answer = await client.get("/api/v1/query_exemplars?query=\(query)&start=\(now - 3600)&end=\(now + 60)"),
                let json = try? JSONSerialization.jsonObject(with: Data(answer.unchunked))
            else { return [] }
            return JSON(value: json)["data"].elements.flatMap { $0["exemplars"].elements }
        }

        /// Waits until a query answers this.
        func says(_ query: String, _ expected: Double) async -> Bool {
            let limit = ContinuousClock.now + .seconds(20)
            while await value(query) != expected {
                if ContinuousClock.now > limit || process.hasEnded { return false }
                // Two scrapes from now there may be something else to hear.
                await onThread { _ = poll(nil, 0, 50) }
            }
            return true
        }

        /// Waits until a query answers anything: an increase is one between two scrapes.
        func shows(_ query: String) async -> Bool {
            let limit = ContinuousClock.now + .seconds(20)
            while await answers(query) ?? 0 == 0 {
                if ContinuousClock.now > limit || process.hasEnded { return false }
                await onThread { _ = poll(nil, 0, 50) }
            }
            return true
        }

        func stop() async {
            process.signal(SIGTERM)
            _ = await process.end()
        }
    }

    @Test(
        "has the reports' figures, in OpenMetrics and in protobuf; quantiles of a native histogram, and the traces behind the numbers",
        arguments: [
            (["--enable-feature=exemplar-storage"], "application/openmetrics-text"), (["--enable-feature=native-histograms,exemplar-storage"], "application/vnd.google.protobuf"),
        ])
    func scrapes(features: [String], format: String) async throws {
        var plan = FaultPlan.none
        plan.refusals.linkHosts = ["outlet.example"]
        try await withSandbox(plan) { sandbox in
            let settings = Shop.settings(sandbox.graphURL, "", "watch: true")
                .replacing("watch: true\n", with: "watch: true\n    watch_interval: 1s\n")
                .replacing("alerts: {shipped: off}", with: "alerts: {shipped: off, channels: {ops: {kind: webhook, url: \"http://127.0.0.1:9/hook\"}}}")
                .replacing("telemetry: {", with: "telemetry: {prometheus: {listen: \"127.0.0.1:0\", bearer_token: env:SCRAPE_TOKEN}, ")
            let shop = try Shop(graphURL: sandbox.graphURL, settings: settings, inMemory: true)
            let serving = try shop.start(["serve"], environment: ["SCRAPE_TOKEN": "scrape-me"])
            #expect(await becomes { serving.errors.contains("serve.started") || serving.hasEnded })
            let port = try #require(serving.errors.firstMatch(of: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/).flatMap { Int($0.1) })
            let prometheus = try await Prometheus(target: port, features: features, in: shop.folder + "/prometheus")
            for round in 1...3 {
                try shop.write("landing/data/\(round).csv", Rows.file(1...(10 * round), prefix: "R\(round)-") + Rows.row("X\(round)", brand: "") + Rows.row("Y\(round)", host: "outlet.example"))
                #expect(await becomes { serving.errors.components(separatedBy: "\"run.ended\"").count > round || serving.hasEnded })
            }
            let listed = try await shop.vitrine("runs", "--output", "json").document()["runs"].elements
            let reports = listed.filter { ($0["files.taken"].number ?? 0) > 0 }
            #expect(reports.count == 3)
            func sum(_ path: String) -> Double { Double(reports.reduce(0) { $0 + ($1[path].number ?? 0) }) }
            #expect(sum("items.accepted") == 60 && sum("items.refused") == 3 && sum("rows.rejected") == 3)
            let figures: [(query: String, value: Double)] = [
                ("vitrine_items_total{outcome=\"accepted\"}", sum("items.accepted")), ("vitrine_items_total{outcome=\"refused\"}", sum("items.refused")),
                ("sum(vitrine_items_total)", sum("items.sent")), ("sum(vitrine_rows_validated_total)", sum("rows.read")),
                ("vitrine_rows_validated_total{outcome=\"rejected\"}", sum("rows.rejected")), ("vitrine_handle_errors_total", sum("handle_errors")),
                ("vitrine_batches_sent_total{outcome=\"sent\"}", sum("batches.sent")), ("sum(vitrine_runs_total)", Double(listed.count)),
                ("vitrine_products{state=\"accepted\"}", 60), ("vitrine_unaccounted_rows", 0), ("vitrine_landing_pending_files", 0), ("up", 1),
            ]
            let isNative = format == "application/vnd.google.protobuf"
            let latency: [(query: String, value: Double)] = isNative
                ? [("histogram_count(vitrine_handle_latency_seconds)", sum("handles.finished")), ("histogram_quantile(0.5, vitrine_handle_latency_seconds) < bool 600", 1)]
                : [("vitrine_handle_latency_seconds_count", sum("handles.finished")), ("vitrine_handle_latency_seconds_bucket{le=\"1800.0\"}", sum("handles.finished"))]
            for figure in figures + latency {
                let isSo = await prometheus.says(figure.query, figure.value)
                let said = await prometheus.value(figure.query)
                #expect(isSo, "\(figure.query): \(String(describing: said)), the reports say \(figure.value)")
            }
            for (panel, query) in GrafanaBoard.all.flatMap(\.queries) {
                // This Prometheus drops the classic form where it takes the native one; a newer one keeps both when told to (docs/telemetry.md).
                if isNative, query.contains(#/_seconds_(bucket|count|sum)\b/#) { continue }
                // What began anew is no trouble, and there may have been none.
                let isShown = panel.hasSuffix("annotation") ? await prometheus.answers(query) != nil : await prometheus.shows(query)
                #expect(isShown, "\(panel) shows nothing: \(query)")
            }
            let exemplars = await prometheus.exemplars(isNative ? "vitrine_batches_sent_total" : "vitrine_handle_latency_seconds_bucket")
            #expect(!exemplars.isEmpty, "an exemplar is read back")
            for exemplar in exemplars {
                let trace = exemplar["labels.trace_id"].text ?? ""
                #expect(serving.errors.contains("\"trace_id\":\"\(trace)\""), "its trace is that of a line: \(trace)")
            }
            await prometheus.stop()
            try await judge(PlainClient(port: port), format)
            serving.signal(SIGTERM)
            #expect(await serving.end().code == 0)
        }
    }

    /// What Prometheus does not look at.
    private func judge(_ client: PlainClient, _ format: String) async throws {
        let token = "Authorization: Bearer scrape-me"
        let text = try #require(await client.get("/metrics", headers: [token]))
        #expect(ExpositionText(text.text).problems == [])
        let answer = try await Judge.promtool.run(["check", "metrics"], input: Data(text.body))
        #expect(answer.code == 0, "\(answer.output)")
        let protobuf = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
        let texts = "application/openmetrics-text; version=1.0.0,application/openmetrics-text; version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
        let accept = format == "application/vnd.google.protobuf" ? "\(protobuf),\(texts)" : texts
        #expect(await client.get("/metrics", headers: [token, "Accept: \(accept)"])?.header("Content-Type")?.hasPrefix(format) == true)
        #expect(await client.get("/metrics")?.status == 401)
    }
}

extension PlainClient.Answer {
    /// The body without the sizes of its chunks.
    var unchunked: [UInt8] {
        guard header("Transfer-Encoding")?.lowercased() == "chunked" else { return body }
        var rest = body[...]
        var whole: [UInt8] = []
        while let end = rest.firstRange(of: [13, 10]), let size = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16), size > 0 {
            whole += rest[end.upperBound...].prefix(size)
            rest = rest[end.upperBound...].dropFirst(size + 2)
        }
        return whole
    }
}
