import Foundation
import Sandbox
import Testing

@Suite("Questions on the command line")
struct QuestionTests {
    private func shop(_ sandbox: Sandbox) async throws -> Shop {
        let shop = try Shop(graphURL: sandbox.graphURL)
        try shop.write("landing/data/a.csv", Rows.file(1...3) + Rows.row("SKU-9", host: "outlet.example") + Rows.row("=cmd", price: ""))
        #expect(try await shop.vitrine("run", "shop").code == 1)
        return shop
    }

    private static var refusing: FaultPlan {
        var plan = FaultPlan.none
        plan.refusals.linkHosts = ["outlet.example"]
        return plan
    }

    @Test("products: one list in words, as JSON, and as a sheet that a spreadsheet does not run")
    func products() async throws {
        try await withSandbox(Self.refusing) { sandbox in
            let shop = try await shop(sandbox)
            let words = try await shop.vitrine("products")
            #expect(words.code == 0)
            for part in ["3 accepted, 1 refused, 1 rejected, 0 unknown", "1 ×  Invalid link (refused)", "SKU-9  refused since", "a.csv:5"] {
                #expect(words.stdout.contains(part), "\(part) in:\n\(words.stdout)")
            }
            let document = try await shop.vitrine("products", "--state", "refused", "--output", "json").document()
            #expect(document.keys == ["state", "total", "remedies", "products", "error"])
            #expect(document["total"].number == 1 && document["products.0.product_id"].text == "SKU-9")
            #expect(document["products.0"].keys == ["product_id", "pipeline", "state", "since", "message", "remedy", "file", "row", "run_id"])
            let sheet = try await shop.vitrine("products", "--output", "csv")
            #expect(sheet.stdout.hasPrefix("\u{FEFF}pipeline,product_id,state"))
            #expect(sheet.stdout.contains("shop,'=cmd,rejected,"))
            #expect(try await shop.vitrine("products", "--search", "invalid LINK", "--output", "json").document()["products"].elements.count == 1)
            #expect(try await shop.vitrine("runs", "--output", "csv").code == 64)
        }
    }

