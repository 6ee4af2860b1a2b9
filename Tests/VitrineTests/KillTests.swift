import Engine
import Events
import Foundation
import Glibc
import ObjectStore
import Sandbox
import Testing

@testable import CatalogSync

@Suite("A process that is killed")
struct KillTests {
    private static let runID = "killed"

    /// 32 rows in two files: one rejected, two superseded, one refused by Meta; 29 items in three batches.
    private static func shop(_ sandbox: Sandbox) throws -> Shop {
        let shop = try Shop(graphURL: sandbox.graphURL, delivery: "batch_size: 10")
        try shop.write("landing/data/a.csv", Rows.file(1...18) + Rows.row("SKU-19", brand: "") + Rows.row("SKU-20", host: "outlet.example"))
        // Oldest first decides which row of an id wins, so the order must not hang on two writes being a tick apart.
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: shop.folder + "/landing/data/a.csv")
        try shop.write(
            "landing/data/b.csv",
            Rows.header + Rows.row("SKU-1", price: "99.00 USD") + Rows.row("SKU-2", price: "98.00 USD") + (21...30).map { Rows.row("SKU-\($0)") }.joined())
        return shop
    }

    private static var faults: FaultPlan {
        var plan = FaultPlan.none
        plan.refusals.linkHosts = ["outlet.example"]
        return plan
    }

    /// What a run that nobody disturbs leaves.
    private struct Reference {
        let entries: Int
        /// The ids of each batch, in order.
        let batches: [[String]]
        let catalog: [String: SandboxItem]
        let archived: [String: Data]
        let rejectedFiles: Int
        let read: Int
        let sent: Int
    }

    @Test("after any journal entry goes on as if nothing had been: same catalogue, books, one archive copy, no needless post")
    func everyEntry() async throws {
        let reference = try await reference()
        #expect(reference.entries > 20)
        let killed = try await withThrowingTaskGroup(of: Bool.self) { group in
            var killed = 0
            // One kill a core: a starved watcher would come too late for every entry.
            for entry in 1...reference.entries {
                if entry > 2, try await group.next() == true { killed += 1 }
                group.addTask { try await Self.kill(after: entry, reference) }
            }
            for try await wasKilled in group where wasKilled { killed += 1 }
            return killed
        }
        // The last entries are written within a breath of the end, so some of those processes may have been faster than the signal.
        #expect(killed > reference.entries / 2, "\(killed) of \(reference.entries) processes were killed before their end")
    }

    /// As long as nothing was sent, a journal cut after any entry is what a crash there leaves.
    @Test("before it has sent anything goes on from each entry, and sends once", arguments: 1...8)
    func beforeSending(entries kept: Int) async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...5))
            #expect(try await shop.vitrine("stage", "transform", "shop", "--run-id", Self.runID).code == 0)
            let journal = try #require(Self.journal(shop))
            let entries = shop.files(below: journal).keys.sorted()
            #expect(entries.count == 8)
            for entry in entries.dropFirst(kept) { try FileManager.default.removeItem(atPath: "\(shop.folder)/\(journal)\(entry)") }
            // A stage holds its lease for the next one; a crash would not have.
            for lease in shop.files(below: "synced").keys where lease.contains(".lease") {
                try FileManager.default.removeItem(atPath: "\(shop.folder)/synced/\(lease)")
            }
            let finished = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(finished.code == 0)
            #expect(try finished.document()["settled.0.run_id"].text == Self.runID)
            #expect(try finished.document()["settled.0.items.accepted"].number == 5)
            #expect(sandbox.calls().filter { $0.edge == .itemsBatch }.count == 1)
        }
    }

    private func reference() async throws -> Reference {
        try await withSandbox(Self.faults) { sandbox in
            let shop = try Self.shop(sandbox)
            let report = try await shop.vitrine("run", "shop", "--run-id", Self.runID, "--output", "json").document()
            #expect(report["state"].text == "done_with_errors")
            #expect(report["rows.rejected"].number == 1 && report["rows.superseded"].number == 2 && report["items.refused"].number == 1)
            #expect(sandbox.catalog()["SKU-1"]?["price"] == "99.00 USD")
            let log = try await RunLog<SyncRecord>.open(FolderStore(root: shop.folder), folder: try #require(Self.journal(shop)))
            return Reference(
                entries: await log.entries, batches: sandbox.calls().filter { $0.edge == .itemsBatch }.map(\.items), catalog: sandbox.catalog().mapValues(\.unstamped), archived: Self.byName(shop.files(below: "landing/archive")),
                rejectedFiles: Self.byName(shop.files(below: "landing/rejected")).count, read: try #require(report["rows.read"].number),
                sent: try #require(report["rows.sent"].number))
        }
    }

    /// - Returns: whether the process was killed before it had come to its end.
    private static func kill(after entry: Int, _ reference: Reference) async throws -> Bool {
        try await withSandbox(faults) { sandbox in
            let shop = try shop(sandbox)
            let process = try shop.start(["run", "shop", "--run-id", runID])
            let day = ISO8601DateFormatter().string(from: Date()).prefix(10).replacing("-", with: "/")
            let file = "\(shop.folder)/synced/shop/\(day)/\(runID)/journal/\(String(repeating: "0", count: 6 - String(entry).count))\(entry).json"
            #expect(await becomes { access(file, F_OK) == 0 || process.hasEnded }, "entry \(entry) never came")
            process.signal(SIGKILL)
            let wasKilled = await process.end().code == -SIGKILL
            let inDoubt = try await idsInDoubt(shop, reference)

            let second = try await shop.vitrine("run", "shop", "--output", "json")
            let report = try second.document()
            #expect([0, 1].contains(second.code), "after entry \(entry): \(second.stdout)\(second.stderr)")
            #expect(report["balanced"].flag == true)
            try await check(shop, sandbox, reference, inDoubt, entry)

            let calls = sandbox.calls().count
            let third = try await shop.vitrine("run", "shop", "--output", "json").document()
            #expect(third["state"].text == "nothing_to_do", "after entry \(entry)")
            #expect(third["settled"].elements.isEmpty, "after entry \(entry)")
            #expect(sandbox.calls().count == calls, "after entry \(entry)")
            return wasKilled
        }
    }

    private static func check(_ shop: Shop, _ sandbox: Sandbox, _ reference: Reference, _ inDoubt: Set<String>, _ entry: Int) async throws {
        #expect(sandbox.catalog().mapValues(\.unstamped) == reference.catalog, "after entry \(entry)")
        let posts = sandbox.calls().filter { $0.edge == .itemsBatch }.flatMap(\.items)
        for (id, times) in Dictionary(posts.map { ($0, 1) }, uniquingKeysWith: +) {
            #expect(times <= (inDoubt.contains(id) ? 2 : 1), "\(id) was sent \(times) times after entry \(entry)")
        }
        #expect(shop.files(below: "landing/data").isEmpty, "after entry \(entry)")
        #expect(byName(shop.files(below: "landing/archive")) == reference.archived, "after entry \(entry)")
        #expect(byName(shop.files(below: "landing/rejected")).count == reference.rejectedFiles, "after entry \(entry)")
        let runs = try await shop.vitrine("runs", "--output", "json").document()["runs"].elements
        #expect(runs.allSatisfy { $0["balanced"].flag == true }, "after entry \(entry)")
        #expect(runs.reduce(0) { $0 + ($1["rows.read"].number ?? 0) } == reference.read, "after entry \(entry)")
        #expect(runs.reduce(0) { $0 + ($1["rows.sent"].number ?? 0) } == reference.sent, "after entry \(entry)")
        #expect(runs.allSatisfy { $0["rows.pending"].number == 0 && $0["items.unknown"].number == 0 }, "after entry \(entry)")
    }

    /// What the killed process had begun to post without writing down an answer: this may be sent again, and nothing else.
    ///
    /// The sandbox cannot be asked: the last request of a dead process may still be on its way.
    private static func idsInDoubt(_ shop: Shop, _ reference: Reference) async throws -> Set<String> {
        guard let journal = journal(shop) else { return [] }
        let record = await (try await RunLog<SyncRecord>.open(FolderStore(root: shop.folder), folder: journal)).record
        let batches = record.parcels.filter { $0.phase == .posting }.map(\.parcel.batch)
        #expect(batches.count <= 1, "one batch is in flight at a time")
        return Set(batches.flatMap { reference.batches[$0 - 1] })
    }

    private static func journal(_ shop: Shop) -> String? {
        let path = shop.files(below: "synced").keys.first { $0.hasSuffix("/\(runID)/journal/") }
        return path.map { "synced/\($0)" }
    }

    /// Contents by the name of the file: the folders above it carry day and run.
    private static func byName(_ files: [String: Data]) -> [String: Data] {
        // A draft has no name that anyone looks for; a killed process may leave one.
        let named = files.filter { !$0.key.hasSuffix("/") && !$0.key.contains("/.vitrine-draft-") }.map { (URL(filePath: $0.key).lastPathComponent, $0.value) }
        return Dictionary(named) { first, _ in
            Issue.record("a file is there twice")
            return first
        }
    }
}

extension SandboxItem {
    /// Without what tells one ingestion from another.
    fileprivate var unstamped: SandboxItem { SandboxItem(id: id, fields: fields) }
}

@Suite("A process that is told to stop")
struct StopTests {
    enum Moment: String, CaseIterable, Sendable {
        case postInFlight, followingHandle, waitingOutThrottle

        var faults: FaultPlan {
            switch self {
            case .postInFlight: FaultPlan(rules: [FaultRule(.hang, when: .after(0))])
            case .followingHandle: FaultPlan(rules: [FaultRule(.transient, on: .status, when: .after(0))])
            case .waitingOutThrottle: FaultPlan(rules: [FaultRule(.throttle, when: .after(0))])
            }
        }

        func hasCome(_ calls: [SandboxCall]) -> Bool {
            switch self {
            case .postInFlight, .waitingOutThrottle: calls.contains { $0.edge == .itemsBatch }
            case .followingHandle: calls.contains { $0.edge == .status }
            }
        }
    }

    @Test("ends within five seconds with 75 and a report, and the next run goes on", arguments: Moment.allCases, [SIGTERM, SIGINT])
    func stop(_ moment: Moment, _ signal: Int32) async throws {
        try await withSandbox(moment.faults) { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...5))
            let process = try shop.start(["run", "shop", "--output", "json"])
            #expect(await becomes { moment.hasCome(sandbox.calls()) || process.hasEnded })
            let told = Date().timeIntervalSince1970
            process.signal(signal)
            let stopped = await process.end()
            #expect(stopped.code == 75)
            let report = try stopped.document()
            // Not a test of speed: the contract's five seconds are what an orchestrator waits before it kills. By the report's own word, since
            // this process may be kept from looking by the tests beside it.
            let ended = try #require(report["ended_at"].text.flatMap { Timestamp(rfc3339: $0) })
            #expect(ended.seconds - told < 5)
            Contract.check(report: report)
            Contract.check(error: report["error"], code: 75, word: "try_again_later")
            #expect(report["state"].text == "failed")
            #expect(report["balanced"].flag == true)

            sandbox.setFaults(.none)
            let next = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(next.code == 0)
            #expect(try next.document()["settled.0.run_id"].text == report["run_id"].text)
            #expect(try next.document()["settled.0.items.accepted"].number == 5)
            #expect(sandbox.catalog().count == 5)
        }
    }

    @Test("while one process works, a second one is told to come later, and a plan needs no lease")
    func lease() async throws {
        try await withSandbox(FaultPlan(rules: [FaultRule(.hang, when: .after(0))])) { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...5))
            let process = try shop.start(["run", "shop"])
            #expect(await becomes { !sandbox.calls().isEmpty || process.hasEnded })
            let second = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(second.code == 75)
            #expect(try second.document()["error.reason"].text == "lease_held")
            #expect(try await shop.vitrine("plan", "shop").code == 0)
            process.signal(SIGTERM)
            #expect(await process.end().code == 75)
        }
    }
}

