import Engine
import Events
import Foundation
import Synchronization
import Testing

@Suite("The ledger")
struct LedgerTests {
    @Test("knows a subject from its last receipt, with the place of the row and of what was sent")
    func accepted() throws {
        try withLedger { ledger in
            try ledger.take(run(1), [receipt("a", .accepted, row: 7, version: "12", content: Fingerprint(0xc1))])
            let subject = try #require(try ledger.subjects(["a", "b"], pipeline: "shop")["a"])
            #expect(try ledger.subjects(["a", "b"], pipeline: "shop").count == 1)
            #expect(subject.state == .accepted && subject.acceptedContent == Fingerprint(0xc1) && subject.sentContent == Fingerprint(0xc1))
            #expect(subject.runID == "run-1" && subject.settings == "s" && subject.message == nil && subject.since == time(1))
            #expect(subject.file == "f.csv" && subject.row == 7 && subject.version == "12" && subject.fileTime == noon)
            #expect(subject.sentFile == "f.csv" && subject.sentRow == 7 && subject.sentVersion == "12" && subject.sentFileTime == noon)
        }
    }

    struct Step: Sendable {
        let end: Receipt.End
        let content: UInt64
        let state: SubjectState
        let accepted: UInt64?
        let sent: UInt64?

        init(_ end: Receipt.End, _ content: UInt64, _ state: SubjectState, accepted: UInt64?, sent: UInt64?) {
            self.end = end
            self.content = content
            self.state = state
            self.accepted = accepted
            self.sent = sent
        }
    }

    static let steps: [[Step]] = [
        [.init(.accepted, 1, .accepted, accepted: 1, sent: 1), .init(.refused, 2, .refused, accepted: nil, sent: 2)],
        [.init(.accepted, 1, .accepted, accepted: 1, sent: 1), .init(.unknown, 2, .unknown, accepted: nil, sent: 2)],
        [
            .init(.accepted, 1, .accepted, accepted: 1, sent: 1), .init(.rejected, 2, .rejected, accepted: 1, sent: 1),
            .init(.unchanged, 1, .accepted, accepted: 1, sent: 1),
        ],
        [.init(.rejected, 1, .rejected, accepted: nil, sent: nil), .init(.accepted, 2, .accepted, accepted: 2, sent: 2)],
        [
            .init(.refused, 1, .refused, accepted: nil, sent: 1), .init(.rejected, 2, .rejected, accepted: nil, sent: 1),
            .init(.accepted, 3, .accepted, accepted: 3, sent: 3),
        ],
    ]

    @Test("clears the accepted fingerprint by sending, and sets it again only by acceptance", arguments: steps)
    func transitions(steps: [Step]) throws {
        try withLedger { ledger in
            for (number, step) in steps.enumerated() {
                try ledger.take(run(number), [receipt("a", step.end, content: Fingerprint(step.content))])
                let subject = try #require(try ledger.subjects(["a"], pipeline: "shop")["a"])
                #expect(subject.state == step.state && subject.acceptedContent?.bits == step.accepted && subject.sentContent?.bits == step.sent)
            }
        }
    }

    @Test("learns nothing of a subject from a row that says nothing of it", arguments: [Receipt.End.superseded, .held, .pending])
    func silentEnds(end: Receipt.End) throws {
        try withLedger { ledger in
            try ledger.take(run(1), [receipt("a", end), receipt("", .rejected)])
            #expect(try ledger.isEmpty(pipeline: "shop"))
            try ledger.take(run(2), [receipt("a", .accepted)])
            let before = try ledger.subjects(["a"], pipeline: "shop")
            try ledger.take(run(3), [receipt("a", end)])
            #expect(try ledger.subjects(["a"], pipeline: "shop") == before)
            #expect(try ledger.history(of: "a", pipeline: "shop", limit: 10).map(\.receipt.end) == [end, .accepted, end])
        }
    }

    @Test("is the same after a run was written down twice, or after a crash in the middle")
    func redo() throws {
        let receipts = [receipt("a", .accepted, content: Fingerprint(0x1)), receipt("b", .refused, messages: ["no brand", "no price"]), receipt("c", .rejected)]
        try withLedger { once in
            try once.take(run(1), receipts)
            try withLedger { twice in
                try twice.begin(run(1), files: [file], parcels: [parcel])
                try twice.append(Array(receipts.prefix(2)), of: run(1))
                try twice.take(run(1), receipts)
                try twice.take(run(1), receipts)
                for id in ["a", "b", "c"] {
                    #expect(try twice.subjects([id], pipeline: "shop") == once.subjects([id], pipeline: "shop"))
                    #expect(try twice.history(of: id, pipeline: nil, limit: 10) == once.history(of: id, pipeline: nil, limit: 10))
                }
                #expect(try twice.runs(pipeline: nil, limit: 10) == once.runs(pipeline: nil, limit: 10))
            }
        }
    }

