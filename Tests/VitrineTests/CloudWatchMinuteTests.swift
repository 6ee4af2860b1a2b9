import Engine
import Events
import Foundation
import Synchronization
import Telemetry
import TestKit
import Testing

@testable import VitrineApp

@Suite("Figures for CloudWatch while serve lives", .enabled(if: Judge.python.isHere))
struct CloudWatchMinuteTests {
    private static let start = Timestamp(year: 2026, month: 11, day: 21, hour: 8)

    @Test("go each minute of its clock: what has come since, once, and nothing before the minute is over")
    func minutes() async throws {
        let moto = try await MotoServer.shared()
        let namespace = "Minutes/\(UUID().uuidString)"
        let cloudWatch = CloudWatchTelemetry(
            session: try moto.session(), namespace: namespace, logGroup: nil, stream: "s", retention: nil, world: moto.world)
        let hub = TelemetryHub(
            registry: MetricRegistry(.vitrine(pipelines: ["shop"])), outputs: [], metricSinks: cloudWatch.metricSinks, clock: { Self.start })
        let reporter = Reporter(sink: hub).scoped(pipeline: "shop")
        let clock = SteppedWorld(Self.start)
        let delivery = TelemetryDelivery(
            world: clock.world, eachMinute: { await cloudWatch.deliver(isLast: false, reporter: reporter) }, whenFull: {})
        let serving = Task { await delivery.run() }

        func sum() async throws -> Int? {
            let body = """
                {"Namespace":"\(namespace)","MetricName":"OldestFileAge","Dimensions":[{"Name":"Pipeline","Value":"shop"}],"StartTime":1500000000,
                "EndTime":4000000000,"Period":2000000000,"Statistics":["SampleCount"]}
                """
            let answer = try await moto.ask("monitoring", "GraniteServiceVersion20100801.GetMetricStatistics", body, version: "1.0")
            let points = JSON(value: try JSONSerialization.jsonObject(with: Data(answer)))["Datapoints"].elements
            return points.isEmpty ? nil : points.compactMap { $0["SampleCount"].number }.reduce(0, +)
        }

        for minute in 1...3 {
            reporter.report(DaemonEvent.landingWatched(files: 1, oldest: Self.start))
            hub.flush()
            let almost = Self.start + .seconds(minute * 60 - 1)
            #expect(await clock.pass(until: almost) { clock.sleepers == 1 })
            #expect(try await sum() == (minute == 1 ? nil : minute - 1), "before minute \(minute) is over")
            #expect(await clock.pass(until: Self.start + .seconds(minute * 60)) { clock.sleepers == 1 })
            #expect(try await sum() == minute, "after minute \(minute)")
        }
        serving.cancel()
        await serving.value
    }
}
