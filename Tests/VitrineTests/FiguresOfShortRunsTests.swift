import Foundation
import Glibc
import Sandbox
import TestKit
import Testing

/// The real executable, run after run: what its figures say has to be so, also where something was in the way.
@Suite("Figures that go on from run to run")
struct FiguresOfShortRunsTests {
    private static func settings(_ graphURL: String, _ delivery: String = "", textfile: String = "./node/vitrine.prom") -> String {
        Shop.settings(graphURL, delivery).replacing("telemetry: {", with: "telemetry: {prometheus: {textfile: \(textfile)}, ")
    }

    private func figures(_ shop: Shop) throws -> [String: Double] {
        ExpositionText(String(decoding: try #require(shop.files()["node/vitrine.prom"]), as: UTF8.self)).samples
    }

    private static func accepted(_ figures: [String: Double]) -> Double? { figures[#"vitrine_items_total{pipeline="shop",outcome="accepted"}"#] }

    @Test("a textfile that cannot be written fails no run, is told and counted, and loses no count")
    func unwritable() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL), inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...4))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            // A file where its folder was: so it fails for root too.
            try FileManager.default.removeItem(atPath: shop.folder + "/node")
            try shop.write("node", "")
            try shop.write("landing/data/b.csv", Rows.file(5...7))
            let finished = try await shop.vitrine("run", "shop", "--output", "json")
            let document = try finished.document()
            #expect(finished.code == 0 && document["state"].text == "done" && document["error"].isNull, "\(finished.stdout)")
            let log = String(decoding: try #require(shop.files()["logs/vitrine.ndjson"]), as: UTF8.self)
            #expect(log.contains("\"event\":\"textfile.failed\""))
            try FileManager.default.removeItem(atPath: shop.folder + "/node")
            try shop.write("landing/data/c.csv", Rows.file(8...9))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            let figures = try figures(shop)
            #expect(Self.accepted(figures) == 9)
            #expect(figures[#"vitrine_runs_total{pipeline="shop",state="done"}"#] == 3)
            #expect((figures[#"vitrine_telemetry_dropped_total{sink="textfile"}"#] ?? 0) > 0)
        }
    }

    private static let pending = #"vitrine_landing_pending_files{pipeline="shop"}"#
    private static let oldest = #"vitrine_landing_oldest_file_timestamp_seconds{pipeline="shop"}"#

