import Engine
import Events
import ObjectStore
import Sandbox
import Testing

@testable import CatalogSync

@Suite("A crash at any change of a store")
struct CrashTests {
    /// Two runs' worth of files: a first catalogue, then a delta with all that can become of a row.
    private static let before = FeedFile("first.csv", .numbered(1...6))
    private static let delta = [
        FeedFile("a.csv", [FeedRow("sku-1", 2), FeedRow("sku-2"), FeedRow("new-1"), FeedRow("bad-1", flaw: .price), FeedRow("new-2")]),
        FeedFile("b.csv", [FeedRow("refused-1")], isRefused: true),
        FeedFile("c.csv.gz", [FeedRow("sku-1", 3), FeedRow("new-3"), FeedRow("new-4", word: Shop.poisonWord), FeedRow("new-5"), FeedRow("sku-3", 2)]),
    ]

    private static func withDelta(_ body: (inout SyncBench) async throws -> Void) async throws {
        try await withBench(sandbox: { $0.faults = FaultPlan(rules: [FaultRule(.poison, when: .item(titleContains: Shop.poisonWord))]) }) { bench in
            bench.configuration.delivery.batchSize = 3
            bench.configuration.delivery.pollDeadline = .seconds(1800)
            try bench.drop(before, at: 0)
            let first = try await bench.run()
            #expect(first.state == .done)
            bench.clock.advance(.seconds(3600))
            for (index, file) in delta.enumerated() { try bench.drop(file, at: 3600 + Double(index)) }
            try await body(&bench)
        }
    }

    /// What must be the same however often the work was broken off.
    private struct Ending: Equatable {
        func differences(from other: Ending) -> [String] {
            [titles.difference(of: other.titles), subjects.difference(of: other.subjects), files.difference(of: other.files)].flatMap(\.self)
        }

        var titles: [String]
        var subjects: [String]
        var files: [String]

        init(_ bench: SyncBench) async throws {
            titles = bench.sandbox.catalog().values.compactMap { $0["title"] }.sorted()
            let ids = (before.rows + delta.flatMap(\.rows)).map(\.id)
            subjects = try bench.ledger.subjects(ids, pipeline: bench.pipeline).all.map {
                "\($0.id) \($0.state) \($0.acceptedContent?.description ?? "-") \($0.file):\($0.row) \($0.sentFile ?? "-"):\($0.sentRow ?? 0)"
            }.sorted()
            // The run's name and day are in the path; what counts is that each file is there once.
            files = try await (bench.names(in: "archive/") + bench.names(in: "rejected/")).map { String($0.split(separator: "/").last ?? "") }.sorted()
        }
    }

    private static func reference() async throws -> (changes: Int, Ending, posts: Int) {
        var result: (Int, Ending, Int)?
        try await withDelta { bench in
            let fuse = Fuse()
            let posts = bench.posts.count
            let report = await (try bench.sync(landing: fuse.store(bench.landing), synced: fuse.store(bench.synced))).run(CatalogSync.Request())
            #expect(report.state == .doneWithErrors && report.balanced, "\(report.text())")
            result = (fuse.changes, try await Ending(bench), bench.posts.count - posts)
        }
        return try #require(result)
    }

    @Test("leads to the same end", arguments: Fuse.Death.allCases, [TappedStore.Moment.before, .after])
    func everywhere(_ death: Fuse.Death, _ moment: TappedStore.Moment) async throws {
        let (changes, ending, posts) = try await Self.reference()
        #expect(changes > 30)
        for place in 1...changes {
            let label = "\(death.rawValue) death \(moment) change \(place) of \(changes)"
            try await Self.withDelta { bench in
                var request = CatalogSync.Request()
                request.runID = "crashed"
                let postsBefore = bench.posts.count
                _ = try await bench.runUntilDeath(at: place, moment, death, request: request)
                bench.clock.advance(.seconds(600))
                // Every other time by name, else by whatever run comes next.
                let resumed = try await bench.run { if place % 2 == 0 { $0.runID = "crashed" } }
                #expect(resumed.state.isEnd && resumed.balanced, "\(label): \(resumed.text())")
                bench.clock.advance(.seconds(600))
                let next = try await bench.run()
                #expect(next.state == .nothingToDo, "\(label): \(next.text())")
                let found = try await Ending(bench)
                #expect(found == ending, "\(label): \(found.differences(from: ending))")
                #expect(try await bench.openMarks().isEmpty, "\(label)")
                #expect(try await bench.dataFiles().isEmpty, "\(label)")
                for run in try bench.ledger.runs(pipeline: bench.pipeline, limit: 10) where run.state.isEnd {
                    #expect(try SyncReport(json: Array(run.report.utf8)).balanced, "\(label): run \(run.runID)")
                }
                // One request more at most: the one whose answer the crash took away.
                #expect(bench.posts.count - postsBefore <= posts + 1, "\(label): \(bench.posts.count - postsBefore) posts, without a crash \(posts)")
                try await Self.checkNothingAnsweredWentAgain(bench, label)
            }
        }
    }

    private static func checkNothingAnsweredWentAgain(_ bench: SyncBench, _ label: String) async throws {
        for run in try bench.ledger.runs(pipeline: bench.pipeline, limit: 10) {
            var answered: Set<String> = []
            for entry in try await bench.journal(RunFolder(pipeline: bench.pipeline, runID: run.runID, startedAt: run.startedAt)) {
                if case .posted(let name, _, _) = entry { answered.insert(name) }
                if case .posting(let name, _, _, _) = entry { #expect(!answered.contains(name), "\(label): \(name) was answered and went again") }
            }
        }
    }
}

extension [String] {
    /// What is in only one of the two, `+` for this one.
    fileprivate func difference(of other: [String]) -> [String] {
        filter { !other.contains($0) }.map { "+ \($0)" } + other.filter { !contains($0) }.map { "- \($0)" }
    }
}
