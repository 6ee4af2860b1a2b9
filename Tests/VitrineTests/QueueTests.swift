import Foundation
import Glibc
import Sandbox
import TestKit
import Testing

@Suite("serve, told of new files by a queue, on moto", .enabled(if: Judge.python.isHere))
struct QueueTests {
    private struct Bench {
        let shop: BucketShop
        let queue: Queue
        let sandbox: Sandbox

        func tell(_ key: String, event: String = "ObjectCreated:Put") async throws {
            try await queue.send(Queue.created("zone/data/\(key)", in: shop.landing, event: event))
        }

        func serve() throws -> Running { try shop.shop.start(["serve", "--log-level", "debug"], environment: shop.moto.environment) }

        func end(_ serving: Running, expecting code: Int32 = 0) async {
            serving.signal(SIGTERM)
            let finished = await serving.end()
            #expect(finished.code == code, "\(finished.stderr)")
        }
    }

    /// The landing zone is looked at once an hour: what starts within seconds was told of.
    private func withBench(_ faults: FaultPlan = .none, _ body: (Bench) async throws -> Void) async throws {
        try await withSandbox(faults) { sandbox in
            let queue = try await Queue.make(on: try await MotoServer.shared())
            let watch = "    watch: {queue: \"\(queue.url)\"}\n    watch_interval: 1h"
            try await body(Bench(shop: try await BucketShop(graphURL: sandbox.graphURL, extra: watch), queue: queue, sandbox: sandbox))
        }
    }

    @Test("a message starts a run and is gone when the run has closed, however it is wrapped")
    func starts() async throws {
        try await withBench { bench in
            let serving = try bench.serve()
            #expect(await becomes { serving.errors.contains("\"landing.watched\"") || serving.hasEnded })
            try await bench.shop.drop("a%20b.csv", Rows.file(1...3))
            try await bench.tell("a b.csv")
            #expect(await becomes { bench.sandbox.catalog().count == 3 || serving.hasEnded })
            #expect(try await bench.queue.comes(to: 0, unless: serving))

            try await bench.shop.drop("b.csv", Rows.file(4...5))
            let key = "zone/data/b.csv"
            let letter = try JSONSerialization.data(withJSONObject: [
                "Type": "Notification", "TopicArn": "arn:aws:sns:eu-central-1:123456789012:files", "Message": Queue.created(key, in: bench.shop.landing),
            ])
            try await bench.queue.send(String(decoding: letter, as: UTF8.self))
            #expect(await becomes { bench.sandbox.catalog().count == 5 || serving.hasEnded })
            #expect(try await bench.queue.comes(to: 0, unless: serving))

            try await bench.shop.drop("c.csv", Rows.file(6...6))
            let bridge = #"{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"\#(bench.shop.landing)"},"object":{"key":"zone/data/c.csv"}}}"#
            try await bench.queue.send(bridge)
            #expect(await becomes { bench.sandbox.catalog().count == 6 || serving.hasEnded })
            #expect(try await bench.queue.comes(to: 0, unless: serving))
            #expect(serving.errors.contains("\"reason\":\"told\""), "\(serving.errors)")
            await bench.end(serving)
        }
    }

