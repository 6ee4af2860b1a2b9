import Events
import Foundation
import Synchronization
@testable import Telemetry
import Testing

@Suite("Spans, from the events themselves")
struct SpanTests {
    final class Keeper: RecordSink {
        let name = TelemetrySink.otlp
        let spans = Mutex<[SpanRecord]>([])
        let records = Mutex<[LogRecord]>([])
        func take(_ record: LogRecord) -> Bool { records.withLock { $0.append(record); return true } }
        func take(_ span: SpanRecord) -> Bool { spans.withLock { $0.append(span); return true } }
    }

    private final class Steps: Sendable {
        private let count = Mutex(UInt64(0))
        func next() -> UInt64 { count.withLock { $0 += 1; return $0 } }
    }

    /// A second later with each look at the clock; spans are numbered from 1.
    private func hub(_ keeper: Keeper, _ lines: MemoryLineSink = MemoryLineSink()) -> TelemetryHub {
        let time = Steps()
        let ids = Steps()
        return TelemetryHub(
            registry: MetricRegistry(givenValues), outputs: [LineOutput(lines, minimumLevel: .debug)], recordSinks: [keeper],
            clock: { noon + .seconds(Int64(time.next())) }, spanID: { ids.next() })
    }

    @Test("one trace a run: stage in run, batch in stage, tries in their own batch; fields and failures are those of the events")
    func tree() throws {
        let keeper = Keeper()
        let lines = MemoryLineSink()
        let hub = hub(keeper, lines)
        let events: [RunProbe] = [
            .stageBegun, .batchBegun("1"), .batchBegun("2"), .called(batch: "1", seconds: 0.25, failed: true), .called(batch: "2", seconds: 0.5, failed: false),
            .said("within"), .batchEnded("2"), .called(batch: "1", seconds: 1, failed: false), .batchEnded("1"), .stageEnded(failed: false),
        ]
        hub.receive(RunProbe.begun, in: RunProbe.scope)
        for event in events { hub.receive(event, in: RunProbe.inStage) }
        hub.receive(RunProbe.ended, in: RunProbe.scope)
        hub.receive(RunProbe.said("behind"), in: RunProbe.scope)
        let spans = keeper.spans.withLock(\.self)
        let run = try #require(spans.last)
        #expect(run.kind == .run && run.parent == 0 && run.name == "run" && run.message == "Ended")
        #expect(spans.allSatisfy { $0.context.traceText == run.context.traceText && $0.end > $0.start })
        func span(_ name: String, _ batch: String? = nil) -> [SpanRecord] {
            spans.filter { span in span.name == name && (batch == nil || span.fields.contains { $0.name == .batch && $0.value == .text(batch ?? "") }) }
        }
        let stage = try #require(span("stage send").first)
        #expect(stage.parent == run.context.span)
        let (one, two) = (try #require(span("batch", "1").first), try #require(span("batch", "2").first))
        #expect(one.parent == stage.context.span && two.parent == stage.context.span)
        let calls = span("call items_batch")
        #expect(calls.map(\.parent) == [one.context.span, two.context.span, one.context.span] && calls.map(\.failed) == [true, false, false])
        #expect(calls[0].end - calls[0].start == .milliseconds(250))

        func line(_ text: String) -> Substring? { lines.lines.first { $0.contains("\"msg\":\"\(text)\"") }?[...] }
        #expect(line("within")?.contains("\"trace_id\":\"\(run.context.traceText)\",\"span_id\":\"\(stage.context.spanText)\",\"seq\":") == true)
        #expect(line("behind")?.contains("\"trace_id\":\"\(run.context.traceText)\",\"seq\":") == true)
        #expect(keeper.records.withLock { $0.first { $0.message == "within" }?.context } == stage.context)
    }

    @Test("a run that another process resumes goes on in the same trace; another run, or the same name in another pipeline, has its own")
    func traces() {
        func trace(_ scope: EventScope) -> String? {
            let keeper = Keeper()
            let hub = hub(keeper)
            hub.receive(RunProbe.begun, in: scope)
            hub.endSpans()
            return keeper.spans.withLock { $0.first?.context.traceText }
        }
        let first = trace(RunProbe.scope)
        #expect(first?.wholeMatch(of: #/[0-9a-f]{32}/#) != nil)
        #expect(trace(RunProbe.scope) == first)
        #expect(trace(EventScope(pipeline: "shop", runID: "r-2")) != first && trace(EventScope(pipeline: "annex", runID: "r-1")) != first)
        #expect(trace(EventScope(pipeline: "shop")) == nil)
    }

    @Test("what did not come to its end ends with what it is in: a failed stage fails it, the end of the process does not")
    func open() {
        let keeper = Keeper()
        let hub = hub(keeper)
        hub.receive(RunProbe.begun, in: RunProbe.scope)
        hub.receive(RunProbe.stageBegun, in: RunProbe.inStage)
        hub.receive(RunProbe.batchBegun("1"), in: RunProbe.inStage)
        hub.receive(RunProbe.stageEnded(failed: true), in: RunProbe.inStage)
        #expect(keeper.spans.withLock { $0.map(\.name) } == ["batch", "stage send"])
        #expect(keeper.spans.withLock { $0.allSatisfy(\.failed) })
        hub.endSpans()
        hub.endSpans()
        #expect(keeper.spans.withLock { $0.map(\.name) } == ["batch", "stage send", "run"])
        #expect(keeper.spans.withLock { $0.last?.failed } == false)
        hub.receive(RunProbe.ended, in: RunProbe.scope)
        hub.receive(RunProbe.batchEnded("7"), in: RunProbe.inStage)
        #expect(keeper.spans.withLock(\.count) == 3, "an end without a beginning is none")
    }

    @Test("runs beside each other keep their spans apart, and runs without end do not fill the memory")
    func many() throws {
        let keeper = Keeper()
        let hub = hub(keeper)
        for number in 0..<SpanTracker.mostRuns * 2 { hub.receive(RunProbe.begun, in: EventScope(pipeline: "shop", runID: "r-\(number)")) }
        hub.endSpans()
        let spans = keeper.spans.withLock(\.self)
        #expect(spans.count == SpanTracker.mostRuns && Set(spans.map(\.context.traceText)).count == spans.count)
        for _ in 0..<SpanTracker.mostOpen * 2 { hub.receive(RunProbe.batchBegun(UUID().uuidString), in: RunProbe.inStage) }
        hub.endSpans()
        #expect(keeper.spans.withLock(\.count) == SpanTracker.mostRuns + SpanTracker.mostOpen)
    }

    @Test("the place of a field's name is its place in the list", arguments: FieldName.allCases)
    func places(name: FieldName) { #expect(FieldName.allCases[name.place] == name) }
}
