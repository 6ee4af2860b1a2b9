import Engine
import Events
import Foundation
import ObjectStore
import Sandbox
import Synchronization
import Testing

@testable import CatalogSync

/// A lease that ends when it was asked so often, as one does whose process was stopped for too long.
private final class ShortLease: Lease {
    let fencingNumber: Int?
    private let left: Mutex<Int>

    /// - Parameter confirms: how often it is still ours.
    init(number: Int, confirms: Int) {
        fencingNumber = number
        left = Mutex(confirms)
    }

    func extend(until: Timestamp) async throws(StoreError) {}
    func release() async {}

    func confirm() throws(StoreError) {
        let isOurs = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if !isOurs { throw StoreError(.changed, culprit: "the lease", detail: "it is not ours any more", remedy: "Wait for the other one.") }
    }
}

@Suite("A lease that is taken from a run")
struct LeaseTests {
    private static func store(_ bench: SyncBench, number: Int, confirms: Int) -> TappedStore {
        TappedStore(base: bench.synced, tap: { (_, _, _) throws(StoreError) in }, granted: ShortLease(number: number, confirms: confirms))
    }

    /// The pipeline's lease and the catalogue's are one here, so each entry asks twice.
    @Test("the run stops with 75 and writes nothing more, wherever that is; the next one finishes it, and each product is told of once", arguments: 0..<16)
    func stolen(entries: Int) async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...6)), at: 0)
            let first = await (try bench.sync(synced: Self.store(bench, number: 3, confirms: entries * 2))).run(CatalogSync.Request())
            #expect(first.state == .failed && first.exitCode == .tryAgainLater && first.error?.reason == "lease_lost", "\(first.text())")
            #expect(try await bench.journal(bench.folder(of: first)).count <= entries)
            #expect(try await !bench.synced.exists(bench.folder(of: first).report), "the report is the next holder's")
            let second = await (try bench.sync(synced: Self.store(bench, number: 4, confirms: .max))).run(CatalogSync.Request())
            #expect(second.exitCode == .success && second.balanced, "\(second.text())")
            #expect(try await bench.isTidy)
            let accepted = second.items.accepted + second.settled.reduce(0) { $0 + $1.items.accepted }
            let live = try bench.ledger.subjectCounts(pipeline: bench.pipeline)[.accepted]
            #expect(accepted == 6 && live == 6, "\(first.text())\(second.text())")
        }
    }

    @Test("its number stands in the journal before what was done under it")
    func number() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2)), at: 0)
            let first = await (try bench.sync(synced: Self.store(bench, number: 3, confirms: 12))).run(CatalogSync.Request())
            let journal = try await bench.journal(bench.folder(of: first))
            let isFirst = if case .leased(3, _) = journal.first { true } else { false }
            #expect(isFirst, "\(journal)")
            _ = await (try bench.sync(synced: Self.store(bench, number: 9, confirms: .max))).run(CatalogSync.Request())
            #expect(try await bench.record(of: first).leaseNumber == 9)
        }
    }
}
