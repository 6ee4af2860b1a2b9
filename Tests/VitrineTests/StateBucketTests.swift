import Engine
import Events
import Foundation
import Glibc
import Gzip
import ObjectStore
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

@Suite("A state in a bucket, on moto", .enabled(if: Judge.python.isHere))
struct StateBucketTests {
    private static let ledger = "vitrine/ledger.sqlite.gz"

    private func withShop(extra: String = "", _ body: (BucketShop, Sandbox) async throws -> Void) async throws {
        try await withSandbox { sandbox in
            try await body(try await BucketShop(graphURL: sandbox.graphURL, extra: extra, keepsState: true), sandbox)
        }
    }

    @Test("runs remember through it: nothing unchanged is sent again, questions are answered, and this machine keeps nothing")
    func remembers() async throws {
        try await withShop { shop, sandbox in
            try await shop.drop("a.csv", Rows.file(1...6))
            let first = try await shop.run("run", "shop", "--output", "json")
            #expect(first.code == 0, "\(first.stdout)\(first.stderr)")
            #expect(try await shop.keys(shop.state).sorted() == ["vitrine/.lease", Self.ledger], "no mark is left")

            try await shop.drop("b.csv", Rows.file(1...5) + Rows.row("SKU-6", price: "13.00 USD"))
            let second = try await shop.run("run", "shop", "--output", "json")
            let report = try second.document()
            #expect(second.code == 0 && report["rows.unchanged"].number == 5 && report["items.sent"].number == 1, "\(second.stdout)\(second.stderr)")

            let runs = try await shop.run("runs", "--output", "json")
            #expect(try runs.document()["runs"].elements.count == 2)
            let trace = try await shop.run("trace", "SKU-6", "--output", "json")
            #expect(trace.code == 0, "\(trace.stdout)")
            #expect(try trace.document()["history"].elements.count == 2)
            #expect(try await shop.run("plan", "shop").code == 0)
            #expect(try await shop.run("status").stdout.contains("accepted=6"))
            let doctor = try await shop.run("doctor", "--output", "json")
            let state = try doctor.document()["checks"].elements.first { $0["name"].text == "state" }
            #expect(doctor.code == 0 && state?["found"].text?.contains("s3://\(shop.state)/vitrine") == true, "\(doctor.stdout)")
            let left = shop.shop.files().keys.filter { !$0.hasPrefix("landing/") && $0 != "vitrine.yaml" }
            #expect(left.isEmpty, "\(left)")
        }
    }

    /// A run that is killed when it has closed and is putting its ledger back.
    private func kill(_ shop: BucketShop) async throws {
        let put = "PUT /\(shop.state)/\(Self.ledger)"
        try await shop.moto.hold(put)
        let running = try shop.shop.start(["run", "shop"], environment: shop.moto.environment)
        while try await shop.moto.held(put) == 0, !running.hasEnded { sched_yield() }
        running.signal(SIGKILL)
        #expect(await running.end().code == -SIGKILL)
        try await shop.moto.drop(put)
        try await shop.endLeases()
    }

