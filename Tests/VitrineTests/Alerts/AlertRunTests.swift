import CatalogSync
import Engine
import Events
import Foundation
import Sandbox
import Synchronization
import TestKit
import Testing

@testable import VitrineApp

/// Runs, and what people hear of them.
@Suite("Alerts of runs")
struct AlertRunTests {
    private static func alerts(_ receiver: Receiver, rules: [String], shipped: Bool = false) -> String {
        """
          shipped: \(shipped ? "on" : "off")
          rules:
        \(rules.map { "    - \($0)" }.joined(separator: "\n"))
          channels: {hook: {kind: webhook, url: "\(receiver.url)"}}
        """
    }

    private static let refused = "{name: refused, figure: items_refused, above: 0, runs: {good: 2, bad: 1, of: 1}, channels: [hook]}"

    @Test("told once when it begins, again when it doubles or another error comes, and when it is over; the report says which")
    func story() async throws {
        let receiver = try Receiver()
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: [Self.refused]))
            var alerts: [[String]] = []
            for (good, bad) in [(1...9, nil), (1...9, 1...2), (1...9, 3...4), (1...9, 1...4), (1...9, nil), (1...9, nil)] as [(ClosedRange<Int>, ClosedRange<Int>?)] {
                let outcome = try await shop.run(good, refused: bad)
                #expect(outcome.code == (bad == nil ? .success : .doneWithErrors))
                alerts.append(outcome.document["alerts"].elements.compactMap(\.text))
            }
            #expect(receiver.tries == ["refused opened", "refused worse", "refused resolved"])
            #expect(alerts == [[], ["refused"], [], ["refused"], [], ["refused resolved"]])
            let body = JSON(value: try JSONSerialization.jsonObject(with: Data(receiver.server.requests[0].body)))
            let text = try #require(body["commonAnnotations.description"].text)
            for part in ["items_refused is 2, above 0", "OUT-1", "row 11", "batch 00001", "handle ", "vitrine report ", "Changed since the last good run"] {
                #expect(text.contains(part), "\(part) is not in: \(text)")
            }
            #expect(shop.lines("alert.sent").count == 3)
        }
    }

    @Test("while a file waits that no run could take, nobody hears that none has come, nor that one is back")
    func waiting() async throws {
        let receiver = try Receiver()
        try await withSandbox { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: ["{name: quiet, no_file_for: 2h, channels: [hook]}"]))
            try shop.shop.write("landing/data/a.csv", Rows.file(1...2))
            func stored(_ name: String, _ time: Timestamp) throws {
                try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: time.seconds)], ofItemAtPath: shop.shop.folder + "/landing/data/" + name)
            }
            try stored("a.csv", shop.now)
            #expect(try await shop.run().code == .success)
            try FileManager.default.removeItem(atPath: shop.shop.folder + "/token")
            try shop.shop.write("landing/data/b.csv", Rows.file(1...3))
            try stored("b.csv", shop.now + .seconds(4 * 3600 + 1800))
            for hours in [5, 1] { #expect(try await shop.run(after: .seconds(hours * 3600)).code != .success) }
            #expect(receiver.tries == [])
            _ = try await shop.run(after: .seconds(4 * 3600))
            #expect(receiver.tries == ["quiet opened"], "now it waits too long itself")
        }
    }

    @Test("the last words of a process: what is known goes out though a look at deadlines never ends")
    func lastWords() async {
        let said = Mutex<[String]>([])
        let words = LastWords(
            bound: .milliseconds(300),
            look: {
                said.withLock { $0.append("look") }
                try? await World.real.sleep(.seconds(3600))
                said.withLock { $0.append("cut") }
            }, deliver: { said.withLock { $0.append("deliver") } })
        await words.say()
        #expect(said.withLock { $0 } == ["deliver", "look", "cut", "deliver"])
    }

    @Test("the report in the run folder, the one that is printed and the ledger's say the same of alerts")
    func reports() async throws {
        let receiver = try Receiver()
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: [Self.refused]))
            let outcome = try await shop.run(1...2, refused: 1...1)
            let stored = try #require(shop.shop.files().first { $0.key.hasSuffix("/report.json") }?.value)
            #expect(stored == Data(outcome.json))
            let told = await ReportCommand(runID: "last", options: shop.options).execute()
            #expect(told.document["alerts.0"].text == "refused")
            #expect(told.text.contains("People are told: refused"))
        }
    }

    @Test("a receiver that is down for three runs hears everything once and in order when it is back, and no run is worse for it")
    func down() async throws {
        let receiver = try Receiver(isDown: true)
        let rules = [Self.refused, "{name: rejected, figure: rows_rejected, above: 0, channels: [hook]}"]
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: rules))
            #expect(try await shop.run(1...9, refused: 1...1).code == .doneWithErrors)
            try shop.shop.write("landing/data/bad.csv", Rows.header + Rows.row("BAD-1", price: "free"))
            #expect(try await shop.run(1...9).code == .success)
            #expect(try await shop.run(1...9, refused: 2...4).code == .doneWithErrors)
            #expect(receiver.tries == ["refused opened", "refused opened", "refused opened"], "behind the first one the others wait")
            receiver.setDown(false)
            #expect(try await shop.run(1...9).code == .success)
            #expect(receiver.tries.dropFirst(3) == ["refused opened", "rejected opened", "refused worse", "rejected resolved"])
            #expect(try await shop.run(1...9).code == .success)
            #expect(receiver.tries.dropFirst(7) == ["refused resolved"])
            let state = JSON(value: try JSONSerialization.jsonObject(with: try #require(shop.shop.files()["state/alerts.json"])))
            #expect(state["outbox.entries"].elements.isEmpty)
        }
    }

    @Test("a dead token is told at once; what it causes is not told, and is not told when it is over either")
    func deadToken() async throws {
        let receiver = try Receiver()
        let rules = [Self.refused, "{name: stale, no_success_for: 2h, severity: critical, channels: [hook]}"]
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: rules, shipped: true))
            try await shop.run(1...3)
            try shop.shop.write("token", "an-old-token-that-is-dead")
            var told: [String] = []
            for _ in 1...4 {
                let outcome = try await shop.run(4...9, refused: 1...3)
                #expect(outcome.code == .permission)
                told += outcome.document["alerts"].elements.compactMap(\.text)
            }
            #expect(receiver.tries == ["access opened"] && told == ["access"])
            let list = await AlertsListCommand(pipeline: nil, options: shop.options, world: shop.world).execute()
            let stale = try #require(list.document["incidents"].elements.first { $0["rule"].text == "stale" })
            #expect(stale["muted_by"].text?.contains("rule access") == true && stale["last_told"].isNull)
            try shop.shop.write("token", "sandbox-token")
            try await shop.run(1...3)
            #expect(Set(receiver.tries.dropFirst()) == ["access resolved", "refused opened"], "\(receiver.tries)")
        }
    }

    @Test("verdicts that come after their run has ended open its incident, with the run they are of")
    func late() async throws {
        let receiver = try Receiver()
        try await withRefusals(handleDelay: 6) { sandbox in
            let shop = try TellingShop(
                graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: [Self.refused]), delivery: "poll_interval: 1s, poll_deadline: 2s")
            let first = try await shop.run(1...2, refused: 1...2)
            #expect(first.document["items.unknown"].number == 4)
            let runID = try #require(first.document["run_id"].text)
            #expect(receiver.tries.isEmpty)
            var later: [Outcome] = []
            while receiver.tries.isEmpty, later.count < 9 { later.append(try await shop.run()) }
            #expect(receiver.tries == ["refused opened"])
            let body = JSON(value: try JSONSerialization.jsonObject(with: Data(receiver.server.requests[0].body)))
            #expect(body["commonAnnotations.description"].text?.contains(runID) == true)
            let amended = await ReportCommand(runID: runID, options: shop.options).execute()
            #expect(amended.document["items.refused"].number == 2 && amended.document["alerts.0"].text == "refused")
            #expect(later.last?.document["alerts"].elements.isEmpty == true, "it is not about the run that settled it")
        }
    }

    /// What keeps a run from its journal.
    struct Obstacle: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rule: String
        let code: Engine.ExitCode
        let make: @Sendable (TellingShop) throws -> Void
    }

    static let obstacles = [
        Obstacle(testDescription: "no landing zone", rule: "stopped", code: .settings) { try FileManager.default.removeItem(atPath: $0.shop.folder + "/landing") },
        Obstacle(testDescription: "no token", rule: "stopped", code: .settings) { try FileManager.default.removeItem(atPath: $0.shop.folder + "/token") },
        Obstacle(testDescription: "no row that is right", rule: "stopped", code: .validationFailed) {
            try $0.shop.write("landing/data/bad.csv", Rows.header + Rows.row("A", price: "free"))
        },
        Obstacle(testDescription: "another catalogue", rule: "access", code: .serviceUnavailable) { shop in
            let settings = String(decoding: shop.shop.files()["vitrine.yaml"] ?? Data(), as: UTF8.self)
            try shop.shop.write("vitrine.yaml", settings.replacing("1234567890", with: "999"))
            try shop.shop.write("landing/data/a.csv", Rows.file(1...2))
        },
    ]

    @Test("a run that cannot begin, or not go on, is told of at once, once, and when it is over", arguments: obstacles)
    func stopped(obstacle: Obstacle) async throws {
        let receiver = try Receiver()
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: [], shipped: true).replacing("  rules:\n\n", with: ""))
            try obstacle.make(shop)
            for _ in 1...2 {
                let outcome = try await shop.run()
                #expect(outcome.code == obstacle.code, "\(outcome.text)")
            }
            #expect(receiver.tries == ["\(obstacle.rule) opened"])
            let text = String(decoding: receiver.server.requests[0].body, as: UTF8.self)
            #expect(text.contains("vitrine report") == (obstacle.code == .validationFailed || obstacle.code == .serviceUnavailable), "only of a run that has one")
        }
    }

    @Test("stage by stage: the stage that ends the run tells, and none before")
    func stages() async throws {
        let receiver = try Receiver()
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: [Self.refused]))
            try shop.shop.write("landing/data/a.csv", Rows.header + Rows.row("OUT-1", host: "outlet.example"))
            var request = CatalogSync.Request()
            request.runID = "hourly-42"
            for stage in SyncStage.allCases {
                #expect(receiver.tries.isEmpty, "before \(stage.rawValue)")
                let outcome = await RunCommand(pipeline: "shop", request: request, stage: stage, options: shop.options, world: shop.world).execute()
                if stage == .save { #expect(outcome.document["alerts.0"].text == "refused") }
            }
            #expect(receiver.tries == ["refused opened"])
        }
    }

    @Test("a silence holds until its end; what is still so is told then, and the list and status say how things stand")
    func silence() async throws {
        let receiver = try Receiver()
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: [Self.refused]))
            var matcher = AlertsSilenceCommand.Matcher()
            matcher.rule = "refused"
            let silenced = await AlertsSilenceCommand(matcher, length: "90m", author: "ana", reason: "new pictures", options: shop.options, world: shop.world).execute()
            #expect(silenced.code == .success)
            try await shop.run(1...2, refused: 1...1)
            #expect(receiver.tries.isEmpty)
            let list = await AlertsListCommand(pipeline: nil, options: shop.options, world: shop.world).execute()
            #expect(list.document["incidents.0.silenced_by"].text == silenced.document["silence.id"].text)
            #expect(list.text.contains("silenced by ana"))
            let status = await StatusCommand(pipeline: nil, options: shop.options, world: shop.world).execute()
            #expect(status.document["pipelines.0.incidents.0"].text == "refused: items_refused is 1, above 0")
            try await shop.run(1...2, refused: 1...1)
            #expect(receiver.tries == ["refused opened"], "the silence is over")
        }
    }

    @Test("state that cannot be kept is told in the log, and nothing else changes")
    func noState() async throws {
        let receiver = try Receiver()
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(receiver, rules: [Self.refused]))
            try FileManager.default.createDirectory(atPath: shop.shop.folder + "/state/alerts.lock", withIntermediateDirectories: true)
            #expect(try await shop.run(1...2, refused: 1...1).code == .doneWithErrors)
            #expect(receiver.tries.isEmpty)
            #expect(shop.lines("alert.state_failed").first?["culprit"].text?.contains("alerts.lock") == true)
        }
    }
}