    @Test("status: a monitor's line first, and an exit code for each level")
    func status() async throws {
        try await withSandbox(Self.refusing) { sandbox in
            let fresh = try Shop(graphURL: sandbox.graphURL)
            let unknown = try await fresh.vitrine("status")
            #expect(unknown.code == 1 && unknown.stdout.hasPrefix("VITRINE WARNING - shop: no run is remembered | accepted=0"))
            let shop = try await shop(sandbox)
            let warning = try await shop.vitrine("status")
            #expect(warning.code == 1 && warning.stdout.hasPrefix("VITRINE WARNING - shop: the last run was done with errors: 1 refused by Meta"))
            try shop.write("landing/data/b.csv", Rows.file(1...4))
            let before = try await shop.vitrine("status", "--output", "json").document()
            #expect(before["pipelines.0.landing.files"].number == 1)
            #expect(before["pipelines.0"].keys == [
                "pipeline", "health", "last_run", "last_success", "open_runs", "next_scheduled", "products", "landing", "paused", "held", "incidents",
            ])
            #expect(try await shop.vitrine("run", "shop").code == 0)
            let well = try await shop.vitrine("status")
            #expect(well.code == 0 && well.stdout.hasPrefix("VITRINE OK - 1 pipeline well | accepted=4 refused=1 rejected=1 unknown=0 waiting_files=0\n"))
            try shop.write("landing/data/c.csv", Rows.header + Rows.row("SKU-1", brand: ""))
            #expect(try await shop.vitrine("run", "shop").code == 65)
            let critical = try await shop.vitrine("status", "--output", "json")
            #expect(critical.code == 2)
            let document = try critical.document()
            Contract.check(error: document["error"], code: 2, word: "critical")
            #expect(document["health"].text == "critical" && document["pipelines.0.health.problems.0.remedy"].text?.contains("vitrine report") == true)
            #expect(try await shop.vitrine("status", "--config", "none.yaml").code == 78)
        }
    }

    @Test("pause and resume: a paused pipeline does not begin, says who and why, and all of it is logged")
    func pause() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            let paused = try await shop.vitrine("pause", "shop", "--reason", "stock-taking", "--for", "4h", "--author", "ana", "--output", "json").document()
            #expect(paused["paused.author"].text == "ana" && paused["paused.until"].text != nil)
            let refused = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(refused.code == 75)
            let report = try refused.document()
            Contract.check(report: report)
            #expect(report["error.reason"].text == "paused" && report["error.detail"].text?.contains("ana") == true)
            #expect(report["error.detail"].text?.contains("stock-taking") == true)
            #expect(try await shop.vitrine("stage", "check", "shop", "--run-id", "r").code == 75)
            let status = try await shop.vitrine("status", "--output", "json").document()
            #expect(status["pipelines.0.paused.reason"].text == "stock-taking")
            #expect(sandbox.calls().isEmpty)
            let resumed = try await shop.vitrine("resume", "shop", "--reason", "done", "--author", "ben", "--output", "json").document()
            #expect(resumed["ended.author"].text == "ana")
            #expect(try await shop.vitrine("run", "shop").code == 0)
            let log = String(decoding: shop.files()["logs/vitrine.ndjson"] ?? Data(), as: UTF8.self)
            for event in [#""event":"pipeline.paused""#, #""event":"pipeline.still_paused""#, #""event":"pipeline.resumed""#, #""author":"ben""#] {
                #expect(log.contains(event), "\(event)")
            }
            #expect(try await shop.vitrine("resume", "shop", "--reason", "again").stdout == "shop was not paused\n")
        }
    }

    @Test("what cannot be asked is 64, with the fields of the answer", arguments: [
        ["pause", "shop", "--reason", " "], ["pause", "shop"], ["pause", "shop", "--reason", "r", "--for", "soon"], ["pause", "other", "--reason", "r"],
        ["products", "--state", "sold"], ["products", "--limit", "0"], ["products", "--pipeline", "other"], ["status", "other"],
    ])
    func wrong(arguments: [String]) async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        let finished = try await shop.start(arguments + ["--output", "json"]).end()
        #expect(finished.code == 64)
        Contract.check(error: try finished.document()["error"], code: 64, word: "usage")
    }

    @Test("a pause that is over does not keep a run from its work")
    func over() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...2))
            try shop.write("state/paused/shop.json", #"{"pipeline":"shop","author":"ana","reason":"r","since":"2020-01-01T00:00:00Z","until":"2020-01-01T01:00:00Z"}"#)
            #expect(try await shop.vitrine("run", "shop").code == 0)
            #expect(shop.files()["state/paused/shop.json"] == nil)
        }
    }

    @Test("changes and trace: old and new value of each field, by run and verdict, and what is new")
    func changes() async throws {
        try await withSandbox(Self.refusing) { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            try shop.write("landing/data/b.csv", Rows.header + Rows.row("SKU-1", price: "9 USD") + Rows.row("SKU-2") + Rows.row("SKU-3", host: "outlet.example"))
            #expect(try await shop.vitrine("run", "shop").code == 1)
            let document = try await shop.vitrine("changes", "--since", "1h", "--field", "price", "--output", "json").document()
            #expect(document.keys == ["since", "field", "items_sent", "is_cut", "changes", "error"])
            let priced = document["changes"].elements.filter { $0["is_new"].flag == false }
            #expect(priced.count == 1 && priced[0]["product_id"].text == "SKU-1" && priced[0]["verdict"].text == "accepted")
            #expect(priced[0]["fields.0.old"].text == "12.50 USD" && priced[0]["fields.0.new"].text == "9 USD" || priced[0]["fields.0.new"].text == "9.00 USD")
            #expect(priced[0].keys == [
                "product_id", "pipeline", "run_id", "at", "verdict", "is_new", "previous_run_id", "values_known", "fields", "file", "row",
            ])
            #expect(document["changes"].elements.count == 4, "one price changed, three were new")
            let words = try await shop.vitrine("changes")
            #expect(words.stdout.contains("price: '12.50 USD' → '9") && words.stdout.contains("SKU-3  REFUSED: Meta keeps what it had"))
            #expect(words.stdout.contains("new, ") && words.stdout.contains("Lamp SKU-2"))
            #expect(try await shop.vitrine("changes", "--output", "csv").stdout.contains("shop,SKU-1,price,12.50 USD,9"))
            let trace = try await shop.vitrine("trace", "SKU-1", "--output", "json").document()
            #expect(trace["history.0.changes.fields.0.field"].text == "price" && trace["history.1.changes.is_new"].flag == true)
            #expect(trace["history.0.changes.previous_run_id"].text == trace["history.1.run_id"].text)
            #expect(try await shop.vitrine("trace", "SKU-1").stdout.contains("changed  price: '12.50 USD' → '9"))
            // What retention has swept is said to be unknown, and nothing is made up.
            for name in shop.files(below: "synced").keys where name.contains("/batches/") && !name.hasSuffix("/") {
                try FileManager.default.removeItem(atPath: shop.folder + "/synced/" + name)
            }
            let swept = try await shop.vitrine("changes", "--output", "json").document()
            #expect(swept["changes"].elements.allSatisfy { $0["values_known"].flag == false && $0["fields"].elements.isEmpty })
            #expect(try await shop.vitrine("changes", "--since", "soon", "--output", "json").code == 64)
        }
    }

    @Test("resend: the next run sends what Meta refused, and what was rejected is said to have to come again")
    func resend() async throws {
        try await withSandbox(Self.refusing) { sandbox in
            let shop = try await shop(sandbox)
            let asked = try await shop.vitrine("resend", "--refused", "--rejected", "--reason", "verified", "--author", "ana", "--output", "json")
            #expect(asked.code == 0)
            let document = try asked.document()
            #expect(document.keys == ["requests", "rejected", "error"])
            #expect(document["requests.0"].keys == ["id", "pipeline", "states", "products", "author", "reason", "at", "count"])
            #expect(document["requests.0.count"].number == 1 && document["rejected"].number == 1)
            sandbox.setFaults(.none)
            let report = try await shop.vitrine("run", "shop", "--output", "json").document()
            Contract.check(report: report)
            #expect(report["state"].text == "done" && report["items.accepted"].number == 1 && report["resent_rows"].number == 1)
            let words = try await shop.vitrine("resend", "--product", "SKU-1", "--reason", "to be sure", "--now")
            #expect(words.code == 0 && words.lastLine == "books balance")
            #expect(words.stdout.contains("1 row read") || words.stdout.contains("1 read = 0 rejected + 1 sent"))
            let rejected = try await shop.vitrine("resend", "--product", "=cmd", "--reason", "r")
            #expect(rejected.code == 0 && rejected.stdout.contains("has to come again, mended"))
            let log = String(decoding: shop.files()["logs/vitrine.ndjson"] ?? Data(), as: UTF8.self)
            for event in ["resend.requested", "resend.taken", "resend.gathered"] { #expect(log.contains(#""event":"\#(event)""#), "\(event)") }
            #expect(log.contains(#""author":"ana""#))
            for arguments in [["--reason", "r"], ["--refused"], ["--product", "nobody", "--reason", "r"], ["--all", "--reason", "r", "--pipeline", "other"]] {
                let wrong = try await shop.start(["resend"] + arguments + ["--output", "json"]).end()
                #expect(wrong.code == 64)
                Contract.check(error: try wrong.document()["error"], code: 64, word: "usage")
            }
        }
    }
}
