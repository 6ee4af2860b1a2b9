import CAllocationCount
import Events
import Telemetry

extension Feedbench {
    static func telemetry(_ watch: Stopwatch) async {
        let times = 200_000
        var signal = Signal()
        signal.say(.info, "Batch 12 was taken in by Meta")
        signal.field(.file, "products-00012.csv")
        signal.field(.row, 4711)
        signal.field(.productID, "SKU-00004711")
        signal.field(.batch, 12)
        signal.field(.handle, "AcyF1n0TQ2Wm")
        signal.field(.attempt, 1)
        signal.field(.httpStatus, 200)
        signal.field(.fbtraceID, "A1b2C3d4E5")
        signal.field(.durationMilliseconds, 812)
        signal.field(.usedRatio, 0.25)
        let scope = EventScope(pipeline: "shop-catalog", runID: "20261121T075500Z-1", stage: "send")
        let time = Timestamp(nanoseconds: 1_795_247_700_123_000_000)
        await watch.measure("log line of ten fields", "line", count: times) {
            var encoder = LogLineEncoder()
            for number in 0..<times { encoder.encode(signal, event: "batch.sent", at: time, in: scope, sequence: number) }
            encoder.withLine { keep(UInt64($0.byteCount)) }
        }
        let context = TraceContext(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736, span: 0x00f0_67aa_0ba9_02b7)
        await watch.measure("the same with trace and span", "line", count: times) {
            var encoder = LogLineEncoder()
            for number in 0..<times { encoder.encode(signal, event: "batch.sent", at: time, in: scope, context, sequence: number) }
            encoder.withLine { keep(UInt64($0.byteCount)) }
        }
        await scrapes(watch)
        let registry = MetricRegistry(GivenLabelValues(pipelines: ["shop-catalog"]))
        guard let counter = registry.counter(.handleErrors, pipeline: "shop-catalog"), let histogram = registry.histogram(.handleLatency, pipeline: "shop-catalog")
        else { return print("no such series") }
        await watch.measure("counter add", "time", count: times) { for _ in 0..<times { counter.add() } }
        await watch.measure("histogram observe", "time", count: times) { for number in 0..<times { histogram.observe(Double(number & 63)) } }
        let library = LibraryMetrics(clock: { time })
        let (requests, duration) = (library.makeCounter(label: "requests", dimensions: []), library.makeTimer(label: "duration", dimensions: []))
        await watch.measure("a library's counter, increment", "time", count: times) { for _ in 0..<times { requests.increment(by: 1) } }
        await watch.measure("a library's timer, record", "time", count: times) { for number in 0..<times { duration.recordNanoseconds(Int64(number)) } }
        print("")
        allocations("a thing that allocates, so that zero means something") { times in for number in 0..<times { keep(UInt64("a text of more than fifteen bytes \(number)".utf8.count)) } }
        allocations("counter add") { times in for _ in 0..<times { counter.add() } }
        allocations("histogram observe") { times in for number in 0..<times { histogram.observe(Double(number & 63)) } }
        allocations("a library's counter, increment") { times in for _ in 0..<times { requests.increment(by: 1) } }
        allocations("a library's timer, record") { times in for number in 0..<times { duration.recordNanoseconds(Int64(number)) } }
        var encoder = LogLineEncoder()
        allocations("log line of ten fields") { times in
            for number in 0..<times { encoder.encode(signal, event: "batch.sent", at: time, in: scope, sequence: number) }
        }
        allocations("the same with trace and span") { times in
            for number in 0..<times { encoder.encode(signal, event: "batch.sent", at: time, in: scope, context, sequence: number) }
        }
        encoder.withLine { keep(UInt64($0.byteCount)) }
    }

    /// Changes every series of these pipelines, and those of no pipeline.
    private static func move(_ registry: MetricRegistry, pipelines: [String]) {
        for family in registry.families {
            let kind: Signal.MetricChange.Kind = family.declaration.kind == .counter ? .add : family.declaration.kind == .gauge ? .set : .observe
            tick += 1
            for series in family.series where series.showsZero {
                let pipeline = series.labels.first { $0.name == .pipeline }?.value
                if let pipeline, !pipelines.contains(pipeline) { continue }
                let own = series.labels.filter { $0.name != .pipeline }
                registry.apply(.init(kind, family.metric, kind == .observe ? Double(tick % 90) : Double(tick), own.first, own.dropFirst().first), pipeline: pipeline)
            }
        }
    }

    nonisolated(unsafe) private static var tick = 0

    /// How often the heap is asked for memory by work that has been done before. One time is no proof: it is done twice as often as well, and must ask as
    /// often as before, which is not at all.
    private static func allocations(_ name: String, _ work: (_ times: Int) -> Void) {
        work(1_000)
        let counts = [100_000, 200_000].map { times in
            let before = allocation_count()
            work(times)
            return allocation_count() - before
        }
        print("\(name)\(String(repeating: " ", count: max(1, 44 - name.count)))\(counts[0]) allocations in 100000, \(counts[1]) in 200000")
    }

    /// A registry of about a thousand lines of the text, of which a third are buckets, with some exemplars.
    private static func scrapes(_ watch: Stopwatch) async {
        let pipelines = (1...6).map { "shop-\($0)" }
        let registry = MetricRegistry(
            GivenLabelValues(pipelines: pipelines, rules: (10..<70).map { .init(id: "P\($0)", severity: "error") }, apis: ["items_batch", "check_batch_request_status"]),
            created: Timestamp(nanoseconds: 1_795_247_700_123_000_000))
        let hub = TelemetryHub(registry: registry, outputs: [], clock: { Timestamp(nanoseconds: 1_795_247_700_123_000_000) })
        let context = TraceContext(high: 1, low: 2, span: 3)
        for (number, pipeline) in pipelines.enumerated() {
            registry.apply(.init(.observe, .handleLatency, Double(number)), pipeline: pipeline, in: context, at: Timestamp(nanoseconds: 0))
            registry.apply(.init(.add, .items, Double(1000 + number), LabelValue(.outcome, "accepted")), pipeline: pipeline, in: context, at: Timestamp(nanoseconds: 0))
        }
        let scrape = Scrape(of: hub)
        let lines = scrape.bytes(as: .text).split(separator: 10).count { $0.first != 35 }
        for format in ExpositionFormat.allCases where format != .openMetricsDraft {
            await watch.measure("scrape of \(lines) series, \(format.rawValue)", "series", count: lines) { keep(UInt64(scrape.bytes(as: format).count)) }
        }
        // Protobuf keeps what has not moved since the last scrape: one run at work moves about a tenth, the dearest scrape is one where everything has.
        await watch.measure("protobuf, one pipeline in six has moved", "series", count: lines) {
            move(registry, pipelines: ["shop-1"])
            keep(UInt64(scrape.bytes(as: .protobuf).count))
        }
        await watch.measure("protobuf, everything has moved", "series", count: lines) {
            move(registry, pipelines: pipelines)
            keep(UInt64(scrape.bytes(as: .protobuf).count))
        }
        await watch.measure("moving everything, which is in the line above", "series", count: lines) { move(registry, pipelines: pipelines) }
    }
}
