import CatalogSync
import Engine
import Events
import Foundation
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

/// Alerts within `serve`, in this process, with a clock that jumps.
@Suite("Alerts of serve", .serialized)
struct AlertServeTests {
    private static let start = Timestamp(year: 2026, month: 11, day: 21, hour: 5, minute: 59)

    /// One process that serves.
    private struct Serving {
        let graph: ServeGraph
        let session: AppSession
        let clock: SteppedWorld
        let task: Task<Void, any Error>

        init(_ shop: Shop, _ clock: SteppedWorld) async throws {
            self.clock = clock
            var options = CommonOptions()
            options.config = shop.folder + "/vitrine.yaml"
            options.logLevel = .error
            session = try await AppSession.open(loaded: LoadedSettings.load(options.config), options: options, world: clock.world, isServing: true)
            let graph = try await ServeGraph(session: session, world: clock.world)
            self.graph = graph
            task = Task { try await graph.run() }
        }

        func pass(until end: Timestamp) async throws {
            let (daemon, clock) = (graph.daemon, clock)
            // The loop of the schedule and that of the alerts wait, and beside them every run in progress.
            let isOver = await clock.pass(until: end) {
                let activity = daemon.activity
                return clock.sleepers > activity.busy + 1 && daemon.activity == activity
            }
            try #require(isOver, "nobody came to rest at \(clock.now.rfc3339)")
        }

        func stop() async throws {
            task.cancel()
            try await task.value
            session.end()
        }
    }

    private static func settings(_ graphURL: String, _ url: String) -> String {
        TellingShop.settings(
            graphURL,
            """
              shipped: off
              rules:
                - {name: stale, no_success_for: 3h, remind: 2h, severity: critical, channels: [hook]}
                - {name: quiet, no_file_for: 4h, active_hours: {from: "09:00", to: "22:00", time_zone: Asia/Baghdad}, channels: [hook]}
                - {name: refused, figure: items_refused, above: 0, channels: [hook]}
                - {name: token, token_expires_within: 14d, channels: [hook]}
              channels: {hook: {kind: webhook, url: "\(url)"}}
            """, ["schedule: \"0 6 * * *\""])
            .replacing("access_token: file:./token", with: "access_token: file:./token, token_expires: 2026-12-04")
            .replacing("telemetry: {", with: "telemetry: {prometheus: {listen: \"127.0.0.1:0\"}, ")
    }

    @Test("deadlines come due by the clock, are told again in time, and are over; the page shows them; a message goes when its receiver is back")
    func day() async throws {
        let receiver = try Receiver()
        try await withRefusals { sandbox in
            let shop = try Shop(graphURL: "", settings: Self.settings(sandbox.graphURL, receiver.url), inMemory: true)
            try shop.write("token", "sandbox-token")
            try shop.write("landing/data/a.csv", Rows.header + Rows.row("SKU-1") + Rows.row("OUT-1", host: "outlet.example"))
            // Stored in the time of this clock.
            let stored = Date(timeIntervalSince1970: (Self.start + .seconds(-1800)).seconds)
            try FileManager.default.setAttributes([.modificationDate: stored], ofItemAtPath: shop.folder + "/landing/data/a.csv")
            let clock = SteppedWorld(Self.start)
            let serving = try await Serving(shop, clock)
            func at(_ hour: Int, _ minute: Int = 0) -> Timestamp { Self.start + .seconds((hour - 5) * 3600 + (minute - 59) * 60) }

            try await serving.pass(until: at(6, 5))
            #expect(receiver.tries == ["token opened", "refused opened"], "the token has thirteen days")
            let page = try #require(await PlainClient(port: serving.graph.port).get("/"))
            #expect(page.text.contains("incident refused: items_refused is 1, above 0"))

            try await serving.pass(until: at(9, 5))
            #expect(receiver.tries.dropFirst(2) == ["stale opened"])
            receiver.setDown(true)
            try await serving.pass(until: at(11, 30))
            let tries = receiver.tries.dropFirst(3)
            #expect(tries.count > 2 && tries.allSatisfy { $0 == "stale reminder" || $0 == "quiet opened" }, "\(tries)")
            receiver.setDown(false)
            let before = receiver.tries.count
            try await serving.pass(until: at(12, 5))
            #expect(receiver.tries.dropFirst(before) == ["quiet opened", "stale reminder"], "\(receiver.tries)")
            let scrape = try #require(await PlainClient(port: serving.graph.port).get("/metrics"))
            #expect(scrape.text.contains("vitrine_alerts_sent_total{channel=\"hook\",outcome=\"sent\"} 5"))
            #expect(scrape.text.contains("vitrine_http_request_duration_seconds_count{api=\"webhook\",outcome=\"ok\"} 5"))
            try await serving.stop()
        }
    }

    @Test("what a run that gives up on SIGTERM has to tell is told before the process ends")
    func drain() async throws {
        let receiver = try Receiver()
        try await withSandbox { sandbox in
            let alerts = "  shipped: off\n  rules: [{name: stopped, ends: [settings], channels: [hook]}]\n  channels: {hook: {kind: webhook, url: \"\(receiver.url)\"}}"
            let shop = try Shop(graphURL: "", settings: TellingShop.settings(sandbox.graphURL, alerts, ["schedule: \"0 6 * * *\""]), inMemory: true)
            try FileManager.default.removeItem(atPath: shop.folder + "/landing")
            let clock = SteppedWorld(Self.start)
            let serving = try await Serving(shop, clock)
            try await serving.pass(until: Self.start + .seconds(70))
            try await serving.stop()
            // Once; again only where the end cut off the answer to the first.
            #expect(!receiver.tries.isEmpty && receiver.tries.allSatisfy { $0 == "stopped opened" }, "\(receiver.tries)")
        }
    }
}
