import Foundation
import Sandbox
import Testing

@testable import VitrineApp

@Suite("The demo", .serialized)
struct DemoTests {
    private static let config = ["--config", "demo/vitrine.yaml"]

    /// A folder with the demo in it, and what the demo said.
    private func demo() async throws -> (shop: Shop, document: JSON) {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        let finished = try await shop.vitrine("demo", "--folder", "demo", "--output", "json")
        #expect(finished.code == 0)
        #expect(finished.stderr.isEmpty)
        return (shop, try finished.document())
    }

    private func ask(_ shop: Shop, _ question: String...) async throws -> Finished { try await shop.start(question + Self.config).end() }

    @Test("exits 0 with accepted, refused, rejected and superseded rows, and its books balance")
    func counts() async throws {
        let (shop, document) = try await demo()
        Contract.check(report: document)
        #expect(document["rows.read"].number == 480)
        #expect(document["rows.rejected"].number == DemoMistake.allCases.filter(\.isRejected).map(\.count).reduce(0, +))
        #expect(document["rows.superseded"].number == DemoLandingZone.superseded)
        #expect(document["items.refused"].number == DemoLandingZone.refusedBySandbox)
        #expect(document["items.accepted"].number == 480 - 25 - 12 - 6)
        #expect(document["balanced"].flag == true)

        let again = try await shop.vitrine("demo", "--folder", "demo")
        #expect(again.code == 0)
        #expect(again.stdout.contains("\nbooks balance\n"))
        #expect(again.stderr.isEmpty, "a log file is configured")
    }