    @Test("does not let a late verdict overwrite what a later run knows", arguments: [Receipt.End.accepted, .refused, .unknown])
    func lateVerdict(end: Receipt.End) throws {
        try withLedger { ledger in
            try ledger.take(run(1), [receipt("a", .unknown, content: Fingerprint(0x1)), receipt("b", .unknown, content: Fingerprint(0x1))])
            try ledger.take(run(2), [receipt("a", .accepted, content: Fingerprint(0x2))])
            let known = try ledger.subjects(["a"], pipeline: "shop")
            try ledger.take(run(1), [receipt("a", end, content: Fingerprint(0x1)), receipt("b", .accepted, content: Fingerprint(0x1))])
            #expect(try ledger.subjects(["a"], pipeline: "shop") == known)
            #expect(try ledger.subjects(["b"], pipeline: "shop")["b"]?.state == .accepted, "what no later run knows of is amended")
            #expect(try ledger.history(of: "a", pipeline: nil, limit: 10).map(\.receipt.end).contains(end))
        }
    }

    @Test("keeps since when a subject is in its state, and begins anew with another state")
    func since() throws {
        try withLedger { ledger in
            try ledger.take(run(1), [receipt("a", .refused, at: time(1))])
            try ledger.take(run(2), [receipt("a", .refused, at: time(2))])
            #expect(try ledger.subjects(["a"], pipeline: "shop")["a"]?.since == time(1))
            try ledger.take(run(3), [receipt("a", .accepted, at: time(3))])
            #expect(try ledger.subjects(["a"], pipeline: "shop")["a"]?.since == time(3))
        }
    }

    @Test("gives times back to the millisecond, the first and last years too", arguments: [
        Timestamp(nanoseconds: 0), .distantPast, .distantFuture, Timestamp(nanoseconds: 1_763_711_999_999_999_999),
    ])
    func times(_ time: Timestamp) throws {
        try withLedger { ledger in
            try ledger.take(run(1), [receipt("a", .accepted, fileTime: time)])
            let kept = try #require(try ledger.subjects(["a"], pipeline: "shop")["a"])
            #expect(kept.fileTime.rfc3339 == time.rfc3339 && kept.sentFileTime?.rfc3339 == time.rfc3339)
        }
    }

    @Test("tells the history of a subject newest first, whole, and by pipeline")
    func history() throws {
        try withLedger { ledger in
            let full = receipt(
                "a", .refused, row: 3, version: "9", content: Fingerprint(0xff), messages: ["no brand", "no price"], rules: ["P02", "T01"], newer: "g.csv:4", at: time(1))
            try ledger.take(run(1), [full])
            try ledger.take(run(2), [receipt("a", .accepted, at: time(2))])
            try ledger.take(run(3, pipeline: "other"), [receipt("a", .rejected, at: time(3))])
            let entries = try ledger.history(of: "a", pipeline: nil, limit: 10)
            #expect(entries.map(\.runID) == ["run-3", "run-2", "run-1"])
            #expect(entries.last?.receipt == full)
            #expect(entries.last?.postedAt == parcel.postedAt && entries.last?.endedAt == parcel.endedAt)
            #expect(try ledger.history(of: "a", pipeline: "shop", limit: 1).map(\.runID) == ["run-2"])
            #expect(try ledger.history(of: "nobody", pipeline: nil, limit: 10) == [])
        }
    }

    @Test("lists runs newest first, by pipeline, with their reports")
    func runs() throws {
        try withLedger { ledger in
            for number in [2, 1, 3] { try ledger.take(run(number, pipeline: number == 3 ? "other" : "shop"), []) }
            #expect(try ledger.runs(pipeline: nil, limit: 2).map(\.runID) == ["run-3", "run-2"])
            #expect(try ledger.runs(pipeline: "shop", limit: 9) == [run(2), run(1)])
            #expect(try ledger.run("run-1") == run(1))
            #expect(try ledger.run("run-9") == nil)
        }
    }

    @Test("takes a run for ended only once it is finished, and keeps its report while it is amended")
    func unfinished() throws {
        try withLedger { ledger in
            try ledger.begin(run(1), files: [], parcels: [])
            #expect(try ledger.run("run-1")?.state == .running)
            try ledger.finish(run(1))
            #expect(try ledger.run("run-1") == run(1))
            try ledger.begin(run(1), files: [], parcels: [])
            #expect(try ledger.run("run-1") == run(1), "a reader never meets a run without its report")
        }
    }

