import Testing

@testable import Feed

@Suite("The newest valid row of an id")
struct ResolutionTests {
    private func rows(_ list: [(id: String, title: String, version: String)]) -> String {
        requiredHeader + ",v\n"
            + list.map { "\($0.id),\($0.title),A lamp.,https://a.krd/1,https://a.krd/1.jpg,in stock,5 USD,N,new,Home,\($0.version)\n" }.joined()
    }

    private func resolved(_ texts: [String], _ adjust: (inout FeedOptions) -> Void = { _ in }) async throws -> Resolution {
        var options = FeedOptions()
        adjust(&options)
        var scans: [FileScan] = []
        for text in texts { scans.append(try await scan(text, options: options)) }
        return try await resolve(scans, sources: texts.map { MemoryByteSource($0) }, options: options)
    }

    private func ref(_ file: Int, _ row: Int) -> RowRef { RowRef(file: file, row: row) }

    @Test("is the last one in file order, then line; every loser points to the final winner")
    func order() async throws {
        let found = try await resolved([rows([("a", "x", "9"), ("b", "x", "9"), ("a", "x", "9"), ("a", "y", "1")]), rows([("a", "z", "1"), ("c", "x", "1")])])
        #expect(Array(found.winners) == [ref(0, 1), ref(1, 0), ref(1, 1)])
        #expect(found.superseded.map(\.row) == [ref(0, 0), ref(0, 2), ref(0, 3)])
        #expect(found.superseded.allSatisfy { $0.by == ref(1, 0) })
        #expect([RuleID.i06, .i07, .i08].map { found.tally.count(of: $0) } == [1, 1, 1])
    }

    @Test("is the highest version where there is a version column")
    func version() async throws {
        let texts = [rows([("a", "x", "2026-01-02"), ("b", "x", "2026-01-02T08:00Z")]), rows([("a", "y", "2026-01-01"), ("b", "y", "2026-01-02T12:00+03:00")])]
        let found = try await resolved(texts) { $0.versionColumn = "v" }
        #expect(Array(found.winners) == [ref(0, 0), ref(1, 1)])
        #expect(found.superseded.map(\.row) == [ref(0, 1), ref(1, 0)])
    }

    @Test("rejected rows neither win nor lose") func rejected() async throws {
        let found = try await resolved([rows([("a", "x", "1"), ("a", "", "2")])])
        #expect(Array(found.winners) == [ref(0, 0)] && found.superseded.isEmpty && found.tally.isEmpty)
    }

    @Test("differing rows of one id are all held back where I07 is an error") func heldBack() async throws {
        let found = try await resolved([rows([("a", "x", "1"), ("a", "y", "2"), ("b", "x", "1"), ("a", "y", "2")])]) { $0.severities[.i07] = .error }
        #expect(Array(found.winners) == [ref(0, 2)])
        #expect(Set(found.superseded.map(\.row) + found.heldBack) == [ref(0, 0), ref(0, 1), ref(0, 3)])
    }

    @Test("equal fingerprints of different ids are no duplicates", arguments: [0, 1, 3])
    func collisions(_ bits: Int) async throws {
        let list = (0..<50).map { ("id\($0 % 40)", "x", "1") }
        let found = try await resolved([rows(list)]) { $0.fingerprintBits = bits }
        #expect(Array(found.winners) == (10..<50).map { ref(0, $0) })
        #expect(found.superseded.map(\.by) == (40..<50).map { ref(0, $0) })
    }

    @Test("a long row of replacements points to its end, whichever way the versions go", arguments: [["1", "2", "3", "4", "5"], ["5", "4", "3", "2", "1"], ["3", "1", "4", "2", "5"], ["2", "2", "2", "1", "2"]])
    func chains(_ versions: [String]) async throws {
        let texts = [rows(versions.map { ("a", "x", $0) }), rows(versions.reversed().map { ("a", "y", $0) } + [("b", "x", "1")])]
        let found = try await resolved(texts) { $0.versionColumn = "v" }
        let all = versions + versions.reversed()
        let last = try #require(all.indices.last { all[$0] == all.max() })
        let winner = ref(last / 5, last % 5)
        #expect(Set(found.winners) == [winner, ref(1, 5)])
        #expect(found.superseded.map(\.row) == all.indices.filter { $0 != last }.map { ref($0 / 5, $0 % 5) })
        #expect(found.superseded.allSatisfy { $0.by == winner })
    }
}
