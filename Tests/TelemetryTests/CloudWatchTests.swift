import AWS
import Events
import Foundation
import Synchronization
import TestKit
import Testing
import Transport

@testable import Telemetry

@Suite("Figures for CloudWatch")
struct CloudWatchFiguresTests {
    private typealias Change = Signal.MetricChange
    private static func outcome(_ value: String) -> LabelValue { LabelValue(.outcome, value) }

    @Test("say what the changes of metrics mean, with the pipeline as their dimension", arguments: [
        (.init(.add, .rowsValidated, 98, outcome("valid")), ["RowsValidated": 98]), (.init(.add, .rowsValidated, 2, outcome("rejected")), ["RowsValidated": 2, "RowsRejected": 2]),
        (.init(.add, .rowsHeld, 7), ["RowsHeld": 7]), (.init(.add, .batchesSent, 1, outcome("sent")), ["BatchesSent": 1]), (.init(.add, .batchesSent, 1, outcome("failed")), [:]),
        (.init(.add, .items, 3, outcome("accepted")), ["ItemsAccepted": 3]), (.init(.add, .items, 4, outcome("refused")), ["ItemsRefused": 4]),
        (.init(.revise, .items, 5, outcome("unknown")), ["ItemsUnknown": 5]), (.init(.revise, .items, -2, outcome("unknown")), ["ItemsUnknown": -2]),
        (.init(.add, .items, 5, outcome("unknown")), [:]), (.init(.add, .handleErrors, 6), ["HandleErrors": 6]), (.init(.add, .handleWarnings, 8), ["HandleWarnings": 8]),
        (.init(.set, .runDuration, 12.5), ["RunDuration": 12.5]), (.init(.set, .unaccountedRows, 0), ["UnaccountedRows": 0]),
        (.init(.set, .landingOldestFile, noon.seconds - 60), ["OldestFileAge": 60]), (.init(.set, .landingOldestFile, 0), ["OldestFileAge": 0]),
        (.init(.set, .landingOldestFile, noon.seconds + 60), ["OldestFileAge": 0]), (.init(.add, .itemsWarned, 1), [:]), (.init(.set, .runDuration, .nan), [:]),
    ] as [(Signal.MetricChange, [String: Double])])
    func meaning(change: Signal.MetricChange, expected: [String: Double]) {
        var figures = CloudWatchFigures()
        figures.take(change, pipeline: "shop")
        let (data, dropped) = figures.drain(at: noon)
        #expect(Dictionary(uniqueKeysWithValues: data.map { ($0.name, $0.content) }) == expected.mapValues { .value($0) })
        #expect(data.allSatisfy { $0.dimensions == [.init("Pipeline", "shop")] && $0.moment == noon })
        #expect(dropped == (change.value.isNaN ? 1 : 0))
        #expect(figures.drain(at: noon).data.isEmpty, "told once")
    }

    @Test("have a point for each run, zeros too, and a zero for a run that failed", arguments: [
        ("done", 1.0), ("nothing_to_do", 1), ("done_with_errors", 0), ("failed", 0), ("validation_failed", 0), ("held", 0),
    ])
    func runs(state: String, succeeded: Double) {
        var figures = CloudWatchFigures()
        figures.take(Change(.add, .runs, 1, LabelValue(.state, state)), pipeline: "shop")
        let data = figures.drain(at: noon).data
        #expect(data.first { $0.name == "RunsSucceeded" }?.content == .value(succeeded))
        #expect(data.first { $0.name == "ItemsRefused" }?.content == .value(0))
        #expect(data.count == 10)
    }