    @Test("counts subjects by state, of one pipeline, and forgets that one only")
    func countsAndForget() throws {
        try withLedger { ledger in
            try ledger.take(run(1), [receipt("a", .accepted), receipt("b", .accepted), receipt("c", .refused), receipt("d", .rejected)])
            try ledger.take(run(2, pipeline: "other"), [receipt("a", .unknown)])
            #expect(try ledger.subjectCounts(pipeline: "shop") == [.accepted: 2, .refused: 1, .rejected: 1])
            try ledger.forget(pipeline: "shop")
            #expect(try ledger.isEmpty(pipeline: "shop") && ledger.run("run-1") == nil)
            #expect(try ledger.history(of: "a", pipeline: nil, limit: 9).map(\.pipeline) == ["other"])
            #expect(try ledger.subjectCounts(pipeline: "other") == [.unknown: 1])
            #expect(try ledger.subjectCounts(pipeline: "nobody") == [:])
        }
    }

    @Test("names the newest run that archived a file of the same bytes")
    func sameBytes() throws {
        try withLedger { ledger in
            for number in 1...3 {
                let outcome = number == 3 ? "refused" : "archived"
                try ledger.begin(run(number), files: [FileFacts(name: "f", outcome: outcome, rows: 1, sha256: "abc")], parcels: [])
                try ledger.finish(run(number))
            }
            #expect(try ledger.runThatTook(sha256: "abc", pipeline: "shop", besides: "run-9") == "run-2")
            #expect(try ledger.runThatTook(sha256: "abc", pipeline: "shop", besides: "run-2") == "run-1")
            #expect(try ledger.runThatTook(sha256: "abc", pipeline: "other", besides: "") == nil)
            #expect(try ledger.runThatTook(sha256: "def", pipeline: "shop", besides: "") == nil)
        }
    }

    @Test("is read by one process while another writes, which sees whole transactions only")
    func concurrentReader() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let writer = try Ledger(folder: folder.path)
        let reader = try Ledger(folder: folder.path)
        let run = run(1)
        let chunks = (0..<20).map { chunk in (0..<100).map { receipt("\(chunk)-\($0)", .accepted) } }
        async let writing: Void = {
            try writer.begin(run, files: [], parcels: [])
            for chunk in chunks { try writer.append(chunk, of: run) }
            try writer.finish(run)
        }()
        var last = 0
        for _ in 0..<50 {
            let count = try reader.subjectCounts(pipeline: "shop")[.accepted] ?? 0
            #expect(count >= last && count.isMultiple(of: 100))
            last = count
        }
        try await writing
        #expect(try reader.subjectCounts(pipeline: "shop") == [.accepted: 2_000])
    }

    @Test("is made once where several processes open it at once")
    func firstOpening() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let path = folder.path
        try await withThrowingTaskGroup { group in
            for number in 0..<6 {
                group.addTask { try Ledger(folder: path).take(run(number), [receipt("a\(number)", .accepted)]) }
            }
            try await group.waitForAll()
        }
        #expect(try Ledger(folder: path).subjectCounts(pipeline: "shop") == [.accepted: 6])
    }

    @Test("that is damaged, misplaced or too new says so, with a way out", arguments: ["damaged", "folder", "missing", "too new", "too old"])
    func unusable(how: String) throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let file = folder.path + "/ledger.sqlite"
        var place = folder.path
        switch how {
        case "damaged": try Data(repeating: 0x5a, count: 8_192).write(to: URL(fileURLWithPath: file))
        case "folder": try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
        case "missing": place += "/nowhere"
        case "too old":
            try execute("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY); INSERT INTO grdb_migrations VALUES ('1')", in: file)
        default:
            _ = try Ledger(folder: place)
            try execute("INSERT INTO grdb_migrations VALUES ('of a later version')", in: file)
        }
        let error = #expect(throws: LedgerError.self) { try Ledger(folder: place) }
        #expect(error?.path == place + "/ledger.sqlite")
        #expect(error?.remedy.contains("reindex") == true && error?.detail.isEmpty == false)
    }
}

/// By SQLite itself, which is in the process already: what a later version leaves behind is not for the ledger's own code to write.
private func execute(_ sql: String, in file: String) throws {
    typealias Open = @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) -> Int32
    typealias Execute = @convention(c) (OpaquePointer?, UnsafePointer<CChar>, OpaquePointer?, OpaquePointer?, OpaquePointer?) -> Int32
    typealias Close = @convention(c) (OpaquePointer?) -> Int32
    func function<Function>(_ name: String, as type: Function.Type) throws -> Function {
        unsafeBitCast(try #require(dlsym(nil, name)), to: type)
    }
    var database: OpaquePointer?
    try #require(try function("sqlite3_open", as: Open.self)(file, &database) == 0)
    defer { _ = try? function("sqlite3_close", as: Close.self)(database) }
    try #require(try function("sqlite3_exec", as: Execute.self)(database, sql, nil, nil, nil) == 0)
}
