import Foundation
import Glibc
import Sandbox
import TestKit
import Testing
import Transport

@Suite("A run with its places in buckets, on moto", .enabled(if: Judge.python.isHere))
struct AWSRunTests {
    /// 40 good products, two whose price is none, and a file that is none.
    private static func stock(_ shop: BucketShop) async throws {
        try await shop.drop("products.csv", Rows.file(1...40) + Rows.row("bad-1", price: "cheap") + Rows.row("bad-2", price: "-"))
        try await shop.drop("sub/notes.csv", "when,who\ntoday,nobody\n")
    }

    @Test("does what it does on folders: archive, rejected rows and file, run folder; CloudWatch has the report's figures and the lines")
    func wholeRun() async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL)
            try await Self.stock(shop)
            let finished = try await shop.run("run", "shop", "--output", "json")
            let report = try finished.document()
            #expect(finished.code == 1 && report["state"].text == "done_with_errors" && report["balanced"].flag == true, "\(finished.stderr)\(finished.stdout)")
            #expect(report["rows.read"].number == 43 && report["rows.rejected"].number == 3 && report["items.accepted"].number == 40)
            #expect(report["files.archived"].number == 1 && report["files.rejected"].number == 1)
            let id = try #require(report["run_id"].text)

            let landing = try await shop.keys(shop.landing)
            #expect(!landing.contains { $0.hasPrefix("zone/data/") }, "\(landing)")
            #expect(landing.contains { $0.hasPrefix("zone/archive/") && $0.hasSuffix("/\(id)/products.csv") }, "\(landing)")
            #expect(landing.contains("zone/rejected/\(id)/products.csv.rejected.csv") && landing.contains("zone/rejected/\(id)/sub/notes.csv.reason.json"), "\(landing)")
            #expect(try await shop.object(shop.landing, "zone/rejected/\(id)/products.csv.rejected.csv").contains("bad-1"))
            let synced = try await shop.keys(shop.synced)
            for name in ["report.json", "report.html", "manifest.json", "journal.ndjson.gz", "batches/00001.json.gz"] {
                #expect(synced.contains { $0.hasPrefix("shop/") && $0.hasSuffix("/\(id)/\(name)") }, "\(name) of \(synced)")
            }
            #expect(!synced.contains { $0.hasPrefix("shop/open/") && $0.hasSuffix(id) }, "the run is closed")

            let figures = [
                "RowsValidated": "rows.read", "RowsRejected": "rows.rejected", "RowsHeld": "rows.held", "BatchesSent": "batches.sent", "ItemsAccepted": "items.accepted",
                "ItemsRefused": "items.refused", "ItemsUnknown": "items.unknown", "HandleErrors": "handle_errors", "HandleWarnings": "handle_warnings",
            ]
            for (figure, path) in figures { #expect(try await shop.figure(figure) == report[path].number, "\(figure)") }
            #expect(try await shop.figure("UnaccountedRows") == 0)
            #expect(try await shop.figure("RunsSucceeded") == 0)

            let lines = try await shop.logLines()
            #expect(lines.count { $0["event"].text == "row.rejected" && $0["run_id"].text == id } == 2)
            #expect(lines.contains { $0["event"].text == "run.ended" && $0["run_id"].text == id })
            #expect(!lines.contains { $0["event"].text == "telemetry.dropped" })

            let second = try await shop.run("run", "shop", "--output", "json")
            let state = try second.document()["state"].text
            #expect(second.code == 0 && state == "nothing_to_do", "\(second.stderr)\(second.stdout)")
            #expect(try await shop.figure("RunsSucceeded") == 1)
            #expect(try await shop.figure("RowsValidated") == 43)
        }
    }

    @Test("plan, doctor and status read buckets too, and plan leaves them as they are")
    func questions() async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL)
            try await shop.drop("products.csv", Rows.file(1...5))
            let plan = try await shop.run("plan", "shop", "--output", "json")
            let rows = try plan.document()["rows.read"].number
            #expect(plan.code == 0 && rows == 5, "\(plan.stderr)\(plan.stdout)")
            let synced = try await shop.keys(shop.synced)
            #expect(synced.isEmpty)
            let doctor = try await shop.run("doctor", "--output", "json")
            let checks = try doctor.document()["checks"].elements
            #expect(doctor.code == 0, "\(doctor.stdout)")
            for name in ["landing", "synced", "lease"] { #expect(checks.contains { $0["name"].text == name && $0["level"].text == "ok" }, "\(doctor.stdout)") }
            #expect(try await shop.keys(shop.landing) == ["zone/data/products.csv"], "no probe is left")
            let status = try await shop.run("status")
            #expect(status.stdout.contains("1 file"), "\(status.stdout)\(status.stderr)")
        }
    }

    @Test("without credentials it ends with 77 and names the sources that were tried")
    func noCredentials() async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL)
            let none = ["AWS_ENDPOINT_URL": shop.moto.url, "AWS_REGION": "eu-central-1", "AWS_EC2_METADATA_DISABLED": "true"]
            let finished = try await shop.shop.start(["run", "shop", "--output", "json"], environment: none).end()
            let error = try finished.document()["error"]
            #expect(finished.code == 77 && error["code"].text == "permission", "\(finished.stdout)")
            let said = [error["detail"].text, error["remedy"].text].compactMap(\.self).joined(separator: " ")
            for source in ["environment", "web identity", "container", "instance metadata"] { #expect(said.contains(source), "\(source): \(said)") }
            #expect(finished.stderr.contains("telemetry.dropped") || finished.stderr.contains("CloudWatch"), "what CloudWatch did not get is told: \(finished.stderr)")
        }
    }

    @Test("a bucket that is not there ends with 78 and its name")
    func noBucket() async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL, makesBuckets: false)
            let finished = try await shop.run("run", "shop", "--output", "json")
            let error = try finished.document()["error"]
            #expect(finished.code == 78 && error["code"].text == "settings" && error["culprit"].text?.contains(shop.landing) == true, "\(finished.stdout)")
            #expect(error["detail"].text?.contains("NoSuchBucket") == true && error["remedy"].text?.isEmpty == false)
        }
    }

    @Test("a landing zone whose bucket is not there ends with 78 before a run is opened", arguments: [["run", "shop"], ["stage", "check", "shop", "--run-id", "r1"]])
    func noLandingBucket(command: [String]) async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL)
            _ = try await shop.moto.ask(.delete, "/\(shop.landing)", service: "s3")
            let finished = try await shop.shop.start(command + ["--output", "json"], environment: shop.moto.environment).end()
            let error = try finished.document()["error"]
            #expect(finished.code == 78 && error["culprit"].text?.contains(shop.landing) == true && error["detail"].text?.contains("NoSuchBucket") == true, "\(finished.stdout)")
            #expect(try await shop.keys(shop.synced).isEmpty, "no run was begun")
        }
    }

    @Test("secrets of Secrets Manager and the parameter store are fetched, and reach no line", arguments: ["secretsmanager", "ssm"])
    func secrets(kind: String) async throws {
        try await withSandbox { sandbox in
            let name = "vitrine-\(UUID().uuidString)"
            let token = sandbox.configuration.accessToken
            let shop = try await BucketShop(graphURL: sandbox.graphURL, token: "\(kind):\(name)")
            try await shop.drop("products.csv", Rows.file(1...3))
            let before = try await shop.run("run", "shop", "--output", "json")
            #expect(before.code == 78, "\(before.stdout)")
            let error = try before.document()["error"]
            #expect(error["culprit"].text?.hasSuffix("vitrine.yaml:6") == true && error["detail"].text?.contains("\(kind):\(name)") == true, "\(before.stdout)")
            if kind == "ssm" {
                _ = try await shop.moto.ask("ssm", "AmazonSSM.PutParameter", #"{"Name":"\#(name)","Value":"\#(token)","Type":"SecureString"}"#)
            } else {
                _ = try await shop.moto.ask("secretsmanager", "secretsmanager.CreateSecret", #"{"Name":"\#(name)","SecretString":"\#(token)\n"}"#)
            }
            let after = try await shop.run("run", "shop", "--output", "json", "--log-level", "debug")
            let accepted = try after.document()["items.accepted"].number
            #expect(after.code == 0 && accepted == 3, "\(after.stdout)")
            #expect(!after.stderr.contains(token) && !after.stdout.contains(token))
        }
    }

    private static let watching = "    watch: true\n    watch_interval: 1s"

    @Test("serve watches a bucket, and what its runs counted is in CloudWatch when it has ended")
    func serve() async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL, extra: Self.watching)
            try await shop.drop("products.csv", Rows.file(1...6))
            let serving = try shop.shop.start(["serve"], environment: shop.moto.environment)
            #expect(await becomes { serving.errors.contains("\"run.ended\"") || serving.hasEnded })
            serving.signal(SIGTERM)
            let finished = await serving.end()
            #expect(finished.code == 0, "\(finished.stderr)")
            #expect(try await shop.figure("ItemsAccepted") == 6)
            #expect(try await shop.figure("RowsValidated") == 6)
            let lines = try await shop.logLines()
            #expect(lines.contains { $0["event"].text == "serve.stopped" }, "the last word is there too")
        }
    }

    @Test("a token that somebody has changed in Secrets Manager is fetched anew when Meta refuses the old one, and the run goes on")
    func rotation() async throws {
        try await withSandbox { sandbox in
            let name = "vitrine-\(UUID().uuidString)"
            let shop = try await BucketShop(graphURL: sandbox.graphURL, token: "secretsmanager:\(name)", extra: Self.watching)
            _ = try await shop.moto.ask("secretsmanager", "secretsmanager.CreateSecret", #"{"Name":"\#(name)","SecretString":"an-old-token"}"#)
            try await shop.drop("products.csv", Rows.file(1...2))
            let serving = try shop.shop.start(["serve"], environment: shop.moto.environment)
            #expect(await becomes { serving.errors.contains("\"run.stopped\"") || serving.hasEnded })
            let token = sandbox.configuration.accessToken
            _ = try await shop.moto.ask("secretsmanager", "secretsmanager.PutSecretValue", #"{"SecretId":"\#(name)","SecretString":"\#(token)"}"#)
            try await shop.drop("more.csv", Rows.file(3...4))
            #expect(await becomes { sandbox.catalog().count == 4 || serving.hasEnded })
            serving.signal(SIGTERM)
            let finished = await serving.end()
            #expect(finished.code == 0 && !finished.stderr.contains(token), "\(finished.stderr)")
            #expect(sandbox.catalog().count == 4)
        }
    }
}