    @Test("add up, and keep each duration of several runs apart")
    func values() {
        var figures = CloudWatchFigures()
        for value in [3.0, 1, 3, 2] { figures.take(Change(.set, .runDuration, value), pipeline: "b") }
        for value in [3.0, 1] { figures.take(Change(.add, .handleErrors, value), pipeline: "a") }
        let data = figures.drain(at: noon).data
        #expect(data.map(\.name) == ["HandleErrors", "RunDuration"] && data.map { $0.dimensions[0].value } == ["a", "b"])
        #expect(data[0].content == .value(4) && data[1].content == .values([1, 2, 3], counts: [1, 1, 2]) && data[1].unit == .seconds)
        for value in 0..<400 { figures.take(Change(.set, .runDuration, Double(value)), pipeline: "b") }
        #expect(figures.drain(at: noon).data.map { datum in
            if case .values(let values, _) = datum.content { values.count } else { 0 }
        } == [150, 150, 100])
        for value in 0..<CloudWatchFigures.mostValues + 5 { figures.take(Change(.set, .runDuration, Double(value)), pipeline: "b") }
        #expect(figures.drain(at: noon).dropped == 5)
    }

    @Test("go in calls of at most 1,000, and of bounded bytes", arguments: [(0, [Int]()), (1, [1]), (1_000, [1_000]), (2_001, [1_000, 1_000, 1])])
    func calls(count: Int, sizes: [Int]) {
        let data = (0..<count).map { MetricDatum("M\($0)", [.init("Pipeline", "shop")], .count, at: noon, .value(1)) }
        #expect(data.calls().map(\.count) == sizes)
        #expect(data.calls().flatMap(\.self) == data)
        let wide = data.map { MetricDatum($0.name, $0.dimensions, .count, at: noon, .values(Array(repeating: 1.0 / 3, count: 150), counts: Array(repeating: 1, count: 150))) }
        for call in wide.calls() { #expect((try? JSONEncoder().encode(call).count) ?? .max < CloudWatch.largestBody) }
    }

    @Test("are named as the contract names them")
    func names() {
        #expect(CloudWatchFigure.allCases.map(\.rawValue) == [
            "RowsValidated", "RowsRejected", "RowsHeld", "BatchesSent", "ItemsAccepted", "ItemsRefused", "ItemsUnknown", "HandleErrors", "HandleWarnings", "RunsSucceeded",
            "RunDuration", "UnaccountedRows", "OldestFileAge",
        ])
    }
}

@Suite("Lines in batches for CloudWatch")
struct LogBatchTests {
    private func event(_ milliseconds: Int64, _ message: String = "x") -> CloudWatchLogs.LogEvent { .init(timestamp: milliseconds, message: message) }

    @Test("are in order of time, and in the order they were written within a millisecond")
    func order() {
        let batches = [event(5, "c"), event(1, "a"), event(5, "d"), event(1, "b")].batches()
        #expect(batches.map { $0.map(\.message) } == [["a", "b", "c", "d"]])
    }

