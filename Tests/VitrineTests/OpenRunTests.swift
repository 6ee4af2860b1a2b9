import Foundation
import Glibc
import Sandbox
import Testing

@testable import CatalogSync

@Suite("A run that has no end")
struct OpenRunTests {
    private static let runID = "dead"
    /// A process may have come to its end before the signal is there.
    private static let tries = 8
    /// What a process left behind that was killed while it was in a stage.
    private struct Corpse {
        let shop: Shop
        /// Of the journal, in order.
        let entries: [String]
    }

    /// A watcher that is starved comes late: what the process wrote down of the next stages goes. A journal cut after any entry is what a crash there leaves.
    private static func cut(_ shop: Shop, in stage: SyncStage) throws {
        let all = objects(shop)
        guard let end = all.firstIndex(where: { finished($0.entry) == stage.rawValue }) else { return }
        for object in all[end...] { try FileManager.default.removeItem(atPath: "\(shop.folder)/synced/\(object.key)") }
    }

    /// Meta is silent where the stage waits for it, so that the process can be met there; for the others there is enough to do to meet it there.
    private static func faults(_ stage: SyncStage) -> FaultPlan {
        switch stage {
        case .send: FaultPlan(rules: [FaultRule(.hang, on: .itemsBatch, when: .after(0))])
        case .checkHandles: FaultPlan(rules: [FaultRule(.hang, on: .status, when: .after(0))])
        case .settle, .check, .validate, .transform, .archive, .save: .none
        }
    }

