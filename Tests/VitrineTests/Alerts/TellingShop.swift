import CatalogSync
import Engine
import Events
import Foundation
import Sandbox
import Synchronization
import TestKit
import Testing

@testable import VitrineApp

/// A shop that tells people, worked on in this process so that a test moves the clock. Each command makes everything anew, as a process does.
final class TellingShop: Sendable {
    let shop: Shop
    private let clock: Mutex<Timestamp>
    private let dice = Mutex<UInt64>(1)

    static let morning = Timestamp(year: 2026, month: 11, day: 21, hour: 8)

    /// - Parameters:
    ///   - alerts: the lines below `alerts:`, each with two blanks in front.
    ///   - keys: lines of the pipeline.
    init(graphURL: String, alerts: String, keys: [String] = [], delivery: String = "poll_interval: 20ms", at start: Timestamp = morning) throws {
        clock = Mutex(start)
        shop = try Shop(graphURL: graphURL, settings: Self.settings(graphURL, alerts, keys, delivery), inMemory: true)
        try shop.write("token", "sandbox-token")
    }

    static func settings(_ graphURL: String, _ alerts: String, _ keys: [String] = [], _ delivery: String = "poll_interval: 20ms") -> String {
        """
        pipelines:
          shop:
            landing: ./landing
            synced: ./synced
        \(keys.map { "    \($0)\n" }.joined())    catalog: {id: "1234567890", graph_url: "\(graphURL)", access_token: file:./token}
            validation: {max_rejected_share: 1}
            delivery: {\(delivery)}
        alerts:
        \(alerts)
        telemetry: {logs: {file: ./logs/vitrine.ndjson, level: debug}}
        state: ./state

        """
    }

    var now: Timestamp { clock.withLock { $0 } }
    func pass(_ duration: Duration) { clock.withLock { $0 = $0 + duration } }

    /// Who waits has waited.
    var world: World {
        World(
            now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.pass(duration)
                await Task.yield()
            },
            random: {
                self.dice.withLock { dice in
                    dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return dice
                }
            })
    }

    var options: CommonOptions {
        var options = CommonOptions()
        options.config = shop.folder + "/vitrine.yaml"
        options.logLevel = .error
        options.output = .json
        return options
    }

    /// One run, an hour after the last one.
    @discardableResult
    func run(_ ids: ClosedRange<Int>? = nil, refused: ClosedRange<Int>? = nil, after pause: Duration = .seconds(3600)) async throws -> Outcome {
        pass(pause)
        var text = Rows.header
        for id in ids.map(Array.init) ?? [] { text += Rows.row("SKU-\(id)", title: "Lamp \(id) of \(now.nanoseconds)") }
        for id in refused.map(Array.init) ?? [] { text += Rows.row("OUT-\(id)", title: "Lamp \(id) of \(now.nanoseconds)", host: "outlet.example") }
        if ids != nil || refused != nil { try shop.write("landing/data/\(now.nanoseconds).csv", text) }
        return await RunCommand(pipeline: "shop", request: CatalogSync.Request(), options: options, world: world).execute()
    }

    /// The log lines of an event.
    func lines(_ event: String) -> [JSON] {
        let text = String(decoding: shop.files()["logs/vitrine.ndjson"] ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").compactMap { try? JSON(value: JSONSerialization.jsonObject(with: Data($0.utf8))) }.filter { $0["event"].text == event }
    }
}

extension Outcome {
    var document: JSON { JSON(value: (try? JSONSerialization.jsonObject(with: Data(json))) ?? 0) }
}

/// A receiver of webhooks that can be down.
final class Receiver: Sendable {
    let server: MisbehavingServer
    private let isDown: Flag

    private final class Flag: Sendable {
        private let state = Mutex(false)
        var value: Bool {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    init(isDown: Bool = false) throws {
        let flag = Flag()
        flag.value = isDown
        self.isDown = flag
        server = try MisbehavingServer(deciding: { _ in .answer(MisbehavingServer.ok(status: flag.value ? "503 Service Unavailable" : "200 OK")) })
    }

    var url: String { server.url + "/hook" }
    func setDown(_ down: Bool) { isDown.value = down }

    /// `rule kind`, as they were asked for, refused ones too.
    var tries: [String] {
        server.requests.compactMap { request in
            guard let body = try? JSON(value: JSONSerialization.jsonObject(with: Data(request.body))) else { return nil }
            return "\(body["commonLabels.alertname"].text ?? "?") \(body["commonAnnotations.reason"].text ?? "?")"
        }
    }
}

/// Some items of the shop are refused: those that link to the outlet.
func withRefusals<Result>(handleDelay: Int = 1, _ body: (Sandbox) async throws -> Result) async throws -> Result {
    var faults = FaultPlan.none
    faults.refusals = .demo
    return try await withSandbox(faults, handleDelay: handleDelay, body)
}