    @Test("killed after the run closed and before the ledger was put back: the next run's ledger is what a reindex gives, and nothing is sent again")
    func killed() async throws {
        try await withShop { shop, sandbox in
            try await shop.drop("a.csv", Rows.file(1...6) + Rows.row("bad", price: "cheap"))
            #expect(try await shop.run("run", "shop").code == 0)
            try await shop.drop("b.csv", Rows.file(4...9) + Rows.row("SKU-1", price: "13.00 USD"))
            try await kill(shop)
            #expect(sandbox.catalog().count == 9)
            #expect(try await shop.keys(shop.state).contains("vitrine/behind/shop.json"))
            let stale = try await shop.run("runs", "--output", "json")
            #expect(try stale.document()["runs"].elements.count == 1)

            let next = try await shop.run("run", "shop", "--output", "json")
            let report = try next.document()
            #expect(next.code == 0 && report["state"].text == "nothing_to_do" && report["settled"].elements.isEmpty, "\(next.stdout)")
            #expect(next.stderr.contains("state.caught_up"), "\(next.stderr)")
            #expect(try await !shop.keys(shop.state).contains("vitrine/behind/shop.json"))

            let caughtUp = try await LedgerDump.text(shop.moto.bytes(Self.ledger, in: shop.state), in: shop.shop.folder)
            #expect(caughtUp.contains("SKU-9"))
            #expect(try await shop.run("reindex").code == 0)
            #expect(try await LedgerDump.text(shop.moto.bytes(Self.ledger, in: shop.state), in: shop.shop.folder) == caughtUp)

            try await shop.drop("c.csv", Rows.file(2...9) + Rows.row("SKU-1", price: "13.00 USD"))
            let unchanged = try await shop.run("run", "shop", "--output", "json").document()
            #expect(unchanged["rows.unchanged"].number == 9 && unchanged["items.sent"].number == 0)
        }
    }

    @Test("a ledger that was lost, or never was, is read back from the run folders before the first run")
    func lost() async throws {
        try await withShop { shop, _ in
            try await shop.drop("a.csv", Rows.file(1...4))
            #expect(try await shop.run("run", "shop").code == 0)
            try await shop.moto.delete(Self.ledger, in: shop.state)
            try await shop.drop("b.csv", Rows.file(1...5))
            let next = try await shop.run("run", "shop", "--output", "json")
            let report = try next.document()
            #expect(next.code == 0 && report["rows.unchanged"].number == 4 && report["items.sent"].number == 1, "\(next.stdout)\(next.stderr)")
            #expect(try await shop.run("runs", "--output", "json").document()["runs"].elements.count == 2)
        }
    }

    @Test("where it cannot all be read back no run begins over a part of it; the next one that can has all")
    func lostAndUnreadable() async throws {
        try await withShop { shop, _ in
            for (name, rows) in [("a.csv", Rows.file(1...4)), ("b.csv", Rows.file(1...6))] {
                try await shop.drop(name, rows)
                #expect(try await shop.run("run", "shop").code == 0)
            }
            let receipts = try await shop.keys(shop.synced).filter { $0.contains("/receipts") }.sorted()
            #expect(receipts.count == 2, "\(receipts)")
            let last = try #require(receipts.last)
            let bytes = try await shop.moto.bytes(last, in: shop.synced)
            try await shop.moto.delete(last, in: shop.synced)
            try await shop.moto.delete(Self.ledger, in: shop.state)
            try await shop.drop("c.csv", Rows.file(1...7))
            let stopped = try await shop.run("run", "shop", "--output", "json")
            #expect(stopped.code != 0 && stopped.stdout.contains(last), "\(stopped.stdout)")
            #expect(try await shop.keys("\(shop.landing)").contains("zone/data/c.csv"), "nothing has begun")

            try await shop.moto.putBytes(last, in: shop.synced, bytes)
            let next = try await shop.run("run", "shop", "--output", "json")
            let report = try next.document()
            #expect(next.code == 0 && report["rows.unchanged"].number == 6 && report["items.sent"].number == 1, "\(next.stdout)\(next.stderr)")
            #expect(try await shop.run("runs", "--output", "json").document()["runs"].elements.count == 3)
        }
    }

    @Test("a silence is said without the ledger, however large or broken that is")
    func silence() async throws {
        try await withSandbox { sandbox in
            let shop = try await BucketShop(graphURL: sandbox.graphURL, keepsState: true, topic: "arn:aws:sns:eu-central-1:123456789012:nobody")
            try await shop.moto.putBytes(Self.ledger, in: shop.state, Array("no ledger".utf8))
            let said = try await shop.run("alerts", "silence", "--rule", "refused", "--for", "1h", "--author", "ana", "--reason", "new pictures")
            #expect(said.code == 0, "\(said.stdout)\(said.stderr)")
            #expect(try await shop.object(shop.state, "vitrine/alerts.json").contains("new pictures"))
        }
    }