    @Test("are cut at 10,000 lines", arguments: [(0, []), (1, [1]), (10_000, [10_000]), (20_001, [10_000, 10_000, 1])] as [(Int, [Int])])
    func count(lines: Int, sizes: [Int]) { #expect((0..<lines).map { event(Int64($0)) }.batches().map(\.count) == sizes) }

    @Test("are cut at 1,048,576 bytes, each line counted with 26 more, and letters by their UTF-8", arguments: [
        (524_262, "x", [2]), (524_263, "x", [1, 1]), (262_131, "é", [2]), (262_132, "é", [1, 1]), (1_048_550, "x", [1, 1]),
    ] as [(Int, String, [Int])])
    func bytes(length: Int, letter: String, sizes: [Int]) {
        let line = event(1, String(repeating: letter, count: length))
        #expect([line, line].batches().map(\.count) == sizes)
    }

    @Test("are cut where they would span a day", arguments: [
        ([0, 86_399_999], [2]), ([0, 86_400_000], [1, 1]), ([0, 50_000_000, 100_000_000, 140_000_000], [2, 2]),
    ] as [([Int64], [Int])])
    func span(times: [Int64], sizes: [Int]) { #expect(times.map { event($0) }.batches().map(\.count) == sizes) }

    @Test("are kept for so many days as CloudWatch knows, the next longer", arguments: [(1.0, 1), (86_400, 1), (86_401, 3), (30 * 86_400, 30), (31 * 86_400, 60), (1e9, 3_653)] as [(Double, Int)])
    func days(seconds: Double, days: Int) { #expect(CloudWatchLogsSink.days(.seconds(seconds)) == days) }
}

@Suite("CloudWatch, on moto", .enabled(if: Judge.python.isHere))
struct CloudWatchMotoTests {
    private let server: MotoServer
    private let rig: CloudWatchRig

    init() async throws {
        server = try await MotoServer.shared()
        rig = try CloudWatchRig(server.environment)
    }

    private struct Statistics: Decodable {
        struct Point: Decodable { let Sum, SampleCount, Maximum: Double }
        let Datapoints: [Point]
    }

    private func statistics(_ name: String, _ namespace: String, _ pipeline: String) async throws -> [Double] {
        let body = """
            {"Namespace":"\(namespace)","MetricName":"\(name)","Dimensions":[{"Name":"Pipeline","Value":"\(pipeline)"}],"StartTime":1500000000,"EndTime":4000000000,
            "Period":2000000000,"Statistics":["Sum","SampleCount","Maximum"]}
            """
        let answer = try await server.ask("monitoring", "GraniteServiceVersion20100801.GetMetricStatistics", body, version: "1.0")
        let points = try JSONDecoder().decode(Statistics.self, from: Data(answer)).Datapoints
        return [points.reduce(0) { $0 + $1.Sum }, points.reduce(0) { $0 + $1.SampleCount }, points.map(\.Maximum).max() ?? -1]
    }

    @Test("what a run counted is what CloudWatch sums, over several deliveries")
    func sums() async throws {
        let namespace = "Vitrine-\(UUID().uuidString)"
        let telemetry = CloudWatchTelemetry(session: rig.session, namespace: namespace, logGroup: nil, stream: "s", retention: nil, world: rig.world)
        let hub = TelemetryHub(registry: MetricRegistry(givenValues), outputs: [], metricSinks: telemetry.metricSinks, clock: { noon })
        let scope = EventScope(pipeline: "shop")
        for round in 1...3 {
            hub.receive(ProbeEvent.counted(.rowsValidated, [LabelValue(.outcome, "valid")]), in: scope)
            hub.receive(ProbeEvent.counted(.rowsValidated, [LabelValue(.outcome, "rejected")]), in: scope)
            hub.receive(ProbeEvent.counted(.items, [LabelValue(.outcome, "refused")]), in: scope)
            hub.receive(ProbeEvent.counted(.runs, [LabelValue(.state, round == 2 ? "failed" : "done")]), in: scope)
            await telemetry.deliver(isLast: round == 3, reporter: Reporter(sink: hub))
        }
        #expect(try await statistics("RowsValidated", namespace, "shop") == [6, 3, 2])
        #expect(try await statistics("RowsRejected", namespace, "shop") == [3, 3, 1])
        #expect(try await statistics("ItemsRefused", namespace, "shop") == [3, 3, 1])
        #expect(try await statistics("ItemsAccepted", namespace, "shop") == [0, 3, 0])
        #expect(try await statistics("RunsSucceeded", namespace, "shop") == [2, 3, 1])
        #expect(hub.registry.snapshot().value(of: .telemetryDropped, LabelValue(.sink, "cloudwatch")) == .counter(0))
    }

    @Test("a large delivery is packed, and arrives whole")
    func packed() async throws {
        let namespace = "Vitrine-\(UUID().uuidString)"
        let exporter = CloudWatchExporter(session: rig.session, namespace: namespace, world: rig.world)
        for pipeline in 0..<120 { exporter.take(.init(.add, .runs, 1, LabelValue(.state, "done")), pipeline: "p\(pipeline)") }
        for value in 0..<160 { exporter.take(.init(.set, .runDuration, Double(value)), pipeline: "p7") }
        await exporter.deliver(isLast: true, reporter: .silent)
        #expect(try await statistics("RunsSucceeded", namespace, "p119") == [1, 1, 1])
        #expect(try await statistics("RunDuration", namespace, "p7") == [12_720, 160, 159])
    }

    private struct Filtered: Decodable {
        struct Event: Decodable { let message: String }
        let events: [Event]
    }

    private struct Groups: Decodable {
        struct Group: Decodable { let retentionInDays: Int? }
        let logGroups: [Group]
    }

    @Test("lines arrive in order, in a group and a stream that are made where they are missing")
    func lines() async throws {
        let group = "/vitrine/\(UUID().uuidString)"
        let telemetry = CloudWatchTelemetry(
            session: rig.session, namespace: nil, logGroup: group, stream: "host:4711/*", retention: .seconds(20 * 86_400), world: rig.world)
        let hub = TelemetryHub(registry: MetricRegistry(givenValues), outputs: telemetry.outputs(minimumLevel: .info), clock: { noon })
        for number in 0..<3 { hub.receive(ProbeEvent.told("line \(number)"), in: EventScope(pipeline: "shop")) }
        await telemetry.deliver(isLast: false, reporter: .silent)
        hub.receive(ProbeEvent.told("منتج"), in: EventScope(pipeline: "shop"))
        await telemetry.deliver(isLast: true, reporter: .silent)
        await telemetry.deliver(isLast: true, reporter: .silent)
        let answer = try await server.ask("logs", "Logs_20140328.FilterLogEvents", #"{"logGroupName":"\#(group)"}"#)
        let lines = try JSONDecoder().decode(Filtered.self, from: Data(answer)).events.map(\.message)
        #expect(lines.count == 4)
        for (line, text) in zip(lines, ["line 0", "line 1", "line 2", "منتج"]) { #expect(line.hasPrefix("{") && line.hasSuffix("}") && line.contains(text)) }
        let described = try await server.ask("logs", "Logs_20140328.DescribeLogGroups", #"{"logGroupNamePrefix":"\#(group)"}"#)
        #expect(try JSONDecoder().decode(Groups.self, from: Data(described)).logGroups.map(\.retentionInDays) == [30])
    }

    @Test("lines that CloudWatch refuses beside its yes are counted as lost")
    func rejected() async throws {
        let events = DropLog()
        let old = try CloudWatchRig(server.environment, now: { Timestamp(seconds: Date().timeIntervalSince1970 - 20 * 86_400) })
        let sink = CloudWatchLogsSink(session: old.session, group: "/vitrine/\(UUID().uuidString)", stream: "s", retention: nil, world: old.world)
        for _ in 0..<3 { #expect(sink.write("{}\n") == true) }
        await sink.deliver(isLast: true, reporter: Reporter(sink: events))
        // All three. AWS counts to the one behind the last that is too old, moto to the last.
        #expect(events.lost == [.cloudwatchLogs: 2])
    }
}

@Suite("CloudWatch that fails")
struct CloudWatchFaultTests {
    private static let put = MisbehavingServer.Reply.answer(MisbehavingServer.ok("{}"))
    private static func refusal(_ code: String) -> MisbehavingServer.Reply { .answer(MisbehavingServer.ok(#"{"__type":"\#(code)"}"#, status: "400 Bad Request")) }
    private static let change = Signal.MetricChange(.add, .handleErrors, 5)

    private func exporter(_ server: MisbehavingServer) throws -> CloudWatchExporter {
        let rig = try CloudWatchRig(MotoServer.environment(at: server.url))
        return CloudWatchExporter(session: rig.session, namespace: "V", world: rig.world)
    }

    @Test("is tried again with the next delivery, the figures once")
    func later() async throws {
        let server = try MisbehavingServer(Self.refusal("Throttling"), Self.refusal("Throttling"), Self.refusal("Throttling"), Self.put)
        let exporter = try exporter(server)
        let events = DropLog()
        exporter.take(Self.change, pipeline: "shop")
        await exporter.deliver(isLast: false, reporter: Reporter(sink: events))
        #expect(server.requests.count == 3 && events.lost.isEmpty && events.failed == [.cloudwatch])
        await exporter.deliver(isLast: false, reporter: Reporter(sink: events))
        #expect(server.requests.count == 4 && server.requests[3].body == server.requests[0].body)
        await exporter.deliver(isLast: true, reporter: Reporter(sink: events))
        #expect(server.requests.count == 4 && events.lost.isEmpty)
    }

    @Test("loses what it was told three times in vain, or at the end of the process, and counts it", arguments: [(1, true), (3, false)])
    func bounded(deliveries: Int, endsWithProcess: Bool) async throws {
        let server = try MisbehavingServer(Self.refusal("Throttling"))
        let exporter = try exporter(server)
        let events = DropLog()
        exporter.take(Self.change, pipeline: "shop")
        for delivery in 1...deliveries { await exporter.deliver(isLast: endsWithProcess && delivery == deliveries, reporter: Reporter(sink: events)) }
        #expect(events.lost == [.cloudwatch: 1])
    }

    @Test("is not told twice what it may have heard", arguments: ["lost", "denied"])
    func once(how: String) async throws {
        let server = try MisbehavingServer(how == "lost" ? .answerThenReset("") : Self.refusal("AccessDenied"), Self.put)
        let exporter = try exporter(server)
        let events = DropLog()
        exporter.take(Self.change, pipeline: "shop")
        await exporter.deliver(isLast: false, reporter: Reporter(sink: events))
        await exporter.deliver(isLast: true, reporter: Reporter(sink: events))
        #expect(server.requests.count == 1 && events.lost == [.cloudwatch: 1])
    }

    @Test("and never answers holds a run no longer than the bound", arguments: [true, false])
    func silent(metrics: Bool) async throws {
        let server = try MisbehavingServer(.hang)
        let bound = Mutex<[Duration]>([])
        let rig = try CloudWatchRig(MotoServer.environment(at: server.url), sleep: { duration in
            bound.withLock { $0.append(duration) }
            await server.requestsArrived(1)  // the bound is over once CloudWatch has the request
        })
        let telemetry = CloudWatchTelemetry(
            session: rig.session, namespace: metrics ? "V" : nil, logGroup: metrics ? nil : "g", stream: "s", retention: nil, world: rig.world)
        let events = DropLog()
        telemetry.metrics?.take(Self.change, pipeline: "shop")
        #expect(telemetry.logs?.write("{}\n") ?? true)
        await telemetry.deliver(isLast: true, reporter: Reporter(sink: events))
        #expect(bound.withLock(\.self) == [.seconds(30)])
        #expect(events.lost.values.reduce(0, +) == 1)
    }

    @Test("makes lines wait up to a bound, and beyond it they are refused where they are written")
    func fullBuffer() async throws {
        let server = try MisbehavingServer(Self.refusal("ThrottlingException"))
        let rig = try CloudWatchRig(MotoServer.environment(at: server.url))
        let sink = CloudWatchLogsSink(session: rig.session, group: "g", stream: "s", retention: nil, world: rig.world, limit: 3 * 28)
        let events = DropLog()
        #expect((0..<5).map { _ in sink.write("{}\n") } == [true, true, true, false, false])
        await sink.deliver(isLast: false, reporter: Reporter(sink: events))
        #expect(sink.write("{}\n") == false && events.lost.isEmpty && events.failed == [.cloudwatchLogs])
        await sink.deliver(isLast: true, reporter: Reporter(sink: events))
        #expect(events.lost == [.cloudwatchLogs: 3])
        #expect(sink.write(String(repeating: "x", count: 1_048_551) + "\n") == false)
    }

    @Test("refuses some lines beside its yes, the oldest and the newest, and they are counted")
    func rejected() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok(#"{"rejectedLogEventsInfo":{"tooOldLogEventEndIndex":2,"tooNewLogEventStartIndex":4}}"#)))
        let rig = try CloudWatchRig(MotoServer.environment(at: server.url))
        let sink = CloudWatchLogsSink(session: rig.session, group: "g", stream: "s", retention: nil, world: rig.world)
        let events = DropLog()
        for _ in 0..<5 { #expect(sink.write("{}\n") == true) }
        await sink.deliver(isLast: true, reporter: Reporter(sink: events))
        #expect(events.lost == [.cloudwatchLogs: 3] && server.requests.count == 1)
    }

    @Test("says of its own failures what the metrics take")
    func examples() {
        for example in TelemetryEvent.examples {
            var signal = Signal()
            example.describe(to: &signal)
            #expect(signal.problems == [])
        }
        #expect(Set(TelemetryEvent.examples.map(\.name)) == Set(TelemetryEvent.Name.allCases))
    }
}

private struct CloudWatchRig {
    let session: AWSSession
    let world: AWSWorld

    /// - Parameter sleep: of the bound; pauses between retries are not waited for.
    init(
        _ environment: [String: String], now: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: Date().timeIntervalSince1970) },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await ContinuousClock().sleep(for: $0) }
    ) throws {
        world = AWSWorld(
            environment: environment, readFile: { _ in nil }, now: now,
            sleep: { if $0 >= .seconds(30) { try await sleep($0) } else { try Task.checkCancellation() } }, random: { .random(in: .min ... .max) })
        session = AWSSession(configuration: .load(world: world, region: nil), transport: try CurlTransport(), world: world)
    }
}

/// What was said to be lost, and what to be kept.
private final class DropLog: EventSink {
    private let state = Mutex<(lost: [TelemetrySink: Int], failed: [TelemetrySink])>(([:], []))
    var lost: [TelemetrySink: Int] { state.withLock(\.lost) }
    var failed: [TelemetrySink] { state.withLock(\.failed) }

    func receive(_ event: some Event, in scope: EventScope) {
        guard let event = event as? TelemetryEvent else { return }
        state.withLock { state in
            switch event {
            case .exportDropped(let sink, let lost, _, _): state.lost[sink, default: 0] += lost
            case .exportFailed(let sink, _, _, _): state.failed.append(sink)
            case .exportWarned, .textfileFailed: return
            }
        }
    }
}

extension CloudWatchLogsSink {
    fileprivate func write(_ line: String) -> Bool { write(Array(line.utf8).span.bytes, in: EventScope()) }
}
