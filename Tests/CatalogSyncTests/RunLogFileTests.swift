import Engine
import Gzip
import ObjectStore
import Testing

@testable import CatalogSync

@Suite("The log in the folder of a run")
struct RunLogFileTests {
    /// Says one line each time it is asked.
    private struct OneLine: RunLogCollector {
        var lost = 0
        func open(runID: String) {}
        func lost(runID: String) -> Int { lost }
        func take(runID: String) -> [UInt8]? { try? gzip(Array("line of \(runID)\n".utf8)) }
    }

    @Test("is there beside the report, and can be unpacked")
    func kept() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2)), at: 0)
            let report = await (try bench.sync(runLogs: OneLine())).run(CatalogSync.Request())
            let packed = try await bench.synced.get(bench.folder(of: report).log, limit: 1 << 20)
            #expect(String(decoding: try gunzip(packed, limit: 1 << 20), as: UTF8.self) == "line of \(report.runID)\n")
        }
    }

    @Test("does not keep a run from its end when it cannot be kept, and that is said")
    func lost() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2)), at: 0)
            let synced = TappedStore(base: bench.synced) { (call, moment, key) throws(StoreError) in
                guard call == .put, moment == .before, key.hasSuffix("/log.ndjson.gz") else { return }
                throw StoreError(.failed, culprit: key, detail: "no space", remedy: "Make room.")
            }
            let report = await (try bench.sync(synced: synced, runLogs: OneLine())).run(CatalogSync.Request())
            #expect(report.state == .done && report.balanced)
            #expect(bench.sink.count(.runLogLost) == 1)
            #expect(try await bench.isTidy)
        }
    }

    @Test("says that it is not whole where lines found no room")
    func cut() async throws {
        try await withBench { bench in
            try bench.drop(FeedFile("a.csv", .numbered(1...2)), at: 0)
            _ = await (try bench.sync(runLogs: OneLine(lost: 3))).run(CatalogSync.Request())
            #expect(bench.sink.count(.runLogCut) == 1)
        }
    }
}