    @Test("what waits in the landing zone is told as it is when the run ends, also by a run that could not begin")
    func landing() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL), inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...60))
            let before = Date().timeIntervalSince1970 - 2
            #expect(try await shop.vitrine("run", "shop", environment: ["SHOP_TOKEN": ""]).code == 78)
            var figures = try figures(shop)
            #expect(figures[Self.pending] == 1 && figures[Self.oldest] ?? 0 > before, "the token is missing, the file is not")
            #expect(try await shop.vitrine("run", "shop").code == 0)
            figures = try self.figures(shop)
            #expect(figures[Self.pending] == 0 && figures[Self.oldest] == 0, "its only file is in the archive")
            try shop.write("landing/data/b.csv", Rows.file(1...30).replacing(",in stock,", with: ",out of stock,"))
            for round in ["held", "still held"] {
                #expect(try await shop.vitrine("run", "shop").code == 75)
                figures = try self.figures(shop)
                #expect(figures[Self.pending] == 1 && figures[Self.oldest] ?? 0 > before, "\(round)")
            }
        }
    }

    @Test("a gauge that a run has not touched stays as the last one left it")
    func untouched() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL), inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...4))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            func quotas() throws -> [String: Double] { try figures(shop).filter { $0.key.hasPrefix("vitrine_quota_used_ratio") } }
            let before = try quotas()
            #expect(before.values.contains { $0 > 0 }, "or this test says nothing")
            #expect(try await shop.vitrine("run", "shop").code == 0)
            #expect(try quotas() == before, "nothing to do, and nobody asked Meta")
        }
    }

    @Test("an item without a verdict counts as unknown when its run ends, and with the verdict that comes late; the gauge of those without one is the pipeline's and not the last run's")
    func late() async throws {
        try await withSandbox(handleDelay: 9) { sandbox in
            let settings = Self.settings(sandbox.graphURL, "poll_deadline: 1s").replacing("poll_interval: 20ms", with: "poll_interval: 400ms")
            let shop = try Shop(graphURL: sandbox.graphURL, settings: settings, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...4))
            let first = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(try first.document()["items.unknown"].number == 4, "\(first.stdout)")
            let unresolved = #"vitrine_unresolved_items{pipeline="shop"}"#
            func items(_ figures: [String: Double]) -> [Double?] {
                ["accepted", "refused", "unknown"].map { figures["vitrine_items_total{pipeline=\"shop\",outcome=\"\($0)\"}"] }
            }
            #expect(try figures(shop)[unresolved] == 4)
            #expect(try items(figures(shop)) == [0, 0, 4], "as the report of the run says")
            let second = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(try second.document()["settled.0.items.unknown"].number == 4, "\(second.stdout)")
            #expect(try figures(shop)[unresolved] == 4, "this run had no items, the pipeline has")
            for _ in 1...12 where try figures(shop)[unresolved] != 0 { _ = try await shop.vitrine("run", "shop") }
            #expect(try figures(shop)[unresolved] == 0)
            #expect(try items(figures(shop)) == [4, 0, 4], "a counter takes nothing back: the verdicts that came late are counted beside it")
        }
    }

    private static let held = #"vitrine_held_runs{pipeline="shop"}"#

    private static func hold(_ shop: Shop) async throws -> String {
        try shop.write("landing/data/a.csv", Rows.file(1...60))
        #expect(try await shop.vitrine("run", "shop").code == 0)
        try shop.write("landing/data/b.csv", Rows.file(1...30).replacing(",in stock,", with: ",out of stock,"))
        let run = try await shop.vitrine("run", "shop", "--output", "json")
        #expect(run.code == 75)
        return try #require(try run.document()["run_id"].text)
    }

    @Test("that a run is held is told for as long as it is, and not one command longer", arguments: ["release", "discard"])
    func held(word: String) async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Self.settings(sandbox.graphURL), inMemory: true)
            let runID = try await Self.hold(shop)
            #expect(try figures(shop)[Self.held] == 1)
            #expect(try await shop.vitrine("run", "shop").code == 75)
            #expect(try figures(shop)[Self.held] == 1, "it still is")
            #expect(try await shop.vitrine(word, runID, "--reason", "looked at").code == 0)
            #expect(try figures(shop)[Self.held] == 0, "the person has spoken")
            #expect(try figures(shop)[Self.pending] == (word == "release" ? 1 : 0))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            #expect(try figures(shop)[Self.held] == 0)
        }
    }

    @Test("serve knows from its start that a run is held, and when it is not any more; and since when a run of its own is at work")
    func present() async throws {
        try await withSandbox { sandbox in
            let settings = Shop.settings(sandbox.graphURL, "poll_deadline: 2s", "watch: true\n    watch_interval: 1s")
                .replacing("telemetry: {", with: "telemetry: {prometheus: {listen: \"127.0.0.1:0\"}, ")
            let shop = try Shop(graphURL: sandbox.graphURL, settings: settings, inMemory: true)
            let runID = try await Self.hold(shop)
            let before = Date().timeIntervalSince1970
            // What it sends now is never finished, so that a run takes a while.
            sandbox.setFaults(FaultPlan(rules: [FaultRule(.neverFinishes, when: .after(0))]))
            let serving = try shop.start(["serve"])
            #expect(await becomes { serving.errors.contains("\"serve.listening\"") || serving.hasEnded })
            let port = try #require(serving.errors.firstMatch(of: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/).flatMap { Int($0.1) }, "\(serving.errors)")
            func scraped(until isSo: ([String: Double]) -> Bool = { _ in true }) async -> [String: Double] {
                let deadline = ContinuousClock.now + .seconds(60)
                while true {
                    let samples = ExpositionText(await PlainClient(port: port).get("/metrics")?.text ?? "").samples
                    if isSo(samples) || serving.hasEnded || ContinuousClock.now > deadline { return samples }
                }
            }
            let started = #"vitrine_run_started_timestamp_seconds{pipeline="shop"}"#
            var figures = await scraped()
            #expect(figures[Self.held] == 1 && figures[started] == 0, "from the first scrape")
            #expect(try await shop.vitrine("release", runID, "--reason", "stock-taking").code == 0)
            figures = await scraped { $0[started] ?? 0 > 0 }
            #expect(figures[started] ?? 0 > before && figures[Self.held] == 0)
            #expect(await becomes { serving.errors.contains("\"run.ended\"") || serving.hasEnded })
            figures = await scraped { $0[started] == 0 }
            #expect(figures[#"vitrine_unresolved_items{pipeline="shop"}"#] == 30)
            serving.signal(SIGTERM)
            #expect(await serving.end().code == 0)
        }
    }

    private static func lines(_ collector: OTLPCollector) async throws -> [JSON] {
        try await collector.received().filter { $0.path == "/v1/logs" && $0.status == 200 }.flatMap { request -> [JSON] in
            JSON(value: try JSONSerialization.jsonObject(with: request.body))["resource_logs.0.scope_logs.0.log_records"].elements
        }
    }

    @Test("what the alerts say at the end reaches the receiver too, however long a channel takes", .enabled(if: Judge.python.isHere))
    func lastWords() async throws {
        let collector = try OTLPCollector()
        let hook = try MisbehavingServer(.drip(MisbehavingServer.ok("{}"), milliseconds: 20))
        try await withRefusals { sandbox in
            let alerts = "alerts: {shipped: off, rules: [{name: refused, figure: items_refused, above: 0, channels: [hook]}], channels: {hook: {kind: webhook, url: \"\(hook.url)/\"}}}"
            let settings = Shop.settings(sandbox.graphURL).replacing("alerts: {shipped: off}", with: alerts)
                .replacing("telemetry: {", with: "telemetry: {otlp: {endpoint: \"\(collector.url)\"}, ")
            let shop = try Shop(graphURL: sandbox.graphURL, settings: settings, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.header + Rows.row("SKU-1") + Rows.row("OUT-1", host: "outlet.example"))
            #expect(try await shop.vitrine("run", "shop").code == 1)
            let events = try await Self.lines(collector).compactMap { $0["event_name"].text }
            #expect(events.contains("run.ended") && events.contains("alert.sent"), "\(events)")
            let log = String(decoding: try #require(shop.files()["logs/vitrine.ndjson"]), as: UTF8.self)
            #expect(log.split(separator: "\n").count == events.count, "each line of the file, once")
        }
    }

    private static func instances(_ collector: OTLPCollector) async throws -> Set<String> {
        Set(try await collector.received().filter { $0.path == "/v1/metrics" }.compactMap { request in
            JSON(value: try JSONSerialization.jsonObject(with: request.body))["resource_metrics.0.resource.attributes"].elements
                .first { $0["key"].text == "service.instance.id" }?["value.string_value"].text
        })
    }

    @Test("run, serve and run again on one state are one stream of OpenTelemetry, and no total of it ever falls", .enabled(if: Judge.python.isHere))
    func oneStream() async throws {
        let collector = try OTLPCollector()
        try await withSandbox { sandbox in
            let settings = Shop.settings(sandbox.graphURL, "", "watch: true\n    watch_interval: 1s")
                .replacing("telemetry: {", with: "telemetry: {otlp: {endpoint: \"\(collector.url)\"}, prometheus: {listen: null}, ")
            let shop = try Shop(graphURL: sandbox.graphURL, settings: settings, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...4))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            #expect(try await Self.accepted(collector.samples()) == 4)
            let serving = try shop.start(["serve"])
            #expect(await becomes { serving.errors.contains("\"serve.started\"") || serving.hasEnded })
            try shop.write("landing/data/b.csv", Rows.file(5...7))
            #expect(await becomes { serving.errors.contains("\"state\":\"done\"") || serving.hasEnded })
            serving.signal(SIGTERM)
            #expect(await serving.end().code == 0)
            #expect(try await Self.accepted(collector.samples()) == 7)
            try shop.write("landing/data/c.csv", Rows.file(8...9))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            #expect(try await Self.accepted(collector.samples()) == 9)
            let instances = try await Self.instances(collector)
            #expect(instances.count == 1 && instances.allSatisfy { $0 != ProcessInfo.processInfo.hostName && $0.count == 36 }, "\(instances)")
        }
    }

    @Test("a secret that comes with a reload is in nothing that goes to the receiver", .enabled(if: Judge.python.isHere))
    func reloadedSecret() async throws {
        let meta = try EchoingMeta()
        defer { meta.stop() }
        let collector = try OTLPCollector()
        // Too short to be told by its shape alone.
        let later = "s3cr7t"
        func settings(_ token: String) -> String {
            Shop.settings(meta.graphURL, "", "watch: true\n    watch_interval: 1s").replacing("env:SHOP_TOKEN", with: "file:./\(token)")
                .replacing("telemetry: {", with: "telemetry: {otlp: {endpoint: \"\(collector.url)\"}, prometheus: {listen: null}, ")
        }
        let shop = try Shop(graphURL: meta.graphURL, settings: settings("one"), inMemory: true)
        try shop.write("one", "first1")
        try shop.write("two", later)
        let serving = try shop.start(["serve"])
        #expect(await becomes { serving.errors.contains("\"serve.started\"") || serving.hasEnded })
        try shop.write("vitrine.yaml", settings("two"))
        serving.signal(SIGHUP)
        #expect(await becomes { serving.errors.contains("\"settings.reloaded\"") || serving.hasEnded })
        // A text that comes to the sinks by a way of its own.
        try shop.write("landing/data/\(later).csv", Rows.file(1...3))
        #expect(await becomes { serving.errors.contains("\"run.ended\"") || serving.hasEnded })
        serving.signal(SIGTERM)
        let finished = await serving.end()
        #expect(finished.code == 0 && finished.stderr.contains("<secret>.csv") && !finished.stderr.contains(later))
        #expect(meta.received.contains("Bearer \(later)"), "or this test says nothing")
        let requests = try await collector.received()
        #expect(requests.contains { $0.path == "/v1/logs" })
        for request in requests { #expect(!String(decoding: request.body, as: UTF8.self).contains(later), "\(request.path)") }
    }
}