    private static func kill(in stage: SyncStage) async throws -> Corpse? {
        try await withSandbox(faults(stage)) { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            // The close that follows takes its time where there is much to close.
            let rows = stage == .save ? 300 : 40
            for number in 1...6 { try shop.write("landing/data/\(number).csv", Rows.file(number * 1_000...number * 1_000 + rows)) }
            let process = try shop.start(["run", "shop", "--run-id", runID])
            let before = SyncStage.allCases[..<(SyncStage.allCases.firstIndex(of: stage) ?? 0)].last?.rawValue
            #expect(await becomes {
                let (entries, finished) = journal(shop)
                let isThere =
                    switch stage {
                    case .send: entries.last == "posting"
                    case .checkHandles: sandbox.calls().contains { $0.edge == .status }
                    default: before.map { finished.contains($0) } ?? (entries.count > 0)
                    }
                return isThere || process.hasEnded
            })
            process.signal(SIGKILL)
            guard await process.end().code == -SIGKILL, !journal(shop).entries.contains("closed") else { return nil }
            try cut(shop, in: stage)
            return Corpse(shop: shop, entries: journal(shop).entries)
        }
    }

    /// The names of the entries, and the stages that are finished.
    private static func journal(_ shop: Shop) -> (entries: [String], finished: [String]) {
        let entries = objects(shop).map(\.entry)
        return (entries.compactMap(\.keys.first), entries.compactMap(finished))
    }

    /// In order, each a case of `SyncEntry`: its name and its values.
    private static func objects(_ shop: Shop) -> [(key: String, entry: [String: Any])] {
        shop.files(below: "synced").filter { $0.key.contains("/\(runID)/journal/0") }.sorted { $0.key < $1.key }.compactMap { object in
            (try? JSONSerialization.jsonObject(with: object.value) as? [String: Any]).map { (object.key, $0) }
        }
    }

    private static func finished(_ entry: [String: Any]) -> String? { (entry["finished"] as? [String: Any])?["_0"] as? String }

    @Test("since it was killed in a stage has a bundle all the same, which says where it stood and when", arguments: SyncStage.allCases)
    func killed(stage: SyncStage) async throws {
        var corpse: Corpse?
        for _ in 1...Self.tries where corpse == nil { corpse = try await Self.kill(in: stage) }
        let dead = try #require(corpse, "it was never met in \(stage)")
        let shop = dead.shop
        let document = try await shop.vitrine("incident", Self.runID, "--output", "json").document()
        #expect(document["error"].isNull && document["state"].text == "running" && document["pipeline"].text == "shop", "\(document)")
        #expect(document["no_end.stage"].text == stage.rawValue && document["no_end.last_entry"].text == dead.entries.last && document["no_end.entries"].number == dead.entries.count)
        let when = try #require(document["no_end.last_entry_at"].text)
        #expect(try await shop.bash("python3 -m zipfile -t incident-dead.zip && python3 -m zipfile -e incident-dead.zip out").code == 0)
        let files = shop.files(below: "out/incident-dead")
        func text(_ name: String) -> String { String(decoding: files[name] ?? Data(), as: UTF8.self) }
        let sentence = "This run has no end yet: it was in the stage \(stage.rawValue), and the last of \(dead.entries.count) \(dead.entries.count == 1 ? "entry" : "entries") in its journal is '\(dead.entries.last ?? "")', written \(when)."
        for name in ["README.txt", "report.txt"] { #expect(text(name).contains(sentence), "\(name):\n\(text(name))") }
        #expect(text("facts.json").contains("\"stage\" : \"\(stage.rawValue)\"") && text("report.json").contains("\"running\""))
        #expect(text("journal.ndjson").split(separator: "\n").count == dead.entries.count && text("lease.json").contains(Self.runID))
        // The line that a run has begun comes behind the entry that says so.
        let hasLog = text("log.ndjson").contains("run.started") && text("timeline.txt").contains("run.started")
        #expect(hasLog || stage == .settle && document["omitted"].elements.contains { $0["file"].text == "log.ndjson" }, "\(document["omitted"])")
        let report = try await shop.vitrine("report", "last")
        #expect(report.code == 0 && report.stdout.hasPrefix(sentence) && report.lastLine == "books balance", "\(report.stdout)\(report.stderr)")
    }

    @Test("is in the list of runs, has a report, and is named where a product is traced; what it goes on to do is told of afterwards")
    func lists() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            #expect(try await shop.vitrine("run", "shop", "--run-id", "first").code == 0)
            try shop.write("landing/data/b.csv", Rows.header + Rows.row("SKU-1", price: "9 USD") + Rows.row("SKU-9"))
            sandbox.setFaults(Self.faults(.send))
            let process = try shop.start(["run", "shop", "--run-id", Self.runID])
            #expect(await becomes { Self.journal(shop).entries.last == "posting" || process.hasEnded })
            // Alive and hung is the same for whoever asks.
            let list = try await shop.vitrine("runs", "--output", "json").document()
            #expect(list["runs"].elements.map { $0["run_id"].text } == [Self.runID, "first"] && list["runs.0.state"].text == "running")
            Contract.check(report: list["runs.0"])
            #expect(list["runs.0.rows.read"].number == 2 && list["runs.0.rows.sent"].number == 2)
            process.signal(SIGKILL)
            _ = await process.end()
            #expect(try await shop.vitrine("runs").stdout.contains("dead   shop      running"))
            let report = try await shop.vitrine("report", Self.runID, "--output", "json")
            #expect(report.code == 0)
            Contract.check(report: try report.document())
            #expect(try report.document()["state"].text == "running" && report.document()["ended_at"].isNull)
            let trace = try await shop.vitrine("trace", "SKU-1")
            #expect(trace.code == 0 && trace.stderr.contains("run dead has no end yet"), "\(trace.stderr)")
            let unknown = try await shop.vitrine("trace", "SKU-9", "--output", "json")
            #expect(try unknown.code == 64 && (unknown.document()["error.detail"].text?.contains("run dead has no end yet")) == true)
            let wrong = try await shop.vitrine("incident", "nonsense", "--output", "json")
            #expect(wrong.code == 64)
            sandbox.setFaults(.none)
            #expect(try await shop.vitrine("run", "shop").code == 0)
            let closed = try await shop.vitrine("report", Self.runID)
            #expect(closed.code == 0 && !closed.stdout.contains("has no end yet"))
            #expect(try await shop.vitrine("incident", Self.runID, "--output", "json").document()["no_end"].isNull)
        }
    }

    @Test("a failed run is told as it ended, with the word that it will be gone on with")
    func failed() async throws {
        try await withSandbox(FaultPlan(rules: [FaultRule(.hang, on: .itemsBatch, when: .after(0))])) { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            let process = try shop.start(["run", "shop", "--run-id", Self.runID])
            #expect(await becomes { Self.journal(shop).entries.last == "posting" || process.hasEnded })
            process.signal(SIGTERM)
            #expect(await process.end().code == 75)
            let document = try await shop.vitrine("incident", "last", "--output", "json").document()
            #expect(document["state"].text == "failed" && document["no_end.stage"].text == "send" && document["no_end.last_entry"].text == "closed")
            #expect(try await shop.vitrine("report", Self.runID).stdout.contains("run dead · "))
        }
    }

    @Test("before anything else: a mark alone is a run that never began to work")
    func mark() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        try shop.write("synced/shop/open/dead", #"{"started_at":"2026-11-21T08:00:00.000Z"}"#)
        let document = try await shop.vitrine("incident", "last", "--output", "json").document()
        #expect(document["run_id"].text == "dead" && document["no_end.entries"].number == 0 && document["no_end.stage"].isNull && document["no_end.last_entry"].isNull, "\(document)")
        #expect(try await shop.vitrine("report", "dead").stdout.hasPrefix("This run has no end yet: its journal is empty, so nothing was read or sent."))
        #expect(shop.files()["synced/shop/open/dead"] != nil, "a question writes nothing")
        try shop.write("synced/shop/open/dead", "torn")
        let torn = try await shop.vitrine("runs", "--output", "json")
        #expect(try torn.code == 73 && (torn.document()["error.culprit"].text?.hasSuffix("shop/open/dead")) == true, "\(torn.stdout)")
    }

    @Test("the log in its folder that was full is told as that, unless the log files have more of it")
    func fullLog() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            #expect(try await shop.vitrine("run", "shop", "--run-id", "r1").code == 0)
            func what(_ arguments: String...) async throws -> String? {
                let document = try await shop.start(["incident", "r1", "--output", "json"] + arguments).end().document()
                return document["files"].elements.first { $0["name"].text == "log.ndjson" }?["what"].text
            }
            #expect(try await what() == "every line that the run logged")
            let name = try #require(shop.files(below: "synced").keys.first { $0.hasSuffix("/log.ndjson.gz") })
            let cut = #"{"time":"2026-11-21T08:00:00.000Z","level":"warning","event":"run.log_cut","msg":"m","pipeline":"shop","run_id":"r1","count":1204}"#
            let made = try await shop.bash("echo '\(cut)' | gzip >> synced/\(name)")
            #expect(made.code == 0)
            #expect(try await what() == "what the run logged until its log was full: 1204 lines are missing here")
            try shop.write("more.ndjson", (1...200).map { #"{"time":"\#(Self.now)","level":"info","event":"e","msg":"m\#($0)","run_id":"r1"}"# + "\n" }.joined())
            #expect(try await shop.bash("cat more.ndjson >> logs/vitrine.ndjson").code == 0)
            #expect(try await what() == "the lines of the run that are in the log files")
        }
    }

    private static var now: String { Date().ISO8601Format() }

    @Test("an object that is too large for the bundle is told as that, and one that is not there as that")
    func tooLarge() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            #expect(try await shop.vitrine("run", "shop", "--run-id", "r1").code == 0)
            let page = try #require(shop.files(below: "synced").keys.first { $0.hasSuffix("/report.html") })
            // Holes take no room.
            #expect(truncate("\(shop.folder)/synced/\(page)", 200 << 20) == 0)
            try FileManager.default.removeItem(atPath: "\(shop.folder)/synced/\(page.replacing("report.html", with: "manifest.json"))")
            let document = try await shop.vitrine("incident", "r1", "--output", "json").document()
            let omitted = Dictionary(uniqueKeysWithValues: document["omitted"].elements.map { ($0["file"].text ?? "", $0["problem"].text ?? "") })
            #expect(omitted["report.html"] == "it is larger than the 128 MiB that a bundle takes of one object; it lies in the run folder, as \(page)")
            #expect(omitted["manifest.json"] == "there is none in the run folder")
        }
    }
}
