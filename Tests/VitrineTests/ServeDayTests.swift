import CatalogSync
import Engine
import Events
import Foundation
import Sandbox
import Settings
import Synchronization
import TestKit
import Testing

@testable import VitrineApp

/// `serve` as it runs, in this process: real settings, stores, ledger and HTTP, the sandbox in Meta's place; only the clock is ours.
@Suite("A day of serve", .serialized)
struct ServeDayTests {
    private static let midnight = Timestamp(year: 2026, month: 11, day: 30)
    static func at(_ hour: Int, _ minute: Int = 0, _ second: Int = 0) -> Timestamp { midnight + .seconds(hour * 3600 + minute * 60 + second) }

    /// - Parameter keys: pipeline to its lines beside the usual ones.
    private static func settings(_ pipelines: [(name: String, graphURL: String, keys: [String])]) -> String {
        let sections = pipelines.enumerated().map { number, pipeline in
            (["  \(pipeline.name):", "    landing: ./\(pipeline.name)", "    synced: ./synced"] + pipeline.keys.map { "    \($0)" } + [
                "    catalog: {id: \"\(number + 1)\", graph_url: \"\(pipeline.graphURL)\", access_token: file:./token-\(pipeline.name)}",
                "    delivery: {poll_interval: 2s}",
            ]).joined(separator: "\n")
        }
        return """
            pipelines:
            \(sections.joined(separator: "\n"))
            alerts: {shipped: off}
            telemetry: {logs: {file: ./vitrine.ndjson, level: debug}, prometheus: {listen: "127.0.0.1:0"}}
            state: ./state

            """
    }

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
            // The loop waits, and beside it every run in progress; a look is never waited for.
            let isOver = await clock.pass(until: end) {
                let activity = daemon.activity
                return clock.sleepers > activity.busy && daemon.activity == activity
            }
            try #require(isOver, "nobody came to rest at \(clock.now.rfc3339)")
        }

        /// SIGTERM.
        func stop() async throws {
            task.cancel()
            try await task.value
            session.end()
        }

        func scrape(_ target: String = "/metrics") async throws -> PlainClient.Answer {
            try #require(await PlainClient(port: graph.port).get(target))
        }

        /// The runs of a pipeline, oldest first.
        func runs(_ pipeline: String) throws -> [SyncReport] {
            try session.ledger.runs(pipeline: pipeline, limit: 1000).reversed().map { try SyncReport(json: Array($0.report.utf8)) }
        }
    }

    /// A sandbox for each pipeline, since each knows one catalogue.
    private func withShop(_ pipelines: [(name: String, keys: [String])], _ body: (Shop, SteppedWorld) async throws -> Void) async throws {
        var sandboxes: [Sandbox] = []
        for number in pipelines.indices {
            var configuration = SandboxConfiguration()
            configuration.handleDelay = 1
            configuration.catalogID = "\(number + 1)"
            sandboxes.append(Sandbox(configuration: configuration))
            try await sandboxes[number].start()
        }
        let settings = Self.settings(zip(pipelines, sandboxes).map { (name: $0.name, graphURL: $1.graphURL, keys: $0.keys) })
        let result: Result<Void, any Error>
        do {
            let shop = try Shop(graphURL: "", settings: settings, inMemory: true)
            for (pipeline, sandbox) in zip(pipelines, sandboxes) {
                try shop.write("token-\(pipeline.name)", sandbox.configuration.accessToken)
                try FileManager.default.createDirectory(atPath: shop.folder + "/\(pipeline.name)/data", withIntermediateDirectories: true)
            }
            result = .success(try await body(shop, SteppedWorld(Self.at(0, 0, 30))))
        } catch {
            result = .failure(error)
        }
        for sandbox in sandboxes { await sandbox.stop() }
        try result.get()
    }

    @Test("hourly and by arrival; a night down is made up once; a pause holds; a month ends; all figures are those of the reports")
    func day() async throws {
        let pipelines = [
            (name: "a-hourly", keys: ["schedule: \"0 * * * *\"", "watch_interval: 10m"]),
            (name: "b-month-end", keys: ["schedule: \"30 6 30,31 * *\"", "watch_interval: 10m"]),
            (name: "c-watched", keys: ["watch: true", "watch_interval: 5m"]),
        ]
        try await withShop(pipelines) { shop, clock in
            try shop.write("a-hourly/data/first.csv", Rows.file(1...5))
            var serving = try await Serving(shop, clock)
            try await serving.pass(until: Self.at(3, 30))
            #expect(try serving.runs("a-hourly").map(\.startedAt) == [1, 2, 3].map { Self.at($0) })
            #expect(try serving.runs("a-hourly").map(\.state) == [.done, .nothingToDo, .nothingToDo])
            #expect(try serving.runs("b-month-end") == [])

            // Down from half past three to ten past eight, past the month's end of the other one.
            try await serving.stop()
            clock.jump(to: Self.at(8, 10))
            serving = try await Serving(shop, clock)
            try await serving.pass(until: Self.at(8, 11))
            #expect(try serving.runs("a-hourly").map(\.startedAt).dropFirst(3) == [Self.at(8, 10)], "five missed times, one run")
            #expect(try serving.runs("b-month-end") == [], "it never ran: nothing is known to be missed")

            // A file arrives in the middle, and grows for a while.
            try shop.write("c-watched/data/new.csv", Rows.file(11...12))
            try await serving.pass(until: Self.at(8, 15, 1))
            try shop.write("c-watched/data/new.csv", Rows.file(11...14))
            try await serving.pass(until: Self.at(8, 20, 1))
            #expect(try serving.runs("c-watched") == [], "it was another file at each look")
            try await serving.pass(until: Self.at(8, 30))
            let arrived = try #require(try serving.runs("c-watched").first)
            #expect(arrived.rows.read == 4 && arrived.state == .done)

            // Paused over three times, then resumed.
            try await serving.session.factory.pauses.write(
                Pause(pipeline: "a-hourly", author: "ana", reason: "stock-taking", since: clock.now, until: nil))
            try shop.write("a-hourly/data/second.csv", Rows.file(4...9))
            try await serving.pass(until: Self.at(11, 59))
            #expect(try serving.runs("a-hourly").count == 4)
            let paused = ExpositionText(try await serving.scrape().text).samples
            #expect(paused[#"vitrine_landing_pending_files{pipeline="a-hourly"}"#] == 1)
            try await serving.session.factory.pauses.lift("a-hourly")
            try await serving.pass(until: Self.at(12, 30))
            let resumed = try serving.runs("a-hourly").dropFirst(4)
            #expect(resumed.map(\.state) == [.done, .nothingToDo])
            #expect(resumed.first.map { $0.startedAt > Self.at(11, 59) && $0.startedAt < Self.at(12) } == true, "at once, not at the next time")
            #expect(resumed.last?.startedAt == Self.at(12))

            try await serving.pass(until: Self.at(23, 59))
            #expect(try serving.runs("a-hourly").count == 6 + 11)
            try await judgeFigures(serving)
            try await serving.stop()
            try judgeLog(shop)
        }
    }

    /// What the second process counted against what its reports say, in both formats' common ground.
    private func judgeFigures(_ serving: Serving) async throws {
        let text = ExpositionText(try await serving.scrape().text)
        #expect(text.problems == [])
        for name in ["a-hourly", "c-watched"] {
            let reports = try serving.runs(name).filter { $0.startedAt >= Self.at(8, 10) }
            let figures: [(String, Int)] = [
                (#"rows_validated_total{pipeline="\#(name)",outcome="valid"}"#, reports.reduce(0) { $0 + $1.rows.read - $1.rows.rejected }),
                (#"items_total{pipeline="\#(name)",outcome="accepted"}"#, reports.reduce(0) { $0 + $1.items.accepted }),
                (#"batches_sent_total{pipeline="\#(name)",outcome="sent"}"#, reports.reduce(0) { $0 + $1.batches.sent }),
                (#"runs_total{pipeline="\#(name)",state="nothing_to_do"}"#, reports.count { $0.state == .nothingToDo }),
                (#"runs_total{pipeline="\#(name)",state="done"}"#, reports.count { $0.state == .done }),
            ]
            for (series, expected) in figures { #expect(text.samples["vitrine_" + series] == Double(expected), "\(series)") }
            let last = try #require(reports.last?.endedAt)
            #expect(text.samples[#"vitrine_last_completion_timestamp_seconds{pipeline="\#(name)"}"#] == last.seconds)
        }
        #expect(text.samples[#"vitrine_products{pipeline="a-hourly",state="accepted"}"#] == 9)
        #expect(try await serving.scrape("/healthz").status == 200)
        #expect(try await serving.scrape("/readyz").status == 200)
        let page = try await serving.scrape("/")
        #expect(page.status == 200 && page.text.contains("a-hourly") && page.text.contains("</html>"))
    }

    private static func lines(_ shop: Shop) throws -> [Substring] {
        String(decoding: try #require(shop.files()["vitrine.ndjson"]), as: UTF8.self).split(separator: "\n")
    }

    /// What a person can read of the day.
    private func judgeLog(_ shop: Shop) throws {
        let lines = try Self.lines(shop)
        func count(_ event: String, _ more: String = "") -> Int { lines.count { $0.contains("\"event\":\"\(event)\"") && (more.isEmpty || $0.contains(more)) } }
        #expect(count("run.due", "\"reason\":\"missed\"") == 2, "the night, and the pause")
        #expect(count("run.waiting", "stock-taking") == 1, "once, not every five seconds")
        #expect(count("run.due", "\"reason\":\"files\"") == 1)
        #expect(count("serve.started") == 2)
        #expect(count("serve.stopped") == 2)
    }

    @Test("a run that goes wrong ends neither the daemon nor the other pipelines, and is tried again; what it left is gone on with")
    func wrong() async throws {
        let pipelines = [
            (name: "a-good", keys: ["schedule: \"*/10 * * * *\""]), (name: "b-refused", keys: ["schedule: \"0 0 1 1 *\"", "watch: true"]),
        ]
        try await withShop(pipelines) { shop, clock in
            try shop.write("token-b-refused", "another-token")
            try shop.write("a-good/data/a.csv", Rows.file(1...3))
            try shop.write("b-refused/data/b.csv", Rows.file(1...3))
            let serving = try await Serving(shop, clock)
            try await serving.pass(until: Self.at(0, 59))
            #expect(try serving.runs("a-good").count == 5)
            let refused = try #require(try serving.runs("b-refused").first)
            #expect(refused.state == .failed && refused.error != nil)
            let tries = try Self.lines(shop).filter { $0.contains("\"run.due\"") && $0.contains("b-refused") }
            #expect(tries.count == 6, "the first, and others 1, 2, 4, 8 and 16 minutes after the one before")
            #expect(tries.dropFirst().allSatisfy { $0.contains("\"reason\":\"unfinished\"") })

            // The landing zone goes away: that is said once, and the figures stay.
            try FileManager.default.removeItem(atPath: shop.folder + "/a-good")
            try await serving.pass(until: Self.at(1, 25))
            #expect(try await serving.scrape("/healthz").status == 200)
            let later = ExpositionText(try await serving.scrape().text).samples
            #expect(later[#"vitrine_runs_total{pipeline="a-good",state="failed"}"#].map { $0 > 0 } == true)
            try FileManager.default.createDirectory(atPath: shop.folder + "/a-good/data", withIntermediateDirectories: true)
            try shop.write("a-good/data/b.csv", Rows.file(3...4))
            try await serving.pass(until: Self.at(2, 11))
            #expect(try serving.runs("a-good").contains { $0.startedAt > Self.at(1, 25) && $0.state == .done })
            try await serving.stop()
        }
    }

    @Test("settings read anew: a new pipeline is served, wrong settings change nothing, and no series goes")
    func reload() async throws {
        try await withShop([(name: "a", keys: ["schedule: \"0 * * * *\""])]) { shop, clock in
            let serving = try await Serving(shop, clock)
            try await serving.pass(until: Self.at(1, 1))
            let good = String(decoding: try #require(shop.files()["vitrine.yaml"]), as: UTF8.self)
            try shop.write("vitrine.yaml", good.replacing("schedule: \"0 * * * *\"", with: "schedule: hourly"))
            serving.graph.daemon.reload()
            try await serving.pass(until: Self.at(2, 1))
            #expect(try serving.runs("a").count == 2, "the old ones stay in force")

            try FileManager.default.createDirectory(atPath: shop.folder + "/b/data", withIntermediateDirectories: true)
            let second = good.replacing("pipelines:\n", with: "pipelines:\n  b:\n    landing: ./b\n    synced: ./synced\n    schedule: \"*/30 * * * *\"\n    catalog: {id: \"7\", access_token: file:./token-a}\n")
            try shop.write("vitrine.yaml", second.replacing("state: ./state", with: "state: ./elsewhere"))
            serving.graph.daemon.reload()
            try await serving.pass(until: Self.at(3, 1))
            let text = ExpositionText(try await serving.scrape().text)
            #expect(text.problems == [])
            #expect(text.samples[#"vitrine_runs_total{pipeline="a",state="nothing_to_do"}"#] == 3)
            #expect(text.samples[#"vitrine_runs_total{pipeline="b",state="nothing_to_do"}"#] == 2)
            try shop.write("vitrine.yaml", good)
            serving.graph.daemon.reload()
            try await serving.pass(until: Self.at(4, 1))
            let last = ExpositionText(try await serving.scrape().text).samples
            #expect(last[#"vitrine_runs_total{pipeline="b",state="nothing_to_do"}"#] == 2, "it is not run any more, and its series stays")
            #expect(Set(last.keys).isSuperset(of: text.samples.keys))
            try await serving.stop()
            let log = String(decoding: try #require(shop.files()["vitrine.ndjson"]), as: UTF8.self)
            #expect(log.contains("\"event\":\"settings.refused\"") && log.contains("vitrine.yaml:5"))
            #expect(log.contains("\"event\":\"settings.later\"") && log.contains("\"value\":\"state\""))
        }
    }
}
