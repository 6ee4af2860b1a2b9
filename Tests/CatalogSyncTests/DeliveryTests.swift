import Engine
import Events
import Foundation
import ObjectStore
import Sandbox
import Synchronization
import Testing
import Transport

@testable import CatalogSync

@Suite("Delivery that goes wrong")
struct DeliveryTests {
    private static func faults(_ rules: FaultRule...) -> FaultPlan { FaultPlan(rules: rules) }

    @Test("a throttle beyond patience ends the run with 75 and pending rows; the next run finishes it")
    func throttled() async throws {
        try await withBench(sandbox: { $0.faults = Self.faults(FaultRule(.throttle, when: .after(1))) }) { bench in
            bench.configuration.delivery.batchSize = 3
            bench.configuration.delivery.pollDeadline = .seconds(1800)
            try bench.drop(FeedFile("a.csv", .numbered(1...7)), at: 0)
            let first = try await bench.run()
            #expect(first.state == .failed && first.exitCode == .tryAgainLater && first.error?.reason == "throttled")
            #expect(first.rows.pending == 4 && first.rows.sent == 3 && first.items.unknown == 3 && first.balanced, "\(first.text())")
            #expect(bench.clock.slept > .seconds(600) && bench.clock.slept < .seconds(1000))
            #expect(try await bench.dataFiles() == ["a.csv"])
            bench.sandbox.setFaults(.none)
            let second = try await bench.run()
            #expect(second.state == .nothingToDo && second.exitCode == .success && second.settled.map(\.runID) == [first.runID], "\(second.text())")
            let amended = try #require(try bench.storedReport(first.runID))
            #expect(amended.state == .done && amended.items.accepted == 7 && amended.rows.pending == 0 && amended.balanced)
            #expect(try await bench.dataFiles().isEmpty)
        }
    }

    @Test("a dead token or a lost permission ends the run with 77, and it goes on when that is mended", arguments: [FaultKind.tokenExpired, .permissionRemoved])
    func token(_ kind: FaultKind) async throws {
        try await withBench(sandbox: { $0.faults = Self.faults(FaultRule(kind, when: .after(0))) }) { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let first = try await bench.run { $0.runID = "night" }
            #expect(first.state == .failed && first.exitCode == .permission && first.rows.pending == 3 && first.balanced)
            #expect(bench.posts.count == 1)
            bench.sandbox.setFaults(.none)
            let second = try await bench.run { $0.runID = "night" }
            #expect(second.state == .done && second.items.accepted == 3 && second.runID == "night")
            #expect(try await bench.openMarks().isEmpty)
        }
    }

    @Test("a handle that never finishes leaves its items unknown; a later look amends the run that sent them")
    func neverFinishing() async throws {
        try await withBench(sandbox: { $0.faults = Self.faults(FaultRule(.neverFinishes, when: .calls([1]))) }) { bench in
            bench.configuration.delivery.pollDeadline = .seconds(1800)
            bench.configuration.delivery.pollInterval = .seconds(300)
            try bench.drop(FeedFile("a.csv", .numbered(1...4)), at: 0)
            let first = try await bench.run()
            #expect(first.state == .doneWithErrors && first.exitCode == .doneWithErrors && first.items.unknown == 4 && first.handles.timedOut == 1 && first.balanced)
            #expect(try await bench.dataFiles().isEmpty, "unknown does not hold a file")
            #expect(try await bench.openMarks().count == 1)
            #expect(try bench.subject("sku-1")?.state == .unknown)
            #expect(bench.sink.sum(.add, .items, "unknown") == 0 && bench.sink.sum(.revise, .items, "unknown") == 4, "a counter takes nothing back")
            #expect(bench.sink.last(.unresolvedItems) == 4)

            bench.clock.advance(.seconds(3600))
            let second = try await bench.run()
            #expect(second.state == .nothingToDo && second.exitCode == .doneWithErrors && second.settled.first?.items.unknown == 4)
            #expect(bench.posts.count == 1, "not resent before its time")

            bench.clock.advance(.seconds(24 * 3600))
            let third = try await bench.run()
            #expect(bench.posts.count == 2, "resent once")
            #expect(third.settled.first?.items.unknown == 4)
            var last = try await bench.run()
            while last.settled.first?.items.unknown == 4 { last = try await bench.run() }
            #expect(last.settled.first?.state == .done && last.exitCode == .success)
            let amended = try #require(try bench.storedReport(first.runID))
            #expect(amended.state == .done && amended.items.accepted == 4 && amended.endedAt == first.endedAt && amended.balanced)
            #expect(try bench.ledger.run(first.runID)?.state == .done)
            #expect(bench.sink.count(.runAmended) >= 3)
            #expect(bench.sink.sum(.add, .items, "accepted") == 4 && bench.sink.sum(.add, .items, "unknown") == 0, "each item once")
            #expect(bench.sink.sum(.revise, .items, "unknown") == amended.items.unknown && bench.sink.last(.unresolvedItems) == 0)
            #expect(try bench.subject("sku-1")?.state == .accepted)
            #expect(try await bench.openMarks().isEmpty)
        }
    }

