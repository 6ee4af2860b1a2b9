import CoreMetrics
import Events
import Foundation
@testable import Telemetry
import TestKit
import Testing
import Transport

@Suite("What libraries report through swift-metrics")
struct LibraryMetricsTests {
    /// A hub whose registry asks libraries, and what they report to.
    private struct Bench {
        let metrics: LibraryMetrics
        let hub: TelemetryHub
        let scrape: Scrape

        init(scan: CredentialScan = CredentialScan()) {
            metrics = LibraryMetrics(clock: { noon })
            hub = TelemetryHub(registry: MetricRegistry(givenValues, created: noon, library: metrics), outputs: [], scan: scan, clock: { noon })
            scrape = Scrape(of: hub)
        }

        func text() -> ExpositionText { ExpositionText(String(decoding: scrape.bytes(as: .text), as: UTF8.self)) }

        /// The samples that are not Vitrine's own.
        func samples() -> [String: Double] {
            let text = text()
            #expect(text.problems == [])
            return text.samples.filter { !$0.key.hasPrefix("vitrine_") }
        }

        var dropped: Double? { text().samples[#"vitrine_telemetry_dropped_total{sink="library_metrics"}"#] }
    }

    struct Instrument: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let samples: [String: Double]
        let report: @Sendable (LibraryMetrics) -> Void

        init(_ testDescription: String, _ samples: [String: Double], _ report: @escaping @Sendable (LibraryMetrics) -> Void) {
            self.testDescription = testDescription
            self.samples = samples
            self.report = report
        }
    }

