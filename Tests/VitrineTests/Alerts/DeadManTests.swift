import CatalogSync
import Engine
import Foundation
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

/// The ping to somebody outside.
@Suite("The dead-man switch")
struct DeadManTests {
    private static let alerts = "  shipped: off"

    @Test("is told the start and the end of each run, with its id; a failure as one")
    func told() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok()))
        try await withSandbox { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts, keys: ["dead_man: \"\(server.url)/ping/abc\""])
            let good = try #require(try await shop.run(1...2).document["run_id"].text)
            try shop.shop.write("token", "dead-token-dead-token")
            let bad = try #require(try await shop.run(3...4).document["run_id"].text)
            let lines = server.requests.map(\.line)
            #expect(lines == [
                "GET /ping/abc/start?rid=\(good) HTTP/1.1", "GET /ping/abc?rid=\(good) HTTP/1.1", "GET /ping/abc/start?rid=\(bad) HTTP/1.1",
                "GET /ping/abc/fail?rid=\(bad) HTTP/1.1",
            ])
            #expect(shop.lines("dead_man.told").map { $0["outcome"].text } == ["start", "success", "start", "fail"])
        }
    }

    @Test("a receiver that wants a UUID for the id is told without one")
    func uuid() async throws {
        let server = try MisbehavingServer(deciding: { requests in
            .answer(MisbehavingServer.ok(status: requests.last?.line.contains("rid=") == true ? "400 Bad Request" : "200 OK"))
        })
        try await withSandbox { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts, keys: ["dead_man: \"\(server.url)/ping/abc\""])
            #expect(try await shop.run(1...2).code == .success)
            #expect(server.requests.map(\.line).filter { !$0.contains("rid=") } == ["GET /ping/abc/start HTTP/1.1", "GET /ping/abc HTTP/1.1"])
            #expect(shop.lines("dead_man.failed").isEmpty)
        }
    }

    @Test("a receiver that is not there, or refuses, fails no run and hides its address", arguments: ["404 Not Found", nil])
    func failing(status: String?) async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok(status: status ?? "200 OK")))
        let url = status == nil ? "http://127.0.0.1:\(try FreePorts.take(1)[0])" : server.url
        try await withSandbox { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts, keys: ["dead_man: \"\(url)/ping/s3cretpath\""])
            let outcome = try await shop.run(1...2)
            #expect(outcome.code == .success && outcome.document["state"].text == "done")
            #expect(shop.lines("dead_man.failed").count == 2)
            let log = String(decoding: shop.shop.files()["logs/vitrine.ndjson"] ?? Data(), as: UTF8.self)
            #expect(!log.contains("s3cretpath"))
        }
    }

    @Test("stage by stage it is told once each; a paused pipeline tells nothing")
    func stages() async throws {
        let server = try MisbehavingServer(.answer(MisbehavingServer.ok()))
        try await withSandbox { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts, keys: ["dead_man: \"\(server.url)/ping/abc\""])
            try shop.shop.write("landing/data/a.csv", Rows.file(1...2))
            var request = CatalogSync.Request()
            request.runID = "h-1"
            for stage in SyncStage.allCases {
                _ = await RunCommand(pipeline: "shop", request: request, stage: stage, options: shop.options, world: shop.world).execute()
            }
            #expect(server.requests.map(\.line) == ["GET /ping/abc/start?rid=h-1 HTTP/1.1", "GET /ping/abc?rid=h-1 HTTP/1.1"])
            _ = await PauseCommand(pipeline: "shop", reason: "stock-taking", length: nil, author: "ana", options: shop.options, world: shop.world).execute()
            #expect(try await shop.run(3...3).code == .tryAgainLater)
            #expect(server.requests.count == 2)
        }
    }
}