    @Test("handles that never finish at all are given up after one more try")
    func givenUp() async throws {
        try await withBench(sandbox: { $0.faults = Self.faults(FaultRule(.neverFinishes, when: .after(0))) }) { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...4)), at: 0)
            let first = try await bench.run()
            for _ in 1...4 {
                bench.clock.advance(.seconds(25 * 3600))
                _ = try await bench.run()
            }
            #expect(bench.posts.count == 2)
            let report = try #require(try bench.storedReport(first.runID))
            #expect(report.state == .doneWithErrors && report.items.unknown == 4 && report.balanced)
            #expect(try await bench.openMarks().isEmpty)
            #expect(bench.sink.sum(.revise, .items, "unknown") == 4, "when the run ended, and not again when they were given up")
            #expect(bench.sink.last(.unresolvedItems) == 0, "nobody asks for them any more")
        }
    }

    @Test("settling never sends what a later run has sent, whatever comes late", arguments: [FaultKind.handleError, .handleCanceled, .hiddenIDs, .neverFinishes])
    func newerWord(_ late: FaultKind) async throws {
        try await withBench(sandbox: {
            $0.faults = Self.faults(FaultRule(late, when: .calls([1])))
            $0.handleDelay = 4
        }) { bench in
            bench.configuration.delivery.pollDeadline = .seconds(2)
            try bench.drop(FeedFile("a.csv", .numbered(1...4)), at: 0)
            let first = try await bench.run()
            #expect(first.items.unknown == 4)
            bench.configuration.delivery.pollDeadline = .seconds(1800)
            try bench.drop(FeedFile("b.csv", .numbered(1...2, revision: 2)), at: 60)
            #expect(try await bench.run().items.accepted == 2)
            // The late answer, or the end of waiting for it.
            for hours in [1, 1, 1, 25, 1, 1, 1, 1, 1, 25] {
                bench.clock.advance(.seconds(hours * 3600))
                _ = try await bench.run()
            }
            for id in ["sku-1", "sku-2"] {
                #expect(bench.sandbox.catalog()[id]?["title"] == FeedRow(id, 2).title)
                #expect(try bench.subject(id)?.state == .accepted)
            }
            let again = bench.posts.dropFirst(2).flatMap(\.self)
            #expect(again.contains("sku-3") && !again.contains("sku-1") && !again.contains("sku-2"), "\(bench.posts)")
            #expect(try await bench.openMarks().isEmpty)
            let report = try #require(try bench.storedReport(first.runID))
            #expect(report.balanced)
            let counted = ["accepted", "refused"].map { bench.sink.sum(.add, .items, $0) }
            #expect(counted.reduce(0, +) + report.items.unknown == 6, "four items and two newer ones, each verdict once: \(counted)")
            #expect(bench.sink.sum(.revise, .items, "unknown") == report.items.unknown && bench.sink.last(.unresolvedItems) == 0)
        }
    }

    @Test("nor what a run has sent that died before it could tell the ledger")
    func newerWordOfTheDead() async throws {
        try await withBench(sandbox: {
            $0.faults = Self.faults(FaultRule(.handleError, when: .calls([1])))
            $0.handleDelay = 3
        }) { bench in
            bench.configuration.delivery.pollDeadline = .seconds(2)
            try bench.drop(FeedFile("a.csv", .numbered(1...4)), at: 0)
            _ = try await bench.run { $0.runID = "0-late" }
            bench.configuration.delivery.pollDeadline = .seconds(1800)
            try bench.drop(FeedFile("b.csv", .numbered(1...2, revision: 2)), at: 60)
            try await Self.runUntilArchive(bench)
            #expect(bench.posts.last == ["sku-1", "sku-2"])
            bench.clock.advance(.seconds(3600))
            for _ in 1...4 { _ = try await bench.run() }
            #expect(bench.sandbox.catalog()["sku-1"]?["title"] == FeedRow("sku-1", 2).title, "\(bench.posts)")
            #expect(try bench.subject("sku-1")?.state == .accepted)
        }
    }

    /// A run that has its verdicts and dies without a word before it moves its file.
    private static func runUntilArchive(_ bench: SyncBench) async throws {
        let (deaths, death) = AsyncStream<Void>.makeStream()
        let landing = TappedStore(base: bench.landing) { (call, _, _) throws(StoreError) in
            guard call == .move else { return }
            death.yield()
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        }
        let sync = try bench.sync(landing: landing, synced: Fuse().store(bench.synced))
        // Unstructured, because it never comes back, as the process it stands for.
        Task { await sync.run(CatalogSync.Request()) }
        for await _ in deaths { return }
    }

    @Test("a poisoned item is found by halving, and only it is refused")
    func poison() async throws {
        try await withBench(sandbox: { $0.faults = Self.faults(FaultRule(.poison, when: .item(titleContains: "cursed"))) }) { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...40) + [FeedRow("guilty", word: "cursed")] + .numbered(41...64)), at: 0)
            let report = try await bench.run()
            #expect(report.state == .doneWithErrors && report.items.accepted == 64 && report.items.refused == 1 && report.balanced)
            #expect(report.refusals.first?.examples.map(\.productID) == ["guilty"])
            #expect(bench.posts.count <= 15, "\(bench.posts.count) posts for one of 65")
        }
    }

    @Test("hidden ids: the guilty are found by halving, and everything else is accepted")
    func hidden() async throws {
        try await withBench(sandbox: { $0.faults = Self.faults(FaultRule(.hiddenIDs, when: .calls([1]))) }) { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...20)), at: 0)
            let report = try await bench.run()
            #expect(report.state == .done && report.items.accepted == 20 && report.balanced, "\(report.text())")
            #expect(bench.sandbox.catalog().count == 20 && report.handleErrors > 0)
        }
    }

    @Test("a server that takes nothing is not asked for each item", arguments: [FaultKind.poison, .noHandle])
    func everythingRefused(_ kind: FaultKind) async throws {
        let rule = FaultRule(kind, when: kind == .poison ? .item(titleContains: "lamp") : .after(0))
        try await withBench(sandbox: { $0.faults = Self.faults(rule) }) { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...150)), at: 0)
            let report = try await bench.run()
            #expect(report.state == .failed && report.exitCode == .serviceUnavailable && report.error?.reason == "everything_refused", "\(report.text())")
            #expect(bench.posts.count < 100 && report.rows.pending > 80 && report.balanced)
            bench.sandbox.setFaults(.none)
            let next = try await bench.run()
            #expect(next.settled.first?.rows.pending == 0 && next.balanced)
            let settled = try #require(next.settled.first)
            #expect(settled.items.accepted + settled.items.refused == 150 && settled.items.unknown == 0)
        }
    }

    @Test("a handle that Meta has forgotten costs its items a verdict, not every later run its work", arguments: [200, 400])
    func forgotten(_ status: Int) async throws {
        try await withBench { bench in
            let gate = ForgettingTransport(status: status)
            bench.transport = gate
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let report = try await bench.run()
            #expect(report.state == .doneWithErrors && report.items.unknown == 3 && report.handles.failed == 2 && report.balanced, "\(report.text())")
            #expect(try await bench.openMarks().isEmpty)
        }
    }

    @Test("lost and broken answers are resent at once; each item counts once", arguments: [FaultKind.answerLost, .partialBody, .reset, .badGateway, .transient, .hang])
    func lost(_ kind: FaultKind) async throws {
        var plan = Self.faults(FaultRule(kind, when: .calls([1, 2])))
        plan.hangLimit = .milliseconds(10)
        try await withBench(sandbox: { $0.faults = plan }) { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...3)), at: 0)
            let report = try await bench.run()
            #expect(report.state == .done && report.items.sent == 3 && report.items.accepted == 3 && report.requests == .init(sent: 3, retried: 2), "\(report.text())")
        }
    }
}

/// The real transport, but for the status edge: there every handle is unknown.
private struct ForgettingTransport: HTTPTransport {
    let status: Int
    private let curl = Result { () throws(TransportError) in try CurlTransport() }

    init(status: Int) { self.status = status }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard request.url.contains("check_batch_request_status") else { return try await curl.get().send(request) }
        let body = status == 200 ? #"{"data":[]}"# : #"{"error":{"message":"Invalid batch handle","type":"OAuthException","code":100}}"#
        return HTTPResponse(status: status, body: Array(body.utf8))
    }
}