    @Test("leaves a folder alone that it has not made, and takes one that a stopped demo left")
    func foreignFolder() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        try shop.write("mine/notes.txt", "keep me")
        let refused = try await shop.vitrine("demo", "--folder", "mine")
        #expect(refused.code == 64)
        #expect(refused.stderr.contains("mine") && refused.stderr.contains("--folder"))
        #expect(shop.files(below: "mine") == ["notes.txt": Data("keep me".utf8)])
        try shop.write("half/.vitrine-demo", "")
        try shop.write("half/landing-zone/data/old.csv", "id\n")
        #expect(try await shop.vitrine("demo", "--folder", "half").code == 0)
        #expect(!shop.files(below: "half").keys.contains { $0.hasSuffix("/old.csv") })
    }

    /// Each mistake, how a reader of the file sees it, and the rules that stop it.
    private static let planted: [(mistake: DemoMistake, rules: Set<String>, isSeen: @Sendable ([String: String]) -> Bool)] = [
        (.missingBrand, ["G01"], { $0["brand"] == "" && $0.count == 12 }),
        (.priceWithoutCurrency, ["P03"], { $0["price"]?.contains(",") == true }),
        (.unknownAvailability, ["V02"], { ["soon", "ask in the shop", "2 weeks"].contains($0["availability"]) }),
        (.emptyTitle, ["T01"], { $0["title"]?.allSatisfy(\.isWhitespace) == true }),
        (.brokenLink, ["L02", "L04"], { $0["link"]?.hasPrefix("https://") == false || $0["link"]?.contains(" ") == true }),
        (.capitalDescription, ["D04"], { $0["description"]?.hasPrefix("HURRY") == true }),
        (.tooFewFields, ["F07"], { $0.count < 12 }),
        (.zeroPrice, ["P06"], { $0["price"]?.hasPrefix("0.00") == true }),
        (.missingImage, ["M01"], { $0["image_link"] == "" }),
    ]

    @Test("each planted mistake stops its own row, under its own rule, and trace says so")
    func mistakes() async throws {
        let (shop, _) = try await demo()
        let originals = DemoLandingZone.files(seed: 1).flatMap { Table($0.csv).rows }
        var expected: [String: Set<String>] = [:]
        for planted in Self.planted {
            let ids = originals.filter { row in row["id"] != nil && planted.isSeen(row) }.compactMap { $0["id"] }
            #expect(ids.count == planted.mistake.count, "\(planted.mistake)")
            for id in ids { expected[id] = planted.rules }
        }
        #expect(expected.count == 25)
        var found: [String: Set<String>] = [:]
        for (name, content) in shop.files(below: "demo/landing-zone/rejected") where name.hasSuffix(".rejected.csv") {
            #expect(content.starts(with: [0xEF, 0xBB, 0xBF]), "a spreadsheet wants the mark")
            // A row that is too short has no cell of its own under our columns' names, so those are looked for at its end.
            for row in Table(String(decoding: content, as: UTF8.self)).rows { found[try #require(row["id"])] = Self.rules(in: row) }
        }
        #expect(Set(found.keys) == Set(expected.keys))
        for (id, rules) in expected { #expect(!rules.isDisjoint(with: found[id] ?? []), "\(id): \(found[id] ?? [])") }

        for id in [Self.first(["G01"], expected), Self.first(["F07"], expected)] {
            let trace = try await ask(shop, "trace", try #require(id), "--output", "json").document()
            #expect(trace["history.0.outcome"].text == "rejected")
            let rules = Set(trace["history.0.rules"].elements.compactMap(\.text))
            #expect(rules == expected[id ?? ""])
            #expect(trace["history.0.messages.0"].text?.isEmpty == false)
            let words = try await ask(shop, "trace", id ?? "").stdout
            for part in rules.union(["REJECTED by our checks", "mend"]) { #expect(words.contains(part)) }
        }
    }

    private static func rules(in row: [String: String]) -> Set<String> {
        Set(row.values.flatMap { $0.split { !$0.isLetter && !$0.isNumber }.map(String.init) }.filter { $0.wholeMatch(of: /[A-Z][0-9]{2}/) != nil })
    }

    private static func first(_ rules: Set<String>, _ expected: [String: Set<String>]) -> String? {
        expected.filter { $0.value == rules }.keys.min()
    }

    @Test("a refused product's trace names file, row, batch, handle and Meta's message, the same after the state was lost")
    func refusedTrace() async throws {
        let (shop, document) = try await demo()
        let example = document["refusals.0.examples.0"]
        let id = try #require(example["product_id"].text)
        let trace = try await ask(shop, "trace", id, "--output", "json")
        let entry = try trace.document()["history.0"]
        #expect(entry["file"].text == example["file"].text)
        #expect(entry["row"].number == example["row"].number)
        #expect(entry["messages.0"].text == example["message"].text)
        for field in ["batch", "handle", "posted_at", "verdict_at"] { #expect(entry[field].text?.isEmpty == false, "\(field)") }
        #expect(entry.keys?.isSuperset(of: ["version", "superseded_by"]) == true, "every field is always present")
        let words = try await ask(shop, "trace", id).stdout
        for field in ["file", "batch", "handle", "messages.0"] { #expect(words.contains(try #require(entry[field].text)), "\(field)") }
        #expect(words.contains("\(try #require(entry["file"].text)):\(try #require(entry["row"].number))"))

        let runs = try await ask(shop, "runs", "--output", "json").stdout
        try FileManager.default.removeItem(atPath: shop.folder + "/demo/state")
        #expect(try await ask(shop, "trace", id).code == 78)
        #expect(try await ask(shop, "reindex").code == 0)
        #expect(try await ask(shop, "trace", id, "--output", "json").stdout == trace.stdout)
        #expect(try await ask(shop, "runs", "--output", "json").stdout == runs)
    }

    @Test("a report can be asked for again, by its id or as the last one, and an ended run's id does nothing")
    func report() async throws {
        let (shop, document) = try await demo()
        let runID = try #require(document["run_id"].text)
        let stored = try await ask(shop, "report", runID, "--output", "json")
        #expect(stored.code == 0)
        #expect(stored.stdout == (try await ask(shop, "report", "last", "--output", "json")).stdout)
        #expect(try stored.document()["rows"].value as? NSDictionary == document["rows"].value as? NSDictionary)
        let before = shop.files(below: "demo/synced-products")
        let repeated = try await ask(shop, "run", "demo-shop", "--run-id", runID, "--output", "json")
        #expect(repeated.code == 1)
        #expect(repeated.stdout == stored.stdout)
        #expect(shop.files(below: "demo/synced-products") == before)
    }
}

@Suite("The dry run")
struct PlanTests {
    @Test("counts what a run would do and writes nothing, before the first run and after one", arguments: [false, true])
    func writesNothing(hasRun: Bool) async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            if hasRun {
                try shop.write("landing/data/a.csv", Rows.file(1...5))
                #expect(try await shop.vitrine("run", "shop").code == 0)
            }
            try shop.write("landing/data/b.csv", Rows.file(4...9) + Rows.row("SKU-10", brand: ""))
            let (before, calls) = (shop.files(), sandbox.calls().count)
            let plan = try await shop.vitrine("plan", "shop", "--output", "json")
            #expect(plan.code == 0)
            let document = try plan.document()
            Contract.check(report: document)
            #expect(document["state"].text == "planned")
            #expect(document["rows.read"].number == 7)
            #expect(document["rows.rejected"].number == 1)
            #expect(document["rows.unchanged"].number == (hasRun ? 2 : 0))
            #expect(document["estimate.calls"].number == 2)
            let file = try await shop.vitrine("plan", "landing/data/b.csv", "--config", "not-there.yaml")
            #expect(file.code == 0)
            #expect(file.lastLine == "books balance")
            #expect(shop.files() == before)
            #expect(sandbox.calls().count == calls)
        }
    }
}

@Suite("One stage a process")
struct StageTests {
    @Test("does the same as one run, and the last stage closes it")
    func stages() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...5) + Rows.row("SKU-6", brand: ""))
            for stage in ["settle", "check", "validate", "transform", "send", "check-handles", "archive"] {
                let finished = try await shop.vitrine("stage", stage, "shop", "--run-id", "hourly-1", "--output", "json")
                #expect(finished.code == 0, "\(stage): \(finished.stderr)")
                let document = try finished.document()
                Contract.check(report: document)
                #expect(document["state"].text == "running", "\(stage)")
                let edges = Set(sandbox.calls().compactMap(\.edge))
                switch stage {
                case "send": #expect(edges == [.itemsBatch], "\(stage)")
                case "check-handles", "archive": #expect(edges == [.itemsBatch, .status], "\(stage)")
                default: #expect(edges.isEmpty, "\(stage)")
                }
            }
            let last = try await shop.vitrine("stage", "save", "shop", "--run-id", "hourly-1", "--output", "json").document()
            #expect(last["state"].text == "done")
            #expect(last["items.accepted"].number == 5)
            #expect(sandbox.calls().filter { $0.edge == .itemsBatch }.count == 1)
            #expect(try await shop.vitrine("run", "shop", "--output", "json").document()["state"].text == "nothing_to_do")
        }
    }
}
