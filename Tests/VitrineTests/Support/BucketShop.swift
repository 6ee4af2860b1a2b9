import Foundation
import Sandbox
import TestKit
import Testing

/// A shop whose landing zone and synced products lie in buckets of moto, with the real executable to work on it.
struct BucketShop {
    let moto: MotoServer
    let shop: Shop
    let landing: String
    let synced: String
    let namespace: String
    let logGroup: String
    /// The bucket of the state, where it is in one.
    let state: String

    /// - Parameters:
    ///   - token: the reference in the settings.
    ///   - extra: lines of the pipeline.
    ///   - makesBuckets: false: the settings name buckets that nobody has made.
    ///   - keepsState: the state lies in a bucket too.
    ///   - topic: of the one alert channel.
    init(
        graphURL: String, token: String = "env:SHOP_TOKEN", makesBuckets: Bool = true, extra: String = "", keepsState: Bool = false, topic: String? = nil
    ) async throws {
        moto = try await MotoServer.shared()
        let mark = UUID().uuidString.lowercased().prefix(13)
        (landing, synced, namespace, logGroup) = ("landing-\(mark)", "synced-\(mark)", "Vitrine/\(mark)", "/vitrine/\(mark)")
        state = "state-\(mark)"
        if makesBuckets { for bucket in [landing, synced, state] { try await moto.makeBucket(bucket) } }
        shop = try Shop(graphURL: graphURL, settings: """
            pipelines:
              shop:
                kind: catalog-sync
                landing: s3://\(landing)/zone
                synced: s3://\(synced)
                catalog: {id: "1234567890", graph_url: "\(graphURL)", access_token: "\(token)"}
                validation: {max_rejected_share: 1}
                delivery: {poll_interval: 20ms}
            \(extra)
            alerts: {shipped: off\(topic.map { ", rules: [{name: refused, figure: items_refused, above: 0, severity: warning, channels: [pager]}], channels: {pager: {kind: sns, topic: \"\($0)\"}}" } ?? "")}
            telemetry:
              prometheus: {listen: "127.0.0.1:0"}
              cloudwatch: {enabled: true, namespace: \(namespace), log_group: \(logGroup), log_retention: 30d}
            state: \(keepsState ? "s3://\(state)/vitrine" : "./state")

            """)
    }

    func drop(_ name: String, _ text: String) async throws { try await moto.put("zone/data/\(name)", in: landing, text) }

    func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Finished {
        try await shop.start(arguments, environment: moto.environment.merging(environment) { $1 }).end()
    }

    func keys(_ bucket: String) async throws -> [String] {
        try await moto.keys(in: bucket)
    }

    func object(_ bucket: String, _ key: String) async throws -> String {
        try await moto.object(key, in: bucket)
    }

    /// After a holder has died: what time does by itself.
    func endLeases() async throws {
        for bucket in [synced, state] { for key in try await keys(bucket) where key.contains(".lease") { try await moto.delete(key, in: bucket) } }
    }

    /// The sum of all that was sent of a figure; nil where there is no point of it.
    func figure(_ name: String) async throws -> Int? {
        let body = """
            {"Namespace":"\(namespace)","MetricName":"\(name)","Dimensions":[{"Name":"Pipeline","Value":"shop"}],"StartTime":1500000000,"EndTime":4000000000,
            "Period":2000000000,"Statistics":["Sum"]}
            """
        let answer = try await moto.ask("monitoring", "GraniteServiceVersion20100801.GetMetricStatistics", body, version: "1.0")
        let points = JSON(value: try JSONSerialization.jsonObject(with: Data(answer)))["Datapoints"].elements
        return points.isEmpty ? nil : points.compactMap { $0["Sum"].number }.reduce(0, +)
    }

    /// The lines of the log group, as they were written.
    func logLines() async throws -> [JSON] {
        let answer = try await moto.ask("logs", "Logs_20140328.FilterLogEvents", #"{"logGroupName":"\#(logGroup)","limit":10000}"#)
        let events = JSON(value: try JSONSerialization.jsonObject(with: Data(answer)))["events"].elements
        return try events.compactMap { $0["message"].text }.map { JSON(value: try JSONSerialization.jsonObject(with: Data($0.utf8))) }
    }
}