    @Test("a put that arrived and was never answered is known again: the next one goes over it, and nothing counts as lost")
    func unanswered() async throws {
        let moto = try await MotoServer.shared()
        let bucket = "unanswered-\(UUID().uuidString.lowercased())"
        try await moto.makeBucket(bucket)
        let store = try moto.store("s3://\(bucket)/vitrine")
        let state = try await StateBucket(store, spool: FileManager.default.temporaryDirectory.path, process: "one:1", now: World.real.now())
        let ledger = try Ledger(folder: state.scratch.path)
        try await state.begin("shop", since: World.real.now(), folders: [])
        await state.caughtUp("shop")
        try await state.keep(ledger)
        for object in ["ledger.sqlite.gz", "behind/shop.json"] {
            try await moto.mute("PUT /\(bucket)/vitrine/\(object)")
            let error = await #expect(throws: (any Error).self) {
                try await state.begin("shop", since: World.real.now(), folders: [])
                try await state.keep(ledger)
            }
            #expect((error as? StoreError)?.reason == .unreachable)
            try await moto.unmute("PUT /\(bucket)/vitrine/\(object)")
            try await state.begin("shop", since: World.real.now(), folders: [])
            await state.end("shop")
            try await state.keep(ledger)
            #expect(try await moto.keys(in: bucket).sorted() == ["vitrine/.lease", "vitrine/ledger.sqlite.gz"])
        }
        #expect(state.lost == nil)
        await state.leave()
    }

    @Test("a mark that another process has written is not taken away, and who meets it has lost the state")
    func foreignMark() async throws {
        let moto = try await MotoServer.shared()
        let bucket = "foreign-\(UUID().uuidString.lowercased())"
        try await moto.makeBucket(bucket)
        let store = try moto.store("s3://\(bucket)/vitrine")
        let state = try await StateBucket(store, spool: FileManager.default.temporaryDirectory.path, process: "one:1", now: World.real.now())
        let ledger = try Ledger(folder: state.scratch.path)
        try await state.begin("shop", since: World.real.now(), folders: [])
        await state.caughtUp("shop")
        await state.end("shop")
        try await moto.putBytes("vitrine/behind/shop.json", in: bucket, Array("theirs".utf8))
        let error = await #expect(throws: RunStop.self) { try await state.keep(ledger) }
        #expect(error?.reason == "state_changed" && state.lost == error)
        #expect(try await moto.object("vitrine/behind/shop.json", in: bucket) == "theirs")
        await #expect(throws: RunStop.self, "no run begins any more") { try await state.begin("shop", since: World.real.now(), folders: []) }
        await state.leave()
    }

    @Test("serve that finds its state another's ends with 75, to be started anew")
    func servesNoMore() async throws {
        try await withShop(extra: "    watch: true\n    watch_interval: 1s") { shop, sandbox in
            try await shop.drop("a.csv", Rows.file(1...3))
            let serving = try shop.shop.start(["serve", "--log-level", "debug"], environment: shop.moto.environment)
            #expect(await becomes { serving.errors.contains("\"state.kept\"") || serving.hasEnded })
            try await shop.moto.putBytes(Self.ledger, in: shop.state, gzipped(try await shop.moto.bytes(Self.ledger, in: shop.state)))
            try await shop.drop("b.csv", Rows.file(4...5))
            let finished = await serving.end()
            #expect(finished.code == 75 && finished.stderr.contains("another process has written"), "\(finished.stderr)")
            #expect(sandbox.catalog().count == 5, "the run itself is done")
            let next = try await shop.run("run", "shop", "--output", "json")
            #expect(next.code == 0, "\(next.stdout)\(next.stderr)")
        }
    }

    @Test("a ledger that another process has written meanwhile is not written over: 75, and the next run reads back what is missing there")
    func changed() async throws {
        try await withShop { shop, _ in
            try await shop.drop("a.csv", Rows.file(1...4))
            #expect(try await shop.run("run", "shop").code == 0)
            let theirs = try await shop.moto.bytes(Self.ledger, in: shop.state)
            let put = "PUT /\(shop.state)/\(Self.ledger)"
            try await shop.drop("b.csv", Rows.file(5...6))
            try await shop.moto.hold(put)
            let running = try shop.shop.start(["run", "shop", "--output", "json"], environment: shop.moto.environment)
            while try await shop.moto.held(put) == 0, !running.hasEnded { sched_yield() }
            // The same ledger, packed otherwise: another version of the object.
            let other = try gzipped(theirs)
            try await shop.moto.putBytes(Self.ledger, in: shop.state, other)
            try await shop.moto.letGo(put)
            let finished = await running.end()
            let error = try finished.document()["error"]
            #expect(finished.code == 75 && error["reason"].text == "state_changed" && error["culprit"].text?.hasSuffix(Self.ledger) == true, "\(finished.stdout)")
            #expect(try finished.document()["state"].text == "done")
            #expect(try await shop.moto.bytes(Self.ledger, in: shop.state) == other, "theirs is still there")

            let next = try await shop.run("run", "shop", "--output", "json")
            #expect(next.code == 0, "\(next.stdout)")
            #expect(try await shop.run("runs", "--output", "json").document()["runs"].elements.count == 3)
        }
    }

    @Test("while one process works on a state, another one is told who it is, and goes away with 75")
    func oneAtATime() async throws {
        try await withShop { shop, _ in
            try await shop.drop("a.csv", Rows.file(1...2))
            let put = "PUT /\(shop.state)/\(Self.ledger)"
            try await shop.moto.hold(put)
            let running = try shop.shop.start(["run", "shop"], environment: shop.moto.environment)
            while try await shop.moto.held(put) == 0, !running.hasEnded { sched_yield() }
            let second = try await shop.run("run", "shop", "--output", "json")
            let error = try second.document()["error"]
            #expect(second.code == 75 && error["reason"].text == "lease_held" && error["culprit"].text == "s3://\(shop.state)/vitrine", "\(second.stdout)")
            #expect(try await shop.run("runs").code == 78, "who only asks may, and there is nothing yet")
            try await shop.moto.letGo(put)
            #expect(await running.end().code == 0)
        }
    }

    @Test("serve puts it back after each run, takes a pause that was said elsewhere, and gives it free at its end")
    func serves() async throws {
        try await withShop(extra: "    watch: true\n    watch_interval: 1s") { shop, sandbox in
            try await shop.drop("a.csv", Rows.file(1...3))
            let serving = try shop.shop.start(["serve", "--log-level", "debug"], environment: shop.moto.environment)
            #expect(await becomes { serving.errors.contains("\"state.kept\"") || serving.hasEnded })
            #expect(try await LedgerDump.text(shop.moto.bytes(Self.ledger, in: shop.state), in: shop.shop.folder).contains("SKU-3"))
            #expect(try await shop.run("run", "shop").code == 75, "the daemon has it")
            #expect(try await shop.run("pause", "shop", "--reason", "stock-taking").code == 0)
            try await shop.drop("b.csv", Rows.file(4...5))
            #expect(await becomes { serving.errors.contains("\"run.waiting\"") || serving.hasEnded })
            #expect(try await shop.run("resume", "shop", "--reason", "done").code == 0)
            #expect(await becomes { sandbox.catalog().count == 5 || serving.hasEnded })
            serving.signal(SIGTERM)
            let finished = await serving.end()
            #expect(finished.code == 0, "\(finished.stderr)")
            let next = try await shop.run("run", "shop", "--output", "json")
            #expect(next.code == 0, "\(next.stdout)\(next.stderr)")
        }
    }
}

private func gzipped(_ packed: [UInt8]) throws -> [UInt8] { try gzip(gunzip(packed, limit: 1 << 30), level: 9) }
