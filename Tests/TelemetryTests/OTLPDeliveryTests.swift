import Events
import Foundation
import Synchronization
import Telemetry
import TestKit
import Testing
import Transport

@Suite("OTLP, on a receiver with opentelemetry-proto", .enabled(if: Judge.python.isHere))
struct OTLPDeliveryTests {
    /// Time that passes by sleeping only; whoever waits longer than the bound of a delivery hears of it at once.
    private final class Patience: Sendable {
        private let past = Mutex(Duration.zero)
        let waits = Mutex<[Duration]>([])

        var world: DeliveryWorld {
            DeliveryWorld(
                now: { noon + self.past.withLock(\.self) },
                sleep: { wait in
                    if wait >= OTLPExporter.bound {
                        // The bound itself: over when the task is cancelled, which the end of the work does.
                        try await Task.sleep(for: .seconds(3600))
                    } else {
                        self.past.withLock { $0 += wait }
                        self.waits.withLock { $0.append(wait) }
                        try Task.checkCancellation()
                    }
                },
                random: { .max })
        }
    }

    private struct Bench {
        let collector: OTLPCollector
        let patience = Patience()
        let exporter: OTLPExporter
        let hub: TelemetryHub
        let said = MemoryLineSink()
        let reporter: Reporter

        init(_ answers: [String] = [], environment: [String: String] = [:], mostWaiting: Int = OTLPExporter.mostWaiting) throws {
            collector = try OTLPCollector(answers)
            let configuration = try #require(try OTLPConfiguration(endpoint: collector.url, environment: environment))
            exporter = OTLPExporter(
                configuration, transport: try CurlTransport(), world: patience.world, version: "1.0.0", process: [("service.version", "1.0.0"), ("service.name", "not this")],
                mostWaiting: mostWaiting)
            hub = busyHub(recordSinks: [exporter])
            reporter = Reporter(sink: TelemetryHub(registry: hub.registry, outputs: [LineOutput(said)], clock: { noon }))
        }

        func deliver(figures: Bool = false, isLast: Bool = false, within bound: Duration = OTLPExporter.bound, scan: CredentialScan = CredentialScan()) async {
            await exporter.deliver(figures ? OTLPFigures(of: hub.registry) : nil, scan: scan, isLast: isLast, within: bound, reporter: reporter)
        }

        func bodies(_ path: String) async throws -> [String] {
            try await collector.received().filter { $0.path == path && $0.status == 200 }.map { String(decoding: $0.body, as: UTF8.self) }
        }

        var dropped: UInt64 {
            guard case .counter(let count)? = hub.registry.snapshot().value(of: .telemetryDropped, LabelValue(.sink, "otlp")) else { return 0 }
            return count
        }
    }