@Suite("Streams that are not what they should be")
struct StreamTests {
    private func doneShop(_ sandbox: Sandbox) async throws -> Shop {
        let shop = try Shop(graphURL: sandbox.graphURL)
        try shop.write("landing/data/a.csv", Rows.file(1...5))
        return shop
    }

    @Test("a reader that goes away harms nothing")
    func brokenPipe() async throws {
        try await withSandbox { sandbox in
            let shop = try await doneShop(sandbox)
            #expect(try await shop.bash(#""$V" run shop --output json | true; exit ${PIPESTATUS[0]}"#).code == 0)
            #expect(try await shop.bash(#""$V" report last | head -1 >/dev/null; exit ${PIPESTATUS[0]}"#).code == 0)
            #expect(sandbox.catalog().count == 5)
        }
    }

    @Test("closed streams harm nothing, and no report ends in a file of ours", arguments: ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    func closed(_ redirection: String) async throws {
        try await withSandbox { sandbox in
            let shop = try await doneShop(sandbox)
            #expect(try await shop.bash(#"exec "$V" run shop --log-level debug \#(redirection)"#).code == 0)
            #expect(sandbox.catalog().count == 5)
            #expect(try await shop.vitrine("report", "last").lastLine == "books balance")
            for (name, content) in shop.files() where name.hasSuffix(".ndjson") || name.hasSuffix(".sqlite") {
                #expect(!String(decoding: content, as: UTF8.self).contains("books balance"), "\(name)")
            }
        }
    }

    @Test("a full disk is 73 and said, on stdout as in the result file, and a device stays a device")
    func full() async throws {
        try await withSandbox { sandbox in
            let shop = try await doneShop(sandbox)
            // By a link of our own: were it replaced, the machine's device would not be.
            try FileManager.default.createSymbolicLink(atPath: shop.folder + "/full", withDestinationPath: "/dev/full")
            let filled = try await shop.vitrine("run", "shop", "--result-file", "full")
            #expect(filled.code == 73)
            #expect(filled.stderr.contains("No space left on device"))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: shop.folder + "/full") == "/dev/full")
            #expect(try await shop.bash(#""$V" report last >full"#).code == 73)
        }
    }
}
