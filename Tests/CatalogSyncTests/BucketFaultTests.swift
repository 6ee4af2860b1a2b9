import Engine
import Events
import Foundation
import ObjectStore
import Sandbox
import Synchronization
import TestKit
import Testing
import Transport

@testable import CatalogSync

@Suite("A run on buckets, while S3 misbehaves", .enabled(if: Judge.python.isHere))
struct BucketFaultTests {
    /// A bench whose landing zone and synced products lie in one new bucket.
    private struct Zone {
        let bench: SyncBench
        let moto: MotoServer
        let bucket: String

        func drop(_ file: FeedFile) async throws { try await moto.put("landing/data/\(file.name)", in: bucket, file.text) }

        func run(_ decide: @escaping @Sendable (HTTPRequest) async -> AWSFault = { _ in .none }) async throws -> SyncReport {
            let aws = FaultyAWS(decide: decide)
            let landing = try aws.store("s3://\(bucket)/landing", at: moto, spool: bench.root)
            let synced = try aws.store("s3://\(bucket)/synced", at: moto, spool: bench.root)
            return await (try bench.sync(landing: landing, synced: synced)).run(CatalogSync.Request())
        }

        func keys(_ prefix: String) async throws -> [String] { try await moto.keys(in: bucket).filter { $0.hasPrefix(prefix) } }

        func accepted() throws -> Int { try bench.ledger.subjectCounts(pipeline: bench.pipeline)[.accepted] ?? 0 }

        /// After a holder has died: what time does by itself.
        func endLeases() async throws {
            for key in try await keys("synced/") where key.contains("lease") { try await moto.delete(key, in: bucket) }
        }
    }

    private func withZone(_ body: (Zone) async throws -> Void) async throws {
        let moto = try await MotoServer.shared()
        let bucket = "faults-\(UUID().uuidString.lowercased())"
        try await moto.makeBucket(bucket)
        try await withBench { bench in
            bench.configuration.delivery.batchSize = 3
            try await body(Zone(bench: bench, moto: moto, bucket: bucket))
        }
    }

    @Test("every so many requests fail: nothing is lost, nothing sent twice, the books balance", arguments: [UInt64](1...6))
    func weather(seed: UInt64) async throws {
        try await withZone { zone in
            try await zone.drop(FeedFile("a.csv", .numbered(1...7)))
            try await zone.drop(FeedFile("b.csv", .numbered(8...9) + [FeedRow("bad", flaw: .price)]))
            let dice = Mutex(SeededGenerator(seed: seed))
            let faults = Mutex(0)
            let report = try await zone.run { request in
                guard request.url.contains(zone.bucket) else { return .none }
                let fault = dice.withLock { dice -> AWSFault in
                    guard dice.chance(0.15) else { return .none }
                    return [.slowDown, .internalError, .resetMidPut, .resetMidAnswer][Int(dice.next() % 4)]
                }
                if fault != .none { faults.withLock { $0 += 1 } }
                return fault
            }
            let happened = faults.withLock { $0 }
            #expect(happened > 5)
            #expect(report.state == .done && report.balanced && report.rows.read == 10 && report.rows.rejected == 1, "\(report.text())")
            #expect(report.items.accepted == 9 && report.files.archived == 2)
            #expect(try zone.accepted() == 9)
            #expect(try await zone.keys("landing/data/").isEmpty)
            #expect(zone.bench.posts.joined().count == 9)
            let second = try await zone.run()
            #expect(second.state == .nothingToDo && second.settled.isEmpty, "\(second.text())")
        }
    }

    @Test("the source is still there when the process dies between archive's copy and delete: the next run finishes it and sends nothing again")
    func diesInMove() async throws {
        try await withZone { zone in
            try await zone.drop(FeedFile("a.csv", .numbered(1...4)))
            let isGone = Mutex(false)
            let first = try await zone.run { request in
                isGone.withLock { isGone in
                    if request.method == .delete, request.url.contains("/landing/data/a.csv") { isGone = true }
                    return isGone ? .gone : .none
                }
            }
            #expect(first.state == .failed && first.exitCode == .serviceUnavailable, "\(first.text())")
            #expect(try await zone.keys("landing/archive/").count == 1)
            #expect(try await zone.keys("landing/data/").count == 1)
            try await zone.endLeases()
            let second = try await zone.run()
            let settled = second.settled.map(\.runID)
            #expect(second.exitCode == .success && settled == [first.runID], "\(second.text())")
            #expect(second.settled.first?.items.accepted == 4 && second.settled.first?.books.balanced == true)
            #expect(try await zone.keys("landing/data/").isEmpty)
            #expect(try await zone.keys("landing/archive/").count == 1)
            #expect(zone.bench.posts.joined().count == 4)
            #expect(try zone.accepted() == 4)
        }
    }

    @Test("an object replaced between listing and reading: the run begins again with the new one")
    func replaced() async throws {
        try await withZone { zone in
            try await zone.drop(FeedFile("a.csv", .numbered(1...3)))
            let once = Mutex(false)
            let report = try await zone.run { request in
                let isFirst = once.withLock { once in
                    guard !once, request.method == .get, request.url.contains("/landing/data/a.csv") else { return false }
                    once = true
                    return true
                }
                if isFirst { try? await zone.drop(FeedFile("a.csv", .numbered(1...2, revision: 2))) }
                return .none
            }
            let wasReplaced = once.withLock { $0 }
            #expect(wasReplaced)
            #expect(report.state == .done && report.rows.read == 2 && report.items.accepted == 2 && report.balanced, "\(report.text())")
            #expect(zone.bench.sink.count(.runRestarted) == 1)
            #expect(try await zone.keys("landing/data/").isEmpty)
        }
    }

    @Test("S3 that is gone in the middle ends the run with 69; the next one finishes it", arguments: [2, 5, 9])
    func gone(entries: Int) async throws {
        try await withZone { zone in
            try await zone.drop(FeedFile("a.csv", .numbered(1...4)))
            let puts = Mutex(0)
            let first = try await zone.run { request in
                guard request.url.contains("/journal/"), request.method == .put else { return puts.withLock { $0 >= entries } ? .gone : .none }
                return puts.withLock { puts in
                    puts += 1
                    return puts >= entries ? .gone : .none
                }
            }
            #expect(first.state == .failed && first.exitCode == .serviceUnavailable, "\(first.text())")
            try await zone.endLeases()
            let second = try await zone.run()
            #expect(second.exitCode == .success && second.balanced, "\(second.text())")
            #expect(try zone.accepted() == 4)
            #expect(try await zone.keys("landing/data/").isEmpty)
            #expect(try await zone.keys("synced/shop/open/").isEmpty)
        }
    }
}
