import Foundation
import Sandbox
import TestKit
import Testing

@Suite("A run before an OpenTelemetry receiver", .enabled(if: Judge.python.isHere))
struct OTLPRunTests {
    private struct Span {
        let name: String
        let trace: String
        let id: String
        let parent: String?
        let body: JSON

        init(_ body: JSON) {
            name = body["name"].text ?? ""
            trace = body["trace_id"].text ?? ""
            id = body["span_id"].text ?? ""
            parent = body["parent_span_id"].text
            self.body = body
        }
    }

    private static func spans(_ collector: OTLPCollector) async throws -> [Span] {
        try await collector.received().filter { $0.path == "/v1/traces" && $0.status == 200 }.flatMap { request -> [Span] in
            let body = JSON(value: try JSONSerialization.jsonObject(with: request.body))
            return body["resource_spans.0.scope_spans.0.spans"].elements.map(Span.init)
        }
    }

    @Test("one trace: run, stages, batches, polls and each try; the lines name it, and the textfile, the report and the receiver have the same totals over two runs")
    func trace() async throws {
        try await withSandbox { sandbox in
            let collector = try OTLPCollector()
            let settings = Shop.settings(sandbox.graphURL)
                .replacing("telemetry: {", with: "telemetry: {otlp: {endpoint: \"\(collector.url)\"}, prometheus: {textfile: ./node/vitrine.prom}, ")
            let shop = try Shop(graphURL: sandbox.graphURL, settings: settings, inMemory: true)
            var report = JSON(value: [:])
            for round in 1...2 {
                try shop.write("landing/data/\(round).csv", Rows.file(1...4) + Rows.row("SKU-5", brand: ""))
                let finished = try await shop.vitrine("run", "shop", "--full", "--output", "json")
                #expect(finished.code == 0, "\(finished.stderr)")
                report = try finished.document()
            }
            let all = try await Self.spans(collector)
            let roots = all.filter { $0.parent == nil }
            #expect(roots.map(\.name) == ["run", "run"] && Set(roots.map(\.trace)).count == 2)
            let last = try #require(roots.last)
            let spans = all.filter { $0.trace == last.trace }
            let byID = Dictionary(uniqueKeysWithValues: spans.map { ($0.id, $0) })
            func parent(_ span: Span) -> String? { span.parent.flatMap { byID[$0]?.name } }
            for stage in ["settle", "check", "validate", "transform", "send", "check-handles", "archive", "save"] {
                #expect(spans.contains { $0.name == "stage \(stage)" && parent($0) == "run" }, "\(stage)")
            }
            #expect(spans.contains { $0.name == "batch" && parent($0) == "stage send" })
            #expect(spans.contains { $0.name == "call items_batch" && parent($0) == "batch" && $0.body["kind"].text == "SPAN_KIND_CLIENT" || $0.body["kind"].number == 3 })
            #expect(spans.contains { $0.name == "poll" && parent($0) == "stage check-handles" })
            #expect(spans.contains { $0.name == "call check_batch_request_status" && parent($0) == "poll" })

            // What the conventions ask of each try: where it went, without the values of its query.
            let port = try #require(sandbox.graphURL.firstMatch(of: /:(\d+)/).flatMap { Int($0.1) })
            for (call, method, edge) in [("items_batch", "POST", "items_batch"), ("check_batch_request_status", "GET", "check_batch_request_status")] {
                let tries = spans.filter { $0.name == "call \(call)" }
                #expect(!tries.isEmpty)
                for span in tries {
                    let values = Dictionary(span.body["attributes"].elements.map { ($0["key"].text ?? "", $0["value"]) }) { first, _ in first }
                    #expect(values["http.request.method"]?["string_value"].text == method && values["server.address"]?["string_value"].text == "127.0.0.1")
                    #expect(values["server.port"].flatMap { $0["int_value"].text.flatMap { Int($0) } ?? $0["int_value"].number } == port)
                    let url = try #require(values["url.full"]?["string_value"].text)
                    #expect(url.hasPrefix("\(sandbox.graphURL)/1234567890/\(edge)?") && url.contains("locale=REDACTED") && !url.contains("en_US"), "\(url)")
                    #expect(url.contains("handle=REDACTED") == (method == "GET"))
                }
            }

            // Base64 in the receiver's JSON, hexadecimal in our lines.
            let trace = try #require(Data(base64Encoded: last.trace)).map { String(format: "%02x", $0) }.joined()
            let runID = try #require(report["run_id"].text)
            let log = String(decoding: try #require(shop.files()["logs/vitrine.ndjson"]), as: UTF8.self).split(separator: "\n").filter { $0.contains(runID) }
            #expect(log.count > 10 && log.allSatisfy { $0.contains("\"trace_id\":\"\(trace)\"") })
            #expect(log.contains { $0.contains("span_id") })

            let file = ExpositionText(String(decoding: try #require(shop.files()["node/vitrine.prom"]), as: UTF8.self)).samples
            let told = try await collector.samples()
            for name in ["vitrine_items_total", "vitrine_rows_validated_total", "vitrine_runs_total", "vitrine_handle_latency_seconds_count", "vitrine_products"] {
                for (series, value) in file where series.hasPrefix(name + "{") { #expect(told[series] == value, "\(series)") }
            }
            #expect(told[#"vitrine_items_total{pipeline="shop",outcome="accepted"}"#] == 8)
        }
    }

    @Test("that is not there, or a variable that cannot be followed: the first costs no run, the second is settings' fault")
    func failing() async throws {
        try await withSandbox { sandbox in
            let port = try FreePorts.take(1)[0]
            let shop = try Shop(graphURL: sandbox.graphURL, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...4))
            // Refused at once, by a path that nobody has.
            let url = sandbox.graphURL + "/nothing-here"
            let finished = try await shop.vitrine("run", "shop", environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": url])
            #expect(finished.code == 0, "\(finished.stderr)")
            let log = String(decoding: try #require(shop.files()["logs/vitrine.ndjson"]), as: UTF8.self)
            #expect(log.contains("telemetry.dropped") && log.contains("otlp"))
            let wrong = try await shop.vitrine(
                "run", "shop", "--output", "json",
                environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"])
            let culprit = try wrong.document()["error.culprit"].text
            #expect(wrong.code == 78 && culprit == "OTEL_EXPORTER_OTLP_PROTOCOL")
            let open = try await shop.vitrine(
                "run", "shop", "--output", "json",
                environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector.example:4318", "OTEL_EXPORTER_OTLP_HEADERS": "api-key=open-sesame"])
            let error = try open.document()["error"]
            #expect(open.code == 78 && error["culprit"].text == "OTEL_EXPORTER_OTLP_HEADERS" && error["remedy"].text?.contains("https") == true)
            #expect(!(open.stdout + open.stderr).contains("sesame"))
        }
    }

    @Test("planted secrets are in nothing that is sent")
    func secrets() async throws {
        let token = "EAABplantedTokenZ9x8w7v6u5t4s3r2q1"
        let meta = try EchoingMeta()
        defer { meta.stop() }
        let collector = try OTLPCollector()
        let settings = Shop.settings(meta.graphURL).replacing("telemetry: {", with: "telemetry: {otlp: {endpoint: \"\(collector.url)\"}, ")
        let shop = try Shop(graphURL: meta.graphURL, token: token, settings: settings, inMemory: true)
        try shop.write("landing/data/a.csv", Rows.file(1...3))
        #expect(try await shop.vitrine("run", "shop").code == 77)
        #expect(meta.received.contains("Bearer \(token)"))
        let received = try await collector.received()
        #expect(Set(received.map(\.path)).count == 3)
        for request in received { #expect(!String(decoding: request.body, as: UTF8.self).contains(token)) }
    }
}
