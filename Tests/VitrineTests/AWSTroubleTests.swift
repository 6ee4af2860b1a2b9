import Foundation
import Glibc
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

@Suite("Whole runs of the real process on moto, in trouble", .enabled(if: Judge.python.isHere))
struct AWSTroubleTests {
    /// What a task role's endpoint says: the first keys, and other ones from the second question on.
    private static func role(_ mark: String) throws -> MisbehavingServer {
        try MisbehavingServer(deciding: { requests in
            let token = "\(mark)-\(min(requests.count, 2))"
            let body = #"{"AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"\#(token)","Expiration":"2099-01-01T00:00:00Z"}"#
            return .answerThenClose(MisbehavingServer.ok(body, headers: ["Content-Type: application/json"]))
        })
    }

    @Test("a session token that ends in the middle of a run is replaced from its source, and the run goes on with its books balanced", arguments: [
        "batches/00001", "receipts.ndjson.gz", "report.json",
    ])
    func expired(within object: String) async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL, keepsState: true)
            let mark = "token-\(shop.state)"
            let role = try Self.role(mark)
            try await shop.drop("a.csv", Rows.file(1...8) + Rows.row("bad", price: "cheap"))
            let object = "PUT /\(shop.synced)/*\(object)"
            try await shop.moto.hold(object)
            let environment = [
                "AWS_ENDPOINT_URL": shop.moto.url, "AWS_REGION": "eu-central-1", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(role.url)/keys",
            ]
            let running = try shop.shop.start(["run", "shop", "--output", "json"], environment: environment)
            while try await shop.moto.held(object) == 0, !running.hasEnded { sched_yield() }
            try await shop.moto.expire(token: "\(mark)-1")
            try await shop.moto.letGo(object)
            let finished = await running.end()
            let report = try finished.document()
            #expect(finished.code == 0 && report["state"].text == "done" && report["balanced"].flag == true, "\(finished.stdout)\(finished.stderr)")
            #expect(report["rows.read"].number == 9 && report["rows.rejected"].number == 1 && report["items.accepted"].number == 8)
            #expect(role.requests.count == 2, "asked once more: \(role.requests.map(\.line))")
            #expect(!finished.stderr.contains(mark), "no token in a line")
            #expect(try await shop.figure("ItemsAccepted") == 8)
            #expect(try await shop.run("run", "shop", "--output", "json").document()["state"].text == "nothing_to_do")
        }
    }

    @Test("a token that ends and is not replaced ends the run with 77; the next one with good keys finishes it")
    func ended() async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL)
            let token = "token-\(shop.state)"
            try await shop.drop("a.csv", Rows.file(1...5))
            let object = "PUT /\(shop.synced)/shop/2"
            try await shop.moto.hold(object)
            let running = try shop.shop.start(
                ["run", "shop", "--output", "json"], environment: shop.moto.environment.merging(["AWS_SESSION_TOKEN": token]) { $1 })
            while try await shop.moto.held(object) == 0, !running.hasEnded { sched_yield() }
            try await shop.moto.expire(token: token)
            try await shop.moto.letGo(object)
            let finished = await running.end()
            let error = try finished.document()["error"]
            #expect(finished.code == 77 && error["detail"].text?.contains("ExpiredToken") == true, "\(finished.stdout)")
            try await shop.endLeases()
            let next = try await shop.run("run", "shop", "--output", "json")
            #expect(next.code == 0 && sandbox.catalog().count == 5, "\(next.stdout)\(next.stderr)")
            #expect(try await shop.keys(shop.landing).allSatisfy { !$0.hasPrefix("zone/data/") })
        }
    }

    @Test("killed between archive's copy and its delete: the next process finishes the move, and sends nothing again")
    func killedInMove() async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL, keepsState: true)
            try await shop.drop("a.csv", Rows.file(1...6))
            let delete = "DELETE /\(shop.landing)/zone/data/a.csv"
            try await shop.moto.hold(delete)
            let running = try shop.shop.start(["run", "shop"], environment: shop.moto.environment)
            while try await shop.moto.held(delete) == 0, !running.hasEnded { sched_yield() }
            running.signal(SIGKILL)
            #expect(await running.end().code == -SIGKILL)
            try await shop.moto.drop(delete)
            let between = try await shop.keys(shop.landing)
            #expect(between.count == 2 && between.contains("zone/data/a.csv") && between.contains { $0.hasPrefix("zone/archive/") }, "\(between)")
            try await shop.endLeases()
            let posts = sandbox.calls().count { $0.edge == .itemsBatch }

            let next = try await shop.run("run", "shop", "--output", "json")
            let report = try next.document()
            #expect(next.code == 0 && report["settled.0.items.accepted"].number == 6 && report["rows.read"].number == 0, "\(next.stdout)\(next.stderr)")
            let after = try await shop.keys(shop.landing)
            #expect(after.count == 1 && after.allSatisfy { $0.hasPrefix("zone/archive/") }, "\(after)")
            #expect(sandbox.calls().count { $0.edge == .itemsBatch } == posts, "nothing is sent again")
        }
    }

    @Test("the demo's shop, with everything at AWS: told by a queue, its token from Secrets Manager, its alert in a topic, its figures and lines in CloudWatch equal to the report")
    func wholeDemo() async throws {
        try await withSandbox(.demo) { sandbox in
            let moto = try await MotoServer.shared()
            let name = "meta-\(UUID().uuidString)"
            let token = sandbox.configuration.accessToken
            _ = try await moto.ask("secretsmanager", "secretsmanager.CreateSecret", #"{"Name":"\#(name)","SecretString":"\#(token)"}"#)
            let queue = try await Queue.make(on: moto)
            let pager = try await Queue.make(on: moto)
            let topic = try await pager.topic()
            let shop = try await BucketShop(
                graphURL: sandbox.graphURL, token: "secretsmanager:\(name)", extra: "    watch: {queue: \"\(queue.url)\"}\n    watch_interval: 1h", keepsState: true, topic: topic)
            for file in DemoLandingZone.files(seed: 1) { try await shop.drop(file.name, file.csv) }
            let serving = try shop.shop.start(["serve", "--log-level", "debug"], environment: moto.environment)
            for file in DemoLandingZone.files(seed: 1) { try await queue.send(Queue.created("zone/data/\(file.name)", in: shop.landing)) }
            #expect(await becomes { serving.errors.contains("\"run.ended\"") || serving.hasEnded })
            #expect(try await queue.comes(to: 0, unless: serving))
            #expect(try await pager.comes(to: 1, unless: serving))
            let alert = try await pager.first()
            #expect(alert.contains("refused") && alert.contains("shop"), "\(alert)")
            let silence = try await shop.run("alerts", "silence", "--rule", "refused", "--for", "4h", "--author", "ana", "--reason", "known")
            #expect(silence.code == 0, "a person's word beside the daemon: \(silence.stdout)\(silence.stderr)")
            serving.signal(SIGTERM)
            let finished = await serving.end()
            #expect(finished.code == 0 && !finished.stderr.contains(token), "\(finished.stderr)")
            let incidents = try await shop.run("alerts", "list", "--output", "json")
            #expect(incidents.code == 0 && incidents.stdout.contains("\"refused\"") && incidents.stdout.contains("\"ana\""), "\(incidents.stdout)")
            #expect(try await shop.keys(shop.state).contains("vitrine/alerts.json"))

            let runs = try await shop.run("runs", "--output", "json").document()["runs"].elements
            let report = try #require(runs.first { $0["rows.read"].number ?? 0 > 0 })
            #expect(report["rows.read"].number == 480 && report["balanced"].flag == true && report["state"].text == "done_with_errors", "\(report)")
            #expect(report["items.refused"].number == DemoLandingZone.refusedBySandbox && report["rows.superseded"].number == DemoLandingZone.superseded)
            let figures = [
                "RowsValidated": "rows.read", "RowsRejected": "rows.rejected", "RowsHeld": "rows.held", "BatchesSent": "batches.sent", "ItemsAccepted": "items.accepted",
                "ItemsRefused": "items.refused", "ItemsUnknown": "items.unknown", "HandleErrors": "handle_errors", "HandleWarnings": "handle_warnings",
            ]
            for (figure, path) in figures { #expect(try await shop.figure(figure) == report[path].number, "\(figure)") }
            #expect(try await shop.figure("UnaccountedRows") == 0)
            let lines = try await shop.logLines().filter { $0["run_id"].text == report["run_id"].text }
            #expect(lines.count { $0["event"].text == "row.rejected" } == report["rows.rejected"].number)
            #expect(lines.count { $0["event"].text == "item.refused" } == report["items.refused"].number)
            let left = shop.shop.files().keys.filter { !$0.hasPrefix("landing/") && $0 != "vitrine.yaml" }
            #expect(left.isEmpty, "nothing is left on this machine: \(left)")
        }
    }
}