    @Test("S3's own test, news of other keys and of deletions, and messages that come twice, do no harm and are taken away")
    func harmless() async throws {
        try await withBench { bench in
            try await bench.queue.send(#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"\#(bench.shop.landing)"}"#)
            try await bench.queue.send(Queue.created("zone/archive/2026/11/21/x/a.csv", in: bench.shop.landing, event: "ObjectCreated:Copy"))
            try await bench.tell("a.csv", event: "ObjectRemoved:Delete")
            let serving = try bench.serve()
            #expect(try await bench.queue.comes(to: 0, unless: serving))
            #expect(!serving.errors.contains("\"run.due\""), "\(serving.errors)")
            try await bench.shop.drop("a.csv", Rows.file(1...3))
            for _ in 1...3 { try await bench.tell("a.csv") }
            #expect(await becomes { bench.sandbox.catalog().count == 3 || serving.hasEnded })
            #expect(try await bench.queue.comes(to: 0, unless: serving))
            await bench.end(serving)
            #expect(bench.sandbox.catalog().count == 3)
        }
    }

    @Test("what is of another bucket, or cannot be read, is told of once and stays in the queue")
    func strange() async throws {
        try await withBench { bench in
            try await bench.queue.send("hello")
            try await bench.queue.send(Queue.created("zone/data/a.csv", in: "somebody-elses"))
            let serving = try bench.serve()
            #expect(await becomes { serving.errors.components(separatedBy: "\"queue.strange\"").count == 3 || serving.hasEnded })
            try await bench.shop.drop("a.csv", Rows.file(1...2))
            try await bench.tell("a.csv")
            #expect(await becomes { bench.sandbox.catalog().count == 2 || serving.hasEnded })
            #expect(try await bench.queue.comes(to: 2, unless: serving))
            try await bench.queue.showAll()
            while try await bench.queue.hidden() < 2, !serving.hasEnded {}
            try await bench.tell("a.csv")
            #expect(try await bench.queue.comes(to: 2, unless: serving))
            #expect(serving.errors.components(separatedBy: "\"queue.strange\"").count == 3, "\(serving.errors)")
            #expect(serving.errors.contains("somebody-elses"))
            await bench.end(serving)
        }
    }

    @Test("a run that is killed leaves its message in the queue; the next process gets it, finishes the run, and then it is gone")
    func killed() async throws {
        try await withBench { bench in
            let journal = "PUT /\(bench.shop.synced)/shop/2"
            try await bench.shop.drop("a.csv", Rows.file(1...3))
            try await bench.tell("a.csv")
            let serving = try bench.serve()
            // Within the run: the report of its end does not get through.
            try await bench.shop.moto.hold(journal)
            while try await bench.shop.moto.held(journal) == 0, !serving.hasEnded { sched_yield() }
            serving.signal(SIGKILL)
            #expect(await serving.end().code == -SIGKILL)
            try await bench.shop.moto.drop(journal)
            #expect(try await bench.queue.count() == 1)
            try await bench.shop.endLeases()
            let again = try bench.serve()
            #expect(await becomes { bench.sandbox.catalog().count == 3 || again.hasEnded })
            // Hidden still, from who is dead, and whose last long poll may yet get it: time gives it back.
            while try await bench.queue.count() > 0, !again.hasEnded { try await bench.queue.showAll() }
            #expect(try await bench.queue.count() == 0)
            await bench.end(again)
        }
    }

    @Test("a run that fails leaves its message there, and its repetition takes it away")
    func fails() async throws {
        try await withBench { bench in
            let serving = try shopWithoutToken(bench)
            try await bench.shop.drop("a.csv", Rows.file(1...3))
            try await bench.tell("a.csv")
            #expect(await becomes { serving.errors.contains("\"run.stopped\"") || serving.hasEnded })
            #expect(try await bench.queue.count() == 1)
            await bench.end(serving)
            #expect(try await bench.queue.count() == 1)
            let again = try bench.serve()
            #expect(await becomes { bench.sandbox.catalog().count == 3 || again.hasEnded })
            try await bench.queue.showAll()
            #expect(try await bench.queue.comes(to: 0, unless: again))
            await bench.end(again)
        }
    }

    private func shopWithoutToken(_ bench: Bench) throws -> Running {
        try bench.shop.shop.start(["serve", "--log-level", "debug"], environment: bench.shop.moto.environment.merging(["SHOP_TOKEN": "wrong"]) { $1 })
    }

    @Test("a queue that is not there is told of once, with the remedy, and serve goes on")
    func missing() async throws {
        try await withSandbox { sandbox in
            let url = "\(try await MotoServer.shared().url)/123456789012/never-made"
            let shop = try await BucketShop(graphURL: sandbox.graphURL, extra: "    watch: {queue: \"\(url)\"}\n    watch_interval: 1s")
            try await shop.drop("a.csv", Rows.file(1...2))
            let serving = try shop.shop.start(["serve"], environment: shop.moto.environment)
            #expect(await becomes { serving.errors.contains("\"queue.unreachable\"") || serving.hasEnded })
            // Found by looking.
            #expect(await becomes { sandbox.catalog().count == 2 || serving.hasEnded })
            serving.signal(SIGTERM)
            let finished = await serving.end()
            #expect(finished.code == 0 && finished.stderr.components(separatedBy: "\"queue.unreachable\"").count == 2, "\(finished.stderr)")
        }
    }
}
