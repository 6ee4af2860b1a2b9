import Events
import Synchronization
import Telemetry
import Testing

@Suite struct TelemetryHubTests {
    private let registry = MetricRegistry(givenValues)
    private let scope = EventScope(pipeline: "shop", runID: "r-1")

    private func hub(_ outputs: [LineOutput]) -> TelemetryHub { TelemetryHub(registry: registry, outputs: outputs, clock: { noon }) }

    @Test("one event makes a line for each output, and the lines are counted and numbered")
    func lines() {
        let json = MemoryLineSink()
        let human = MemoryLineSink()
        let hub = hub([LineOutput(json), LineOutput(human, form: .human)])
        hub.receive(ProbeEvent.told("one"), in: scope)
        hub.receive(ProbeEvent.full, in: scope)
        #expect(json.lines.count == 2 && json.lines[0].hasSuffix("\"seq\":1}") && json.lines[1].hasSuffix("\"seq\":2}"))
        #expect(
            human.lines == [
                "07:55:00 info    one pipeline=shop",
                "07:55:00 warning Row 7 of stock.csv was refused by Meta pipeline=shop file=stock.csv row=7 product_id=SKU-1 used_ratio=0.25 outcome=true",
            ])
        #expect(registry.snapshot().value(of: .logLines, LabelValue(.level, "info")) == .counter(1))
        #expect(registry.snapshot().value(of: .logLines, LabelValue(.level, "warning")) == .counter(1))
    }

    @Test("below the level nothing is written or numbered, but all is measured")
    func levels() {
        let quiet = MemoryLineSink()
        let loud = MemoryLineSink()
        let hub = hub([LineOutput(quiet, minimumLevel: .warning), LineOutput(loud, minimumLevel: .info)])
        hub.receive(ProbeEvent.counted(.handleErrors, []), in: scope)
        hub.receive(ProbeEvent.told("one"), in: scope)
        #expect(quiet.lines == [])
        #expect(loud.lines.count == 1 && loud.lines[0].hasSuffix("\"seq\":1}"))
        #expect(registry.snapshot().value(of: .handleErrors, pipeline: "shop") == .counter(1))
    }

    @Test("a terminal form quotes what would be taken apart and escapes what would be obeyed")
    func human() {
        let sink = MemoryLineSink()
        let hub = hub([LineOutput(sink, form: .human)])
        hub.receive(ProbeEvent.told("red \u{1B}[31m\nnew line"), in: EventScope(stage: "two words"))
        #expect(sink.lines == [#"07:55:00 info    red \u001b[31m\nnew line stage="two words""#])
    }

    @Test("a sink that refuses is counted, and the others get their line")
    func refusing() {
        let full = MemoryLineSink(name: .stderr, capacity: 1)
        let other = MemoryLineSink()
        let hub = hub([LineOutput(full), LineOutput(other)])
        for _ in 0..<3 { hub.receive(ProbeEvent.told("x"), in: scope) }
        #expect(full.lines.count == 1 && other.lines.count == 3)
        #expect(registry.snapshot().value(of: .telemetryDropped, LabelValue(.sink, "stderr")) == .counter(2))
    }

    @Test("lines held back are handed on before something begins that may hang")
    func flushesBeforeWaiting() {
        let sink = HoldingSink()
        let hub = hub([LineOutput(sink)])
        hub.receive(RunProbe.said("x"), in: RunProbe.inStage)
        #expect(sink.flushes == 0)
        hub.receive(RunProbe.batchBegun("1"), in: RunProbe.inStage)
        #expect(sink.flushes == 1, "though the line that it begins is not written at this level")
        hub.receive(RunProbe.batchEnded("1"), in: RunProbe.inStage)
        #expect(sink.flushes == 1)
    }

    @Test("lines held back are handed on a second later, and what is lost by it is counted")
    func flushes() {
        let time = Mutex(noon)
        let sink = HoldingSink()
        let hub = TelemetryHub(registry: registry, outputs: [LineOutput(sink)], clock: { time.withLock { $0 } })
        hub.receive(ProbeEvent.told("x"), in: scope)
        #expect(sink.flushes == 0)
        time.withLock { $0 = $0 + TelemetryHub.flushInterval }
        hub.receive(ProbeEvent.told("x"), in: scope)
        #expect(sink.flushes == 1)
        hub.flush()
        #expect(sink.flushes == 2)
        #expect(registry.snapshot().value(of: .telemetryDropped, LabelValue(.sink, "file")) == .counter(6))
    }

    @Test("other settings take no secret out of the scan, for lines and for exporters")
    func secrets() {
        let json = MemoryLineSink()
        let hub = TelemetryHub(registry: registry, outputs: [LineOutput(json)], scan: CredentialScan(secrets: [Secret("first-one")]), clock: { noon })
        for secrets in [["second-one"], [], ["third-one"]] { hub.renew(givenValues, scan: CredentialScan(secrets: secrets.map { Secret($0) })) }
        hub.receive(ProbeEvent.told("first-one second-one third-one"), in: scope)
        #expect(json.lines.first?.contains("<secret> <secret> <secret>") == true)
        #expect(String(decoding: hub.scan.redacted(Array("first-one second-one third-one".utf8)), as: UTF8.self) == "<secret> <secret> <secret>")
    }

    @Test("of more secrets than are looked for the newest are")
    func manySecrets() {
        let hub = TelemetryHub(registry: registry, outputs: [], scan: CredentialScan(secrets: [Secret("stays-in-force")]), clock: { noon })
        for number in 1...1_100 { hub.renew(givenValues, scan: CredentialScan(secrets: [Secret("stays-in-force"), Secret("rotating-\(number)-")])) }
        let shown = String(decoding: hub.scan.redacted(Array("stays-in-force rotating-1100- rotating-1-".utf8)), as: UTF8.self)
        #expect(shown == "<secret> <secret> rotating-1-")
    }

    @Test("events of many tasks make whole lines with every number once")
    func concurrency() async {
        let sink = MemoryLineSink()
        let hub = hub([LineOutput(sink)])
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for round in 0..<100 { hub.receive(ProbeEvent.told("\(task) \(round)"), in: EventScope()) } }
            }
        }
        let numbers = sink.lines.compactMap { line in line.split(separator: "\"seq\":").last.flatMap { Int($0.dropLast()) } }
        #expect(numbers == Array(1...800))
    }
}

/// Loses three lines at each flush.
private final class HoldingSink: LineSink {
    let name = TelemetrySink.file
    private let count = Mutex(0)
    var flushes: Int { count.withLock { $0 } }

    func write(_ line: RawSpan, in scope: EventScope) -> Bool { true }
    func flush() -> Int {
        count.withLock { $0 += 1 }
        return 3
    }
}