    @Test("figures, lines and spans arrive packed, in messages that the published schema knows whole; the figures are those of a scrape")
    func arrives() async throws {
        let bench = try Bench()
        bench.hub.receive(RunProbe.stageBegun, in: RunProbe.inStage)
        bench.hub.receive(RunProbe.called(batch: "1", seconds: 0.25, failed: true), in: RunProbe.inStage)
        bench.hub.receive(RunProbe.said("a line with a zero \0 in it"), in: RunProbe.inStage)
        bench.hub.receive(RunProbe.stageEnded(failed: false), in: RunProbe.inStage)
        bench.hub.endSpans()
        let text = ExpositionText(String(decoding: Scrape(of: bench.hub).bytes(as: .text), as: UTF8.self))
        await bench.deliver(figures: true)
        let received = try await bench.collector.received()
        #expect(received.map(\.path).sorted() == ["/v1/logs", "/v1/metrics", "/v1/traces"])
        #expect(received.allSatisfy { $0.isPacked && !$0.isForeign && $0.headers["content-type"] == "application/x-protobuf" })
        #expect(received.allSatisfy { $0.headers["user-agent"] == "vitrine/1.0.0 OTel-OTLP-Exporter-Swift/1.0.0" })
        for request in received { #expect(String(decoding: request.body, as: UTF8.self).contains(#""string_value":"vitrine""#), "service.name") }
        #expect(try await bench.collector.samples() == text.samples)
        let logs = try #require(try await bench.bodies("/v1/logs").first)
        #expect(logs.contains("a line with a zero \u{FFFD} in it") && logs.contains("SEVERITY_NUMBER_INFO") && logs.contains("\"event_name\":\"probe.run\""))
        let spans = try #require(try await bench.bodies("/v1/traces").first)
        for word in ["call items_batch", "error.type", "http.response.status_code", "stage send", "\"name\":\"run\""] { #expect(spans.contains(word), "\(word)") }
        #expect(!spans.contains("resend_count"), "a first try")
        // What the conventions require of a span of kind CLIENT.
        let said = try Self.attributes(of: "call items_batch", in: spans)
        #expect(said["http.request.method"] == "POST" && said["server.address"] == "graph.example" && said["server.port"] == "8443", "\(said)")
        #expect(said["url.full"] == "https://graph.example:8443/v26.0/1/items_batch?locale=REDACTED")
        #expect(bench.dropped > 0 && bench.said.lines.isEmpty, "the busy hub itself counts one, and nothing was lost")
    }

    /// Of the first span of this name, numbers as they are written.
    private static func attributes(of name: String, in body: String) throws -> [String: String] {
        func first(_ value: Any?, _ key: String) -> [String: Any]? { ((value as? [String: Any])?[key] as? [[String: Any]])?.first }
        let scope = first(first(try JSONSerialization.jsonObject(with: Data(body.utf8)), "resource_spans"), "scope_spans")
        let span = (scope?["spans"] as? [[String: Any]])?.first { $0["name"] as? String == name }
        let pairs = (span?["attributes"] as? [[String: Any]] ?? []).map { pair in
            (pair["key"] as? String ?? "", (pair["value"] as? [String: Any])?.values.first.map { "\($0)" } ?? "")
        }
        return Dictionary(pairs) { first, _ in first }
    }

    @Test("nothing to say is not said")
    func silence() async throws {
        let bench = try Bench()
        await bench.deliver()
        await bench.deliver()
        #expect(try await bench.collector.received().count == 1, "the line that the run began, once")
    }

    @Test("429, 502, 503 and 504 are tried again, later each time, and as late as the receiver asks")
    func again() async throws {
        let bench = try Bench(["503", "429:7", "502", "504"])
        let before = bench.dropped
        await bench.deliver()
        #expect(try await bench.collector.received().map(\.status) == [503, 429, 502, 504, 200])
        let waits = bench.patience.waits.withLock(\.self)
        #expect(waits.count == 4 && abs(waits[0] / .seconds(1) - 1) < 0.01 && waits[1] == .seconds(7) && waits[3] > waits[2], "\(waits)")
        #expect(bench.dropped == before && bench.said.lines.isEmpty)
    }

    @Test("a refusal is final: told, counted, never sent again", arguments: ["400", "401", "404", "500"])
    func refused(status: String) async throws {
        let bench = try Bench([status])
        let before = bench.dropped
        await bench.deliver()
        await bench.deliver()
        #expect(try await bench.collector.received().map(\.status) == [Int(status)])
        #expect(bench.dropped == before + 1 && bench.said.lines.count { $0.contains("telemetry.dropped") && $0.contains("HTTP \(status)") } == 1)
    }

    @Test("what a receiver rejects of a request is counted and told, and a warning is told; neither is sent again")
    func partly() async throws {
        let bench = try Bench(["partial:1", "warn"])
        let before = bench.dropped
        await bench.deliver()
        #expect(bench.dropped == before + 1 && bench.said.lines.last?.contains("too old") == true)
        bench.hub.receive(RunProbe.said("x"), in: RunProbe.scope)
        await bench.deliver()
        #expect(bench.dropped == before + 1 && bench.said.lines.last?.contains("telemetry.warned") == true)
        #expect(try await bench.collector.received().count == 2)
    }

    @Test("when the time is over what waits is kept for the next time, and counted where there is none; no one waits longer")
    func bound() async throws {
        let bench = try Bench(["slow", "ok", "slow"])
        let before = bench.dropped
        await bench.deliver(within: .milliseconds(10))
        #expect(bench.dropped == before && bench.said.lines.last?.contains("telemetry.export_failed") == true)
        await bench.deliver()
        #expect(try await bench.bodies("/v1/logs").count >= 1 && bench.dropped == before)
        bench.hub.receive(RunProbe.said("too late"), in: RunProbe.scope)
        await bench.deliver(isLast: true, within: .milliseconds(10))
        #expect(bench.dropped == before + 1)
    }

    @Test("the queue is bounded: what finds no room is counted, and the rest arrives in order")
    func queue() async throws {
        let bench = try Bench(mostWaiting: 10)
        let before = bench.dropped
        for number in 1...20 { bench.hub.receive(RunProbe.said("line \(number)"), in: RunProbe.scope) }
        #expect(bench.dropped == before + 11)
        await bench.deliver()
        let body = try #require(try await bench.bodies("/v1/logs").first)
        #expect(body.contains("\"line 9\"") && !body.contains("\"line 10\""))
    }

    @Test("a full request says that it is due")
    func due() async throws {
        let bench = try Bench()
        for number in 1...2_000 { bench.hub.receive(RunProbe.said("line \(number)"), in: RunProbe.scope) }
        var times = 0
        for await _ in bench.exporter.due {
            times += 1
            break
        }
        #expect(times == 1)
        await bench.deliver()
        #expect(try await bench.collector.received().filter { $0.path == "/v1/logs" }.count == 2)
    }

    @Test("a secret in a message, a field or a name is hidden before it leaves; a key in a header goes over plain HTTP to this machine only")
    func secrets() async throws {
        let bench = try Bench(environment: ["OTEL_EXPORTER_OTLP_HEADERS": "api-key=open-sesame"])
        bench.hub.receive(RunProbe.said("the token is hunter2222 and Bearer abcdefghijkl"), in: EventScope(pipeline: "shop", runID: "hunter2222", stage: "send"))
        bench.hub.receive(RunProbe.stageBegun, in: EventScope(pipeline: "shop", runID: "r-1", stage: "hunter2222"))
        bench.hub.endSpans()
        await bench.deliver(figures: true, scan: CredentialScan(secrets: [Secret("hunter2222")]))
        let received = try await bench.collector.received()
        #expect(received.count == 3 && received.allSatisfy { $0.headers["api-key"] == "open-sesame" })
        for request in received {
            let body = String(decoding: request.body, as: UTF8.self)
            #expect(!body.contains("hunter2222") && !body.contains("abcdefghijkl") && !body.contains("open-sesame"))
        }
    }
}
