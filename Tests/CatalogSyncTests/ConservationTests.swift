import Engine
import Events
import Sandbox
import TestKit
import Testing

@testable import CatalogSync

@Suite("Every row is accounted for")
struct ConservationTests {
    private static let seeds: ClosedRange<UInt64> = 1...210
    /// Rounds of export and run before the catalogue is left in peace.
    private static let rounds = 4
    private static let shopsAtOnce = 8

    @Test("over seeded faults, crashes, rejected rows, refused, late and packed files")
    func seeded() async throws {
        let met = try await withThrowingTaskGroup(of: Set<FaultKind>.self) { group in
            var seeds = Self.seeds.makeIterator()
            var met: Set<FaultKind> = []
            for _ in 0..<Self.shopsAtOnce { if let seed = seeds.next() { group.addTask { try await Self.oneShop(seed) } } }
            while let kinds = try await group.next() {
                met.formUnion(kinds)
                if let seed = seeds.next() { group.addTask { try await Self.oneShop(seed) } }
            }
            return met
        }
        let missing = FaultKind.survivable.union([.poison]).subtracting(met)
        #expect(missing.isEmpty, "no seed met \(missing): the suite proves less than it says")
    }

    /// A whole small history. Returns the faults it met.
    private static func oneShop(_ seed: UInt64) async throws -> Set<FaultKind> {
        var met: Set<FaultKind> = []
        var dice = SeededGenerator(seed: seed ^ 0x5EED)
        var plan = FaultPlan.random(seed: seed)
        if seed % 3 == 0 { plan.rules.insert(FaultRule(.poison, when: .item(titleContains: Shop.poisonWord)), at: 0) }
        var shop = Shop(seed: seed, products: 25, hasPoison: seed % 3 == 0)
        try await withBench(seed: seed, sandbox: { $0.faults = plan }) { bench in
            bench.configuration.delivery.batchSize = Int.random(in: 1...12, using: &dice)
            bench.configuration.delivery.maxInFlight = Int.random(in: 1...3, using: &dice)
            for round in 1...rounds {
                for export in shop.export(at: Double(round) * 3600) { try bench.drop(export.file, at: export.time) }
                if dice.chance(0.4) { try await crash(bench, &dice) }
                try await runToItsEnd(bench, Audit(bench: bench, shop: shop, label: "seed \(seed), round \(round)"))
                bench.clock.advance(.seconds(Int.random(in: 600...7200, using: &dice)))
            }
            try await leaveInPeace(bench, &shop, plan, seed)
            met = Set(bench.sandbox.calls().compactMap(\.fault))
        }
        return met
    }

    /// A process that dies at some change of a store.
    private static func crash(_ bench: SyncBench, _ dice: inout SeededGenerator) async throws {
        let death = Fuse.Death.allCases.randomElement(using: &dice)!
        let moment: TappedStore.Moment = dice.chance(0.5) ? .before : .after
        _ = try await bench.runUntilDeath(at: Int.random(in: 1...40, using: &dice), moment, death)
    }

    private static func runToItsEnd(_ bench: SyncBench, _ audit: Audit) async throws {
        for _ in 1...5 {
            let report = try await bench.run()
            for settled in report.settled where settled.state.isEnd {
                let earlier = try #require(try bench.storedReport(settled.runID))
                try await audit.check(earlier)
            }
            guard report.state.isEnd else {
                #expect([.tryAgainLater, .serviceUnavailable].contains(report.exitCode), "\(audit.label): \(report.text())")
                bench.clock.advance(.seconds(1800))
                continue
            }
            try await audit.check(report)
            try audit.checkLedger()
            return
        }
        Issue.record("\(audit.label): no end after five runs")
    }

    /// Without faults everything comes to a definite end: first what was left open, then each product once more.
    private static func leaveInPeace(_ bench: SyncBench, _ shop: inout Shop, _ plan: FaultPlan, _ seed: UInt64) async throws {
        var peace = FaultPlan()
        peace.refusals = plan.refusals
        peace.rules = plan.rules.filter { $0.kind == .poison }
        bench.sandbox.setFaults(peace)
        for _ in 1...3 {
            bench.clock.advance(.seconds(25 * 3600))
            try await runToItsEnd(bench, Audit(bench: bench, shop: shop, label: "seed \(seed), settling"))
        }
        #expect(try await bench.openMarks().isEmpty, "seed \(seed): an open mark is left")
        let export = shop.exportAll(at: 400_000)
        try bench.drop(export.file, at: export.time)
        let callsBefore = bench.sandbox.calls().count
        let last = try await bench.run { $0.full = true }
        let audit = Audit(bench: bench, shop: shop, label: "seed \(seed), the last run")
        try await audit.check(last)
        try audit.checkLedger()
        let applied = bench.sandbox.calls().dropFirst(callsBefore).flatMap(\.applied)
        #expect(Set(applied).count == applied.count, "seed \(seed): an item was sent twice without need")
        for id in shop.newest.keys {
            let state = try bench.subject(id)?.state
            #expect(state == (applied.contains(id) ? .accepted : .refused), "seed \(seed): \(id) is \(String(describing: state))")
        }
        #expect(last.items.accepted == applied.count && last.items.unknown == 0, "seed \(seed): \(last.text())")
        #expect(try await bench.dataFiles().isEmpty, "seed \(seed): a file was left behind")
        try await checkArchive(bench, shop, seed)
    }

    /// Each file has exactly one copy: in the archive, or with its reason in `rejected/`.
    private static func checkArchive(_ bench: SyncBench, _ shop: Shop, _ seed: UInt64) async throws {
        let archived = try await bench.names(in: "archive/").map { $0.split(separator: "/", maxSplits: 4).last.map(String.init) ?? "" }
        let refused = try await bench.names(in: "rejected/").map { $0.split(separator: "/", maxSplits: 1).last.map(String.init) ?? "" }
        for (file, _) in shop.written {
            #expect(archived.count { $0 == file.name } == (file.isRefused ? 0 : 1), "seed \(seed): \(file.name) in the archive")
            #expect(refused.count { $0 == file.name } == (file.isRefused ? 1 : 0), "seed \(seed): \(file.name) in rejected/")
            #expect(refused.contains(file.name + ".reason.json") == file.isRefused, "seed \(seed): \(file.name)")
            let hasRejectedRows = !file.isRefused && file.rows.contains { $0.flaw != nil }
            #expect(refused.contains(file.name + ".rejected.csv") == hasRejectedRows, "seed \(seed): \(file.name)")
        }
    }
}