    private static func buckets(_ name: String, _ bounds: [Double], _ observed: [Double]) -> [String: Double] {
        var samples = [name + "_sum": observed.reduce(0, +), name + "_count": Double(observed.count), name + #"_bucket{le="+Inf"}"#: Double(observed.count)]
        for bound in bounds { samples["\(name)_bucket{le=\"\(Int(exactly: bound).map(String.init) ?? bound.description)\"}"] = Double(observed.count { $0 <= bound }) }
        return samples
    }

    static let instruments = [
        Instrument("a counter", [#"hb_requests_total{method="GET"}"#: 3]) { factory in
            let counter = Counter(label: "hb.requests", dimensions: [("method", "GET")], factory: factory)
            counter.increment()
            counter.increment(by: 2)
        },
        Instrument("a counter that says _total itself, made twice", ["jobs_total": 7]) { factory in
            Counter(label: "jobs_total", factory: factory).increment(by: 3)
            Counter(label: "jobs.total", factory: factory).increment(by: 4)
        },
        Instrument("a counter of fractions", ["spent_total": 0.75]) { factory in
            let counter = FloatingPointCounter(label: "spent", factory: factory)
            counter.increment(by: 0.5)
            counter.increment(by: 0.25)
        },
        Instrument("a counter that was reset", ["again_total": 1]) { factory in
            let counter = Counter(label: "again", factory: factory)
            counter.increment(by: 9)
            counter.reset()
            counter.increment()
        },
        Instrument("a meter", ["pool_open": 4.5]) { factory in
            let meter = Meter(label: "pool-open", factory: factory)
            meter.set(7)
            meter.decrement(by: 3.0)
            meter.increment(by: 0.5)
        },
        Instrument("a gauge", ["memory_bytes": -2]) { factory in
            let gauge = Gauge(label: "memory.bytes", factory: factory)
            gauge.record(5)
            gauge.record(-2)
        },
        Instrument("a recorder", buckets("body_bytes", LibraryKind.recorder.buckets, [0, 10, 11, 5e9])) { factory in
            let recorder = Recorder(label: "body.bytes", factory: factory)
            for bytes in [0, 10, 11, 5_000_000_000] { recorder.record(bytes) }
        },
        Instrument("a timer", buckets("http_server_request_duration_seconds", LibraryKind.timer.buckets, [0.001, 0.25, 200])) { factory in
            let timer = Timer(label: "http.server.request.duration", factory: factory)
            timer.recordMilliseconds(1)
            timer.recordNanoseconds(250_000_000)
            timer.recordSeconds(200)
        },
        Instrument("a timer that says another unit", buckets("wait_seconds", LibraryKind.timer.buckets, [2])) { factory in
            Timer(label: "wait_ms", factory: factory).recordSeconds(2)
        },
        Instrument("names that are ours, or of a format", ["library_vitrine_runs_total": 1, "library_up": 1, "db_count_value": 1, "library_2nd": 1, "_a_": 1]) { factory in
            Counter(label: "vitrine_runs", factory: factory).increment()
            for name in ["up", "db.count", "2nd", "äa}"] { Meter(label: name, factory: factory).set(1) }
        },
        Instrument("labels that are another's, empty ones, and others in another order", [#"x_total{a="1",library___b="é",library_job="n",library_le="0"}"#: 2]) { factory in
            Counter(label: "x", dimensions: [("le", "0"), ("a", "1"), ("__b", "é"), ("job", "n"), ("none", "")], factory: factory).increment()
            Counter(label: "x", dimensions: [("a", "1"), ("job", "n"), ("__b", "é"), ("le", "0")], factory: factory).increment()
        },
    ]

    @Test("becomes", arguments: instruments)
    func becomes(instrument: Instrument) {
        let bench = Bench()
        instrument.report(bench.metrics)
        #expect(bench.samples() == instrument.samples)
        #expect(bench.dropped == 0)
    }

    /// A thing of each kind, with labels that need care.
    private static func reportEverything(to factory: LibraryMetrics) {
        for (number, route) in ["/metrics", "a\"b\\c", "ü"].enumerated() {
            Counter(label: "hb.requests", dimensions: [("http.route", route)], factory: factory).increment(by: number + 1)
            let timer = Timer(label: "http.server.request.duration", dimensions: [("http.route", route)], factory: factory)
            for milliseconds in [1, 40, 900, 7000] { timer.recordMilliseconds(milliseconds * (number + 1)) }
        }
        FloatingPointCounter(label: "spent.seconds", factory: factory).increment(by: 0.375)
        Meter(label: "pool.ratio", factory: factory).set(0.625)
        let recorder = Recorder(label: "body.bytes", factory: factory)
        for bytes in [0, 512, 70_000, 20_000_000_000] { recorder.record(bytes) }
    }

    @Test("all of it, counted in every format with the same numbers, by judges from outside", .enabled(if: Judge.python.isHere && Judge.promtool.isHere))
    func formats() async throws {
        let bench = Bench()
        Self.reportEverything(to: bench.metrics)
        let text = bench.text()
        #expect(text.problems == [])
        #expect(text.samples.keys.contains { $0.hasPrefix("http_server_request_duration_seconds_bucket") } && text.samples["spent_seconds_total"] == 0.375)
        let checked = try await Judge.promtool.run(["check", "metrics"], input: Data(bench.scrape.bytes(as: .text)))
        #expect(checked.code == 0, "\(checked.output)")

        let openMetrics = try await judged("openmetrics.py", bench.scrape.bytes(as: .openMetrics))
        #expect(openMetrics.samples == text.samples)
        #expect(openMetrics.created["hb_requests_created{http_route=\"/metrics\"}"] == 1_795_247_700.123)
        #expect(try await judged("protobuf_exposition.py", bench.scrape.bytes(as: .protobuf)).samples == text.samples)

        let collector = try OTLPCollector()
        let configuration = try #require(try OTLPConfiguration(endpoint: collector.url, environment: [:]))
        let world = DeliveryWorld(now: { noon }, sleep: { _ in try await Task.sleep(for: .seconds(3600)) }, random: { .max })
        let exporter = OTLPExporter(configuration, transport: try CurlTransport(), world: world, version: "1", process: [])
        await exporter.deliver(OTLPFigures(of: bench.hub.registry), scan: CredentialScan(), isLast: true, reporter: .silent)
        #expect(try await collector.samples() == text.samples)
    }

    private struct Judgement: Decodable {
        let samples: [String: Double]
        var created: [String: Double] { starts ?? [:] }
        private let starts: [String: Double]?
        enum CodingKeys: String, CodingKey { case samples, starts = "created" }
    }

    private func judged(_ script: String, _ bytes: [UInt8]) async throws -> Judgement {
        let said = try await Judge.python.run([Judge.script(script)], input: Data(bytes))
        try #require(said.code == 0, "\(said.output)")
        return try JSONDecoder().decode(Judgement.self, from: Data(said.output.utf8))
    }

    @Test("timers have native buckets in protobuf, recorders none: those would be of another stretch")
    func native() throws {
        let bench = Bench()
        Self.reportEverything(to: bench.metrics)
        let families = try ProtobufReader.delimited(bench.scrape.bytes(as: .protobuf))
        let timer = try #require(families.first { $0.text(1) == "http_server_request_duration_seconds" }?.messages(4).first?.messages(7).first)
        #expect(timer.number(5) == 6 && timer.number(1) == 4)
        #expect(try !timer.messages(12).isEmpty && !(timer[13] ?? []).isEmpty)
        let recorder = try #require(families.first { $0.text(1) == "body_bytes" }?.messages(4).first?.messages(7).first)
        #expect(recorder[5] == nil && recorder[12] == nil && recorder.number(1) == 4)
    }

    struct Excess: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lost: Int
        let kept: Int
        let report: @Sendable (LibraryMetrics) -> Void
    }

    static let excesses = [
        Excess(testDescription: "families", lost: 3, kept: LibraryMetrics.mostFamilies) { factory in
            for number in 0..<LibraryMetrics.mostFamilies + 3 { Counter(label: "family.\(number)x", factory: factory).increment() }
        },
        Excess(testDescription: "series of one family", lost: 5, kept: LibraryMetrics.mostSeriesOfAFamily) { factory in
            for number in 0..<LibraryMetrics.mostSeriesOfAFamily + 5 { Counter(label: "paths", dimensions: [("path", "/\(number)")], factory: factory).increment() }
        },
        Excess(testDescription: "series in all", lost: 8, kept: LibraryMetrics.mostSeries) { factory in
            for number in 0..<LibraryMetrics.mostSeries + 8 { Counter(label: "family.\(number % 8)x", dimensions: [("n", "\(number)")], factory: factory).increment() }
        },
        Excess(testDescription: "a long name", lost: 2, kept: 1) { factory in
            for length in [128, 129] { Counter(label: String(repeating: "n", count: length), factory: factory).increment() }
            Counter(label: "", factory: factory).increment()
        },
        Excess(testDescription: "a long value, a long label, many labels", lost: 3, kept: 3) { factory in
            for length in [128, 129] {
                Counter(label: "x", dimensions: [("a", String(repeating: "v", count: length))], factory: factory).increment()
                Counter(label: "y", dimensions: [(String(repeating: "l", count: length), "a")], factory: factory).increment()
            }
            for count in [8, 9] { Counter(label: "z", dimensions: (0..<count).map { ("l\($0)", "v") }, factory: factory).increment() }
        },
        Excess(testDescription: "one label twice, and one name of two kinds", lost: 2, kept: 1) { factory in
            Counter(label: "x", dimensions: [("a.b", "1"), ("a_b", "2")], factory: factory).increment()
            Counter(label: "pool", factory: factory).increment()
            Meter(label: "pool", factory: factory).set(1)
        },
        Excess(testDescription: "what is no number", lost: 8, kept: 5) { factory in
            Counter(label: "a", factory: factory).increment(by: -1)
            let spent = FloatingPointCounter(label: "b", factory: factory)
            for amount in [Double.nan, .infinity, -0.5] { spent.increment(by: amount) }
            Meter(label: "c", factory: factory).set(Double.nan)
            let recorder = Recorder(label: "d", factory: factory)
            for value in [-1, Double.infinity] { recorder.record(value) }
            Timer(label: "e", factory: factory).recordNanoseconds(-1)
        },
    ]

    @Test("beyond a bound it is counted as dropped, and all else goes on:", arguments: excesses)
    func bounded(excess: Excess) {
        let bench = Bench()
        excess.report(bench.metrics)
        #expect(bench.dropped == Double(excess.lost))
        let series = bench.samples().keys.filter { !$0.contains("_bucket") && !$0.hasSuffix("_sum") }
        #expect(series.count == excess.kept, "\(series.count)")
    }

    @Test("a secret in a label is hidden in every format, one in a name is not exposed at all, and one that is known later takes its series away")
    func secrets() throws {
        let bench = Bench(scan: CredentialScan(secrets: [Secret("planted-hunter2")]))
        Counter(label: "calls", dimensions: [("url", "/x?access_token=EAAabcdefghijklmnopq")], factory: bench.metrics).increment(by: 2)
        Counter(label: "calls", dimensions: [("url", "see planted-hunter2 there")], factory: bench.metrics).increment()
        Counter(label: "planted-hunter2", factory: bench.metrics).increment()
        Counter(label: "calls", dimensions: [("planted-hunter2", "a")], factory: bench.metrics).increment()
        Counter(label: "calls", dimensions: [("user", "later-secret")], factory: bench.metrics).increment()
        #expect(bench.samples()[#"calls_total{url="see <secret> there"}"#] == 1)
        #expect(bench.dropped == 2)
        func everything() -> String { ExpositionFormat.allCases.map { String(decoding: bench.scrape.bytes(as: $0), as: UTF8.self) }.joined() }
        #expect(!everything().contains("hunter2") && !everything().contains("EAAabc") && everything().contains("later-secret"))

        bench.hub.renew(givenValues, scan: CredentialScan(secrets: [Secret("later-secret")]))
        #expect(!everything().contains("later-secret") && bench.samples().count == 2)
        Counter(label: "calls", dimensions: [("user", "later-secret")], factory: bench.metrics).increment()
        #expect(bench.samples()[#"calls_total{user="<secret>"}"#] == 1)
    }

    @Test("a handler that is destroyed gives its place back, once nobody else has the series")
    func destroyed() {
        let bench = Bench()
        for number in 0..<LibraryMetrics.mostSeriesOfAFamily * 3 {
            let counter = Counter(label: "connections", dimensions: [("peer", "\(number)")], factory: bench.metrics)
            counter.increment()
            counter.destroy()
        }
        #expect(bench.samples() == [:] && bench.dropped == 0)
        let first = Timer(label: "t", factory: bench.metrics)
        let second = Timer(label: "t", factory: bench.metrics)
        first.recordSeconds(1)
        first.destroy()
        first.destroy()
        second.recordSeconds(1)
        #expect(bench.samples()["t_seconds_count"] == 2)
        second.destroy()
        #expect(bench.samples() == [:])
        second.recordSeconds(1)
        #expect(bench.dropped == 1)
        let recorder = Recorder(label: "r", factory: bench.metrics)
        let (meter, fraction) = (Meter(label: "m", factory: bench.metrics), FloatingPointCounter(label: "f", factory: bench.metrics))
        #expect(bench.samples().count > 3)
        recorder.destroy()
        meter.destroy()
        fraction.destroy()
        #expect(bench.samples() == [:])
    }

    @Test("other settings leave it as it is; figures that go on from earlier processes are ours alone")
    func renewed() {
        let bench = Bench()
        let counter = Counter(label: "hb.requests", factory: bench.metrics)
        counter.increment(by: 5)
        Counter(label: "hb.requests", dimensions: [("a", String(repeating: "v", count: 200))], factory: bench.metrics).increment()
        var values = givenValues
        values.pipelines.append("annex")
        bench.hub.renew(values, scan: CredentialScan())
        counter.increment()
        #expect(bench.samples() == ["hb_requests_total": 6] && bench.dropped == 1)
        let snapshot = bench.hub.registry.snapshot()
        #expect(!snapshot.increments(since: nil).keys.contains { $0.contains("hb_requests") })
        let totals = String(decoding: PrometheusText.render(snapshot.replacing(snapshot.increments(since: nil))), as: UTF8.self)
        #expect(totals.contains("\nhb_requests_total 6\n"))
    }

    @Test("many threads count, make and destroy while others look: nothing is lost, nothing waits for ever")
    func racing() async {
        let bench = Bench()
        let total = 20_000
        await withTaskGroup { group in
            for number in 0..<4 {
                group.addTask {
                    let counter = Counter(label: "shared", factory: bench.metrics)
                    let spent = FloatingPointCounter(label: "fractions", factory: bench.metrics)
                    let timer = Timer(label: "times", factory: bench.metrics)
                    for round in 0..<total {
                        counter.increment()
                        spent.increment(by: 0.5)
                        timer.recordNanoseconds(Int64(round))
                        if round % 100 == 0 {
                            let passing = Meter(label: "passing", dimensions: [("n", "\(number)-\(round)")], factory: bench.metrics)
                            passing.set(1)
                            passing.destroy()
                        }
                    }
                }
            }
            group.addTask { for _ in 0..<50 { #expect(bench.text().problems == []) } }
        }
        let samples = bench.samples()
        #expect(samples["shared_total"] == Double(4 * total) && samples["fractions_total"] == Double(2 * total))
        #expect(samples["times_seconds_count"] == Double(4 * total) && samples.keys.allSatisfy { !$0.hasPrefix("passing") })
    }
}
