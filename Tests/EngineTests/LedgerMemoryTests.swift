import Engine
import Events
import Foundation
import Testing

@Suite("What the ledger remembers, and for how long")
struct LedgerMemoryTests {
    @Test("moves the newest word on a subject to an unchanged row, and leaves all else")
    func unchanged() throws {
        try withLedger { ledger in
            try ledger.take(run(1), [receipt("a", .accepted, version: "5"), receipt("b", .refused, messages: ["no"]), receipt("c", .accepted)])
            try ledger.take(run(2), [receipt("c", .rejected, messages: ["P02"])])
            let before = try ledger.subjects(["a", "b", "c"], pipeline: "shop")
            try ledger.move(rows("g.csv", ["c", "b", "a", "nobody"], version: "9"), of: run(3))
            let after = try ledger.subjects(["a", "b", "c", "nobody"], pipeline: "shop")
            #expect(after.count == 3)
            var expected = try #require(before["a"])
            (expected.file, expected.row, expected.version, expected.fileTime) = ("g.csv", 12, "9", time(5))
            (expected.sentFile, expected.sentRow, expected.sentVersion, expected.sentFileTime) = ("g.csv", 12, "9", time(5))
            #expect(after["a"] == expected)
            #expect(after["b"]?.state == .refused && after["b"]?.message == "no" && after["b"]?.sentRow == 11)
            #expect(after["c"]?.state == .accepted && after["c"]?.message == nil, "a row as it was sent has the last word")
            // An older run that is amended does not take it back, nor its own unchanged rows.
            try ledger.take(run(1), [receipt("a", .accepted, version: "5")])
            try ledger.move(rows("f.csv", ["a"], version: "6"), of: run(2))
            #expect(try ledger.subjects(["a"], pipeline: "shop")["a"] == expected)
        }
    }

    @Test("remembers the traits of what was sent, through rows that were not, and finds subjects by their likeness")
    func traits() throws {
        let traits = Traits(likeness: Fingerprint(.max), amount: 25_000_000, unit: "IQD", standing: "in stock")
        try withLedger { ledger in
            try ledger.take(run(1), [receipt("b", .accepted, traits: traits), receipt("a", .unknown, traits: traits), receipt("c", .rejected, traits: traits)])
            try ledger.take(run(2), [receipt("b", .rejected)])
            try ledger.take(run(3, pipeline: "other"), [receipt("0", .accepted, traits: traits)])
            #expect(try ledger.subjects(["b"], pipeline: "shop")["b"]?.traits == traits)
            #expect(try ledger.subjects(["c"], pipeline: "shop")["c"]?.traits == Traits(), "what was not sent is not remembered")
            let alike = try ledger.subjects(like: [Fingerprint(.max), Fingerprint(7)], pipeline: "shop")
            #expect(alike.mapValues(\.id) == [Fingerprint(.max): "a"])
            #expect(try ledger.history(of: "b", pipeline: "shop", limit: 9).map(\.receipt.traits) == [nil, traits])
            try ledger.take(run(4), [receipt("b", .refused)])
            #expect(try ledger.subjects(["b"], pipeline: "shop")["b"]?.traits == Traits())
        }
    }

    @Test("forgets runs past their time, but neither open ones nor what is known of subjects")
    func prune() throws {
        try withLedger { ledger in
            for number in 1...4 { try ledger.take(run(number), [receipt("a\(number)", .accepted)]) }
            try ledger.take(run(0, pipeline: "other"), [receipt("x", .accepted)])
            #expect(try ledger.prune(pipeline: "shop", before: time(4), besides: ["run-2"]) == 2)
            #expect(try ledger.runs(pipeline: "shop", limit: 9).map(\.runID) == ["run-4", "run-2"])
            #expect(try ledger.history(of: "a1", pipeline: nil, limit: 9) == [] && ledger.history(of: "a2", pipeline: nil, limit: 9).count == 1)
            #expect(try ledger.rejections(of: "run-1").isEmpty && ledger.runThatTook(sha256: "abc", pipeline: "shop", besides: "") == "run-4")
            let kept = try #require(try ledger.subjects(["a1"], pipeline: "shop")["a1"])
            #expect(kept.runID == "run-1" && kept.acceptedContent == Fingerprint(0xc) && kept.file == "f.csv")
            #expect(try ledger.runs(pipeline: "other", limit: 9).count == 1)
            #expect(try ledger.prune(pipeline: "nobody", before: time(9), besides: []) == 0)
        }
    }

    @Test("takes its receipts in large transactions, and each subject's in their order")
    func pen() throws {
        try withLedger { ledger in
            try ledger.begin(run(1), files: [], parcels: [])
            var pen = LedgerPen(ledger, run: run(1))
            try pen.write([receipt("b", .superseded, row: 2), receipt("a", .rejected, row: 3)])
            try pen.write([receipt("b", .accepted, row: 4)])
            #expect(try ledger.isEmpty(pipeline: "shop"))
            try pen.flush()
            try pen.flush()
            #expect(try ledger.history(of: "b", pipeline: nil, limit: 9).map(\.receipt.row) == [4, 2])
            #expect(try ledger.subjectCounts(pipeline: "shop") == [.accepted: 1, .rejected: 1])
        }
    }

    @Test("says itself in words to a person with sqlite3")
    func views() throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        try Ledger(folder: folder.path).take(run(1), [receipt("a", .refused, messages: ["no brand"])])
        let words = try query("SELECT pipeline || subject_id || state || run_id || file || file_time || message FROM subjects", in: folder.path + "/ledger.sqlite")
        #expect(words == "shoparefusedrun-1f.csv\(noon.rfc3339.prefix(19))Zno brand")
        let verdict = try query("SELECT pipeline || run_id || subject_id || \"end\" || file || parcel FROM verdicts", in: folder.path + "/ledger.sqlite")
        #expect(verdict == "shoprun-1arefusedf.csv00001")
    }
}

/// One text, by the `sqlite3` library itself, as a person would ask for it.
private func query(_ sql: String, in file: String) throws -> String {
    typealias Get = @convention(c) (
        OpaquePointer?, UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>, UnsafeMutablePointer<Int32>,
        UnsafeMutablePointer<Int32>, OpaquePointer?
    ) -> Int32
    typealias Open = @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) -> Int32
    func function<Function>(_ name: String, as type: Function.Type) throws -> Function {
        unsafeBitCast(try #require(dlsym(nil, name)), to: type)
    }
    var database: OpaquePointer?
    try #require(try function("sqlite3_open", as: Open.self)(file, &database) == 0)
    var table: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var (rows, columns): (Int32, Int32) = (0, 0)
    try #require(try function("sqlite3_get_table", as: Get.self)(database, sql, &table, &rows, &columns, nil) == 0)
    try #require(rows == 1 && columns == 1)
    return try String(cString: #require(table?[1]))
}
