import Foundation
import Sandbox
import TestKit
import Testing

/// The real executable, a run that would empty the shop window, and the person who decides.
@Suite("A held run and the person who ends it")
struct HoldTests {
    private static func outOfStock(_ ids: ClosedRange<Int>) -> String { Rows.file(ids).replacing(",in stock,", with: ",out of stock,") }

    @Test("is told with exit code 75 everywhere, released with name and reason, and then goes")
    func release() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...60))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            try shop.write("landing/data/b.csv", Self.outOfStock(1...30))
            #expect(try await shop.vitrine("plan", "shop").stdout.contains("A run would stop here"))
            let held = try await shop.vitrine("run", "shop", "--output", "json")
            let report = try held.document()
            Contract.check(report: report)
            #expect(held.code == 75 && report["state"].text == "held" && report["rows.held"].number == 30 && report["error.reason"].text == "held")
            let runID = try #require(report["run_id"].text)
            let next = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(next.code == 75)
            #expect(try next.document()["error.remedy"].text?.contains("vitrine release \(runID)") == true)
            #expect(try await shop.vitrine("stage", "check", "shop", "--run-id", "r").code == 75)
            #expect(try await shop.vitrine("status").code == 2)
            let wrong = try await shop.vitrine("release", "nothing", "--reason", "r", "--output", "json")
            #expect(wrong.code == 64)
            #expect(try wrong.document()["error.reason"].text == "not_held")
            // Without the token: a person's word calls nobody.
            let released = try await shop.vitrine("release", runID, "--reason", "stock-taking", "--author", "ana", "--output", "json", environment: ["SHOP_TOKEN": ""])
            #expect(released.code == 0, "\(released.stderr)")
            #expect(try released.document()["released.author"].text == "ana")
            let status = try await shop.vitrine("status", "--output", "json")
            #expect(status.code == 1, "what is released waits for a run, and for nobody")
            #expect(try status.document()["pipelines.0.held.release.author"].text == "ana")
            #expect(try await shop.vitrine("run", "shop").code == 0)
            #expect(try await shop.vitrine("status").code == 0)
            #expect(sandbox.catalog()["SKU-1"]?["availability"] == "out of stock")
            let log = String(decoding: shop.files()["logs/vitrine.ndjson"] ?? Data(), as: UTF8.self)
            for event in ["run.held", "run.still_held", "run.released", "run.release_taken"] { #expect(log.contains("\"event\":\"\(event)\""), "\(event)") }
        }
    }

    @Test("is discarded with its files, and a file alone is too; wrong words get 64")
    func discard() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...60))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            try shop.write("landing/data/b.csv", Self.outOfStock(1...30))
            let report = try await shop.vitrine("run", "shop", "--output", "json").document()
            let runID = try #require(report["run_id"].text)
            let discarded = try await shop.vitrine("discard", runID, "--reason", "the export had failed", "--output", "json").document()
            #expect(discarded["files.0"].text == "b.csv" && discarded["pipeline"].text == "shop")
            #expect(shop.files().keys.contains("landing/rejected/\(runID)/b.csv.reason.json"))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            #expect(sandbox.catalog()["SKU-1"]?["availability"] == "in stock")
            try shop.write("landing/data/c.csv", Rows.file(1...2))
            #expect(try await shop.vitrine("discard", "c.csv", "--reason", "another shop's").code == 0)
            #expect(try await shop.vitrine("discard", "c.csv", "--reason", "again").code == 64)
            #expect(try await shop.vitrine("discard", "../../etc/passwd", "--reason", "r").code == 64)
            #expect(try await shop.vitrine("discard", "c.csv").code == 64)
        }
    }

    @Test("serve starts nothing while it is held, and goes on by itself once it is released")
    func serve() async throws {
        try await withSandbox { sandbox in
            let settings = Shop.settings(sandbox.graphURL, "", "watch: true").replacing("watch: true\n", with: "watch: true\n    watch_interval: 1s\n")
                .replacing("telemetry: {", with: "telemetry: {prometheus: {listen: null}, ")
            let shop = try Shop(graphURL: sandbox.graphURL, settings: settings, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...60))
            let serving = try shop.start(["serve"])
            #expect(await becomes { serving.errors.contains("\"state\":\"done\"") || serving.hasEnded })
            try shop.write("landing/data/b.csv", Self.outOfStock(1...30))
            #expect(await becomes { serving.errors.contains("\"run.held\"") || serving.hasEnded })
            #expect(await becomes { serving.errors.contains("\"run.waiting\"") || serving.hasEnded })
            let runID = try #require(serving.errors.firstMatch(of: /"event":"run\.held".*?"run_id":"([^"]+)"/).map { String($0.1) })
            #expect(try await shop.vitrine("release", runID, "--reason", "stock-taking").code == 0)
            #expect(await becomes { serving.errors.contains("\"run.release_taken\"") || serving.hasEnded })
            #expect(await becomes { sandbox.catalog()["SKU-1"]?["availability"] == "out of stock" })
            serving.signal(SIGTERM)
            #expect(await serving.end().code == 0)
        }
    }
}
