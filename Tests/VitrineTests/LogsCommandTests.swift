import Foundation
import Sandbox
import Testing

@Suite("Log questions on the command line")
struct LogsCommandTests {
    private static var refusing: FaultPlan {
        var plan = FaultPlan.none
        plan.refusals.linkHosts = ["outlet.example"]
        return plan
    }

    /// Two runs: SKU-1 is refused by the second, SKU-2 mended, SKU-9 new; a row without a price is rejected.
    private func shop(_ sandbox: Sandbox) async throws -> Shop {
        let shop = try Shop(graphURL: sandbox.graphURL)
        try shop.write("landing/data/a.csv", Rows.header + Rows.row("SKU-1") + Rows.row("SKU-2", host: "outlet.example") + Rows.row("SKU-3"))
        #expect(try await shop.vitrine("run", "shop", "--run-id", "first").code == 1)
        try shop.write(
            "landing/data/b.csv", Rows.header + Rows.row("SKU-1", host: "outlet.example") + Rows.row("SKU-2", price: "9 USD") + Rows.row("SKU-9") + Rows.row("SKU-4", price: ""))
        #expect(try await shop.vitrine("run", "shop", "--run-id", "second").code == 1)
        return shop
    }

    private static let fields: Set = [
        "since", "until", "matched", "unreadable", "is_cut", "lines", "group_by", "bucket_seconds", "groups", "others", "most_missing", "files", "problems", "error",
    ]

    @Test("lines of a run by event and field: in words, as JSON with every field, as a sheet")
    func lines() async throws {
        try await withSandbox(Self.refusing) { sandbox in
            let shop = try await shop(sandbox)
            let words = try await shop.vitrine("logs", "--run", "second", "--event", "item.refused")
            #expect(words.code == 0 && words.stdout.contains("warning  item.refused          Item refused by Meta.") && words.stdout.contains("product_id=SKU-1"))
            #expect(words.stdout.split(separator: "\n").count == 1 && !words.stdout.contains("\u{1B}"), "no colours but on a terminal")
            let document = try await shop.vitrine("logs", "--where", "product_id=SKU-2", "--event", "item.*", "--output", "json").document()
            #expect(document.keys == Self.fields && document["error"].isNull && document["since"].isNull)
            #expect(document["matched"].number == 1 && document["lines.0.record.run_id"].text == "first" && document["lines.0.record.row"].number == 3)
            #expect(document["lines.0"].keys == ["time", "log_file", "offset", "record", "before", "after"])
            let sheet = try await shop.vitrine("logs", "--event", "row.rejected", "--output", "csv")
            #expect(sheet.stdout.hasPrefix("\u{FEFF}time,level,event,msg,pipeline,run_id,stage,") && sheet.stdout.contains(",row.rejected,"))
            #expect(try await shop.vitrine("logs", "--event", "run.started", "--count").stdout == "2\n")
            let raw = try await shop.vitrine("logs", "--run", "last", "--event", "run.started", "--raw")
            #expect(raw.stdout.hasPrefix(#"{"time":""#) && raw.stdout.contains(#""run_id":"second""#))
            #expect(try await shop.vitrine("logs", "--since", "-1h", "--event", "run.started", "--count").stdout == "2\n")
            let none = try await shop.vitrine("logs", "--until", "2020-01-01")
            #expect(none.code == 0 && none.stdout.isEmpty && none.stderr.contains("No line matches in 1 file until 2020-01-01"))
        }
    }

    @Test("counts by field and span of time, and lines around a line")
    func counts() async throws {
        try await withSandbox(Self.refusing) { sandbox in
            let shop = try await shop(sandbox)
            let groups = try await shop.vitrine("logs", "--group-by", "event,run_id", "--level", "warning", "--output", "json").document()
            let refused = groups["groups"].elements.filter { $0["values.event"].text == "item.refused" }
            #expect(refused.count == 2 && refused.allSatisfy { $0["lines"].number == 1 } && groups["group_by.1"].text == "run_id")
            #expect(groups["groups.0"].keys == ["bucket", "values", "lines", "first", "last"])
            let spans = try await shop.vitrine("logs", "--bucket", "1d", "--group-by", "level")
            #expect(spans.stdout.hasPrefix("from ") && spans.stdout.contains("T00:00:00.000Z  warning"))
            let families = try await shop.vitrine("logs", "--event", "item.refused", "--run", "second", "--group-by", "family", "--output", "json").document()
            let report = try await shop.vitrine("report", "second", "--output", "json").document()
            #expect(families["groups"].elements.map { $0["values.family"].text } == report["refusals"].elements.map { $0["family"].text })
            #expect(families["groups.0.lines"].number == report["refusals.0.count"].number && families["groups.0.values.family"].text != nil)
            let top = try await shop.vitrine("logs", "--group-by", "event", "--top", "1")
            #expect(top.stdout.split(separator: "\n").count == 2 && top.stderr.contains("more groups are not shown"))
            let around = try await shop.vitrine("logs", "--event", "item.refused", "--run", "first", "--context", "2")
            #expect(around.stdout.split(separator: "\n").count == 5 && around.stdout.contains("\n> "))
        }
    }

    @Test("slips of the fingers get a word, and no wrong answer", arguments: [
        (["--since", "2999-01-01"], Int32(0), "--since is in the future"), (["--where", "pipline=shop"], 0, "Lines of Vitrine have no field 'pipline'; did you mean pipeline?"),
        (["--group-by", "evnt"], 0, "no field 'evnt'; did you mean event?"), (["--event", "item.refuse"], 0, "no event 'item.refuse'; did you mean item.refused?"), (["--group-by", ""], 64, "--group-by: it names no field"),
        (["--event", ","], 64, "--event: it names no event"), (["--where", "row=>1"], 64, "--where row=>1: it is no condition"), (["--follow"], 64, "it is a folder, and --follow wants files that grow"),
    ])
    func slips(arguments: [String], code: Int32, words: String) async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9")
        try shop.write("logs/vitrine.ndjson", #"{"time":"2026-11-21T08:00:00.000Z","level":"info","event":"run.started","pipeline":"shop"}"# + "\n")
        let finished = try await shop.start(["logs", "--file", "logs"] + arguments).end()
        #expect(finished.code == code && finished.stderr.contains(words), "\(finished)")
    }

    @Test("a file that is named twice is read once, what cannot be read is counted, and a folder without logs is said")
    func named() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9")
        try shop.write("logs/vitrine.ndjson", #"{"event":"one"}"# + "\nrubbish\n" + #"{"event":"tw"#)
        let twice = try await shop.vitrine("logs", "--file", "logs", "logs/vitrine.ndjson", "./logs/../logs/vitrine.ndjson", "--count")
        #expect(twice.stdout == "1\n" && twice.stderr.contains("2 lines looked at are no JSON objects, or longer than 4 MiB: passed over."))
        try shop.write("others/notes.txt", "")
        let none = try await shop.vitrine("logs", "--file", "others", "--count")
        #expect(none.code == 64 && none.stdout.isEmpty && none.stderr.contains("others: no log is in this folder"))
    }

    @Test("without a log file the log of a run comes from its folder; without both it is said what to do")
    func ownLog() async throws {
        try await withSandbox(Self.refusing) { sandbox in
            let shop = try await shop(sandbox)
            let settings = String(decoding: shop.files()["vitrine.yaml"] ?? Data(), as: UTF8.self)
            try shop.write("vitrine.yaml", settings.replacing("telemetry: {logs: {file: ./logs/vitrine.ndjson}}\n", with: ""))
            #expect(try await shop.vitrine("logs", "--run", "first", "--event", "run.ended", "--count").stdout == "1\n")
            let asked = try await shop.vitrine("logs", "--output", "json")
            #expect(asked.code == 78)
            let document = try asked.document()
            #expect(document.keys == Self.fields)
            Contract.check(error: document["error"], code: 78, word: "settings")
            // With a log file that no longer reaches so far back, too.
            try shop.write("vitrine.yaml", settings)
            try shop.write("logs/vitrine.ndjson", "")
            #expect(try await shop.vitrine("logs", "--run", "second", "--event", "run.ended", "--count").stdout == "1\n")
            // With one that has lost the first half of the run.
            try shop.write("logs/vitrine.ndjson", #"{"time":"2099-01-01T00:00:00Z","level":"info","event":"run.ended","msg":"m","run_id":"second"}"# + "\n")
            let whole = try await shop.vitrine("logs", "--run", "second", "--count")
            #expect(try #require(Int(whole.stdout.dropLast())) > 5)
        }
    }

    @Test("files, folders and standard input are read without settings")
    func files() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0", settings: "nonsense: [")
        try shop.write("some/a.log", #"{"level":"ERROR","message":"théirs"}"# + "\nrubbish\n")
        try shop.write("some/b.ndjson", #"{"time":"2026-11-21T08:00:00.000Z","level":"info","event":"x","msg":"ours"}"# + "\n")
        let both = try await shop.vitrine("logs", "--file", "some")
        #expect(both.stdout.contains("théirs") && both.stdout.contains("ours") && both.stderr.contains("1 line looked at is no JSON object"))
        let piped = try await shop.bash("cat some/a.log | $V logs --file - --level error --count; $V logs --file - --count < some/b.ndjson; gzip -k some/b.ndjson; $V logs --file some/b.ndjson.gz --count; cat some/b.ndjson.gz | $V logs --file -")
        #expect(piped.stdout.hasPrefix("1\n1\n1\n") && piped.stderr.contains("gzip -dc"), "\(piped.stdout)\(piped.stderr)")
        let torn = try await shop.bash("for i in $(seq 20000); do echo '{\"level\":\"info\",\"msg\":\"m'$RANDOM$i'\"}'; done | gzip | head -c 60000 > torn.gz; $V logs --file torn.gz --limit 1")
        #expect(torn.code == 0 && torn.stdout.split(separator: "\n").count == 1 && torn.stderr.contains("what could be unpacked was searched"), "\(torn.stdout)\(torn.stderr)")
    }

    @Test("logs diff: products whose outcome changed between two runs, what runs between them did with it")
    func diff() async throws {
        try await withSandbox(Self.refusing) { sandbox in
            let shop = try await shop(sandbox)
            let document = try await shop.vitrine("logs", "diff", "first", "second", "--output", "json").document()
            #expect(document.keys == ["first_run_id", "second_run_id", "pipeline", "changed", "is_cut", "groups", "products", "error"])
            let changes = document["products"].elements.map { "\($0["product_id"].text ?? ""): \($0["before.outcome"].text ?? "-") \($0["after.outcome"].text ?? "-")" }
            #expect(changes == ["SKU-1: accepted refused", "SKU-2: refused accepted", "SKU-4: - rejected", "SKU-9: - accepted"])
            #expect(document["changed"].number == 4 && document["groups"].elements.count == 4 && document["products.0.after.file"].text == "b.csv")
            #expect(document["groups.0"].keys == ["before", "after", "count", "examples"])
            try shop.write("landing/data/c.csv", Rows.header + Rows.row("SKU-1", price: "8 USD"))
            #expect(try await shop.vitrine("run", "shop", "--run-id", "third").code == 0)
            let back = try await shop.vitrine("logs", "diff", "first", "last")
            #expect(back.code == 0 && !back.stdout.contains("SKU-1") && back.stdout.contains("1 ×  refused by Meta → accepted"), "accepted, refused, accepted: no change\n\(back.stdout)")
            let sheet = try await shop.vitrine("logs", "diff", "second", "third", "--output", "csv")
            #expect(sheet.stdout.contains("shop,SKU-1,refused,accepted,third,c.csv,2,"))
            #expect(try await shop.vitrine("logs", "diff", "third", "third").stdout.contains("No product has another outcome"))
            let wrong = try await shop.vitrine("logs", "diff", "first", "nonsense", "--output", "json")
            #expect(wrong.code == 64)
            Contract.check(error: try wrong.document()["error"], code: 64, word: "usage")
        }
    }

    @Test("what cannot be asked is 64, and says what can", arguments: [
        ["--since", "soon"], ["--until", "today", "--since", "now"], ["--where", "nonsense"], ["--where", "a~("], ["--bucket", "5x"], ["--limit", "0"], ["--top", "0"],
        ["--context", "2", "--count"], ["--context", "1000"], ["--context", "3", "--limit", "100000"], ["--follow"], ["--level", "loud"], ["--file", "missing.ndjson"], ["--group-by", "a,b,c,d,e,f,g,h,i"], ["--run", "last"],
    ])
    func wrong(arguments: [String]) async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        try shop.write("logs/vitrine.ndjson", "")
        let finished = try await shop.start(["logs"] + arguments + ["--output", "json"]).end()
        let document = try finished.document()
        // A run that is called last needs a ledger: 78 where nothing has run yet.
        let isLast = arguments.contains("last")
        #expect(finished.code == (isLast ? 78 : 64))
        Contract.check(error: document["error"], code: finished.code, word: isLast ? "settings" : "usage")
    }
}

@Suite("The bundle of an incident")
struct IncidentTests {
    private static let token = "EAABplantedTokenZ9x8w7v6u5t4s3r2q1", appSecret = "0badc0ffee0ddf00d5ecre7a99b8c7d6"
    private static let hook = "https://hooks.example/services/T0PLANTED/B0PLANTED", password = "planted-smtp-password"

    @Test("has all that is known of the run, opens everywhere, and says what each file is")
    func bundle() async throws {
        var plan = FaultPlan.none
        plan.refusals.linkHosts = ["outlet.example"]
        try await withSandbox(plan) { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...3) + Rows.row("SKU-9", host: "outlet.example") + Rows.row("SKU-8", price: ""))
            #expect(try await shop.vitrine("run", "shop", "--run-id", "r1").code == 1)
            let made = try await shop.vitrine("incident", "last", "--out", "/proc/x.zip", "--output", "json")
            #expect(made.code == 73)
            let document = try await shop.vitrine("incident", "last", "--output", "json").document()
            #expect(document.keys == ["run_id", "pipeline", "state", "no_end", "bundle", "bytes", "files", "omitted", "error"] && document["bundle"].text == "incident-r1.zip")
            #expect(try await shop.bash("python3 -m zipfile -t incident-r1.zip && python3 -m zipfile -e incident-r1.zip out").code == 0)
            let files = shop.files(below: "out/incident-r1")
            let names = Set(files.keys.filter { !$0.hasSuffix("/") })
            #expect(names.isSuperset(of: [
                "README.txt", "facts.json", "report.html", "report.json", "report.txt", "manifest.json", "timeline.html", "timeline.txt", "log.ndjson", "log-around.ndjson", "journal.ndjson",
                "answers.ndjson", "receipts.ndjson", "metrics.prom", "settings.yaml", "requests/00001.json", "requests/00001.items.ndjson",
            ]))
            #expect(names == Set(document["files"].elements.compactMap { $0["name"].text } + ["README.txt"]))
            func text(_ name: String) -> String { String(decoding: files[name] ?? Data(), as: UTF8.self) }
            for name in names where name != "README.txt" { #expect(text("README.txt").contains(name), "\(name) is not explained") }
            #expect(text("timeline.txt").contains("item.refused") && text("log.ndjson").contains(#""event":"run.ended""#) && text("requests/00001.json").contains("SKU-9"))
            #expect(text("answers.ndjson").contains("judged") && text("receipts.ndjson").contains("SKU-8"))
            #expect(text("metrics.prom").contains(#"vitrine_items_total{pipeline="shop",outcome="refused"} 1"#))
            #expect(text("settings.yaml").contains("access_token: env:SHOP_TOKEN"))
            let wrong = try await shop.vitrine("incident", "nonsense", "--output", "json")
            #expect(wrong.code == 64)
            Contract.check(error: try wrong.document()["error"], code: 64, word: "usage")
        }
    }

    @Test("has no secret of the settings, the environment or the answers, wherever it was planted")
    func secrets() async throws {
        let meta = try EchoingMeta()
        defer { meta.stop() }
        let channels = """
            alerts:
              shipped: off
              channels:
                ops: {kind: email, smtp: "smtp://127.0.0.1:2525", from: a@shop.example, to: [b@shop.example], user: mailer, password: env:SHOP_SMTP}
                hook: {kind: webhook, url: "\(Self.hook)"}
            # a comment with \(Self.token)
            """
        let settings = Shop.settings(meta.graphURL).replacing("access_token: env:SHOP_TOKEN", with: "access_token: env:SHOP_TOKEN, app_secret: file:./app.secret")
            .replacing("alerts: {shipped: off}", with: channels).replacing("kind: catalog-sync", with: "kind: catalog-sync\n    dead_man: https://hc.example/11111111-planted-2222")
        let shop = try Shop(graphURL: meta.graphURL, token: Self.token, settings: settings)
        try shop.write("app.secret", Self.appSecret + "\n")
        try shop.write("landing/data/a.csv", Rows.file(1...3) + Rows.row("SKU-7", title: "Lamp \(Self.password)"))
        let environment = ["SHOP_SMTP": Self.password]
        let run = try await shop.start(["run", "shop"], environment: environment).end()
        #expect(run.code == 77, "\(run.stdout)\(run.stderr)")
        let made = try await shop.start(["incident", "last"], environment: environment).end()
        #expect(made.code == 0, "\(made.stdout)\(made.stderr)")
        #expect(try await shop.bash("python3 -m zipfile -e incident-*.zip out").code == 0)
        let files = shop.files(below: "out")
        #expect(files.count > 10)
        let planted = [Self.token, Self.appSecret, Self.password, "T0PLANTED", "11111111-planted-2222"]
        for secret in planted {
            for (name, content) in files { #expect(content.range(of: Data(secret.utf8)) == nil, "\(name) holds \(secret)") }
        }
        let shown = files.first { $0.key.hasSuffix("settings.yaml") }.map { String(decoding: $0.value, as: UTF8.self) } ?? ""
        for part in ["env:SHOP_TOKEN", "file:./app.secret", "hooks.example", "hc.example", "127.0.0.1:2525"] { #expect(shown.contains(part), "\(part) in:\n\(shown)") }
        // The test would prove nothing if they were not there to be taken out.
        #expect(meta.received.contains("Bearer \(Self.token)"))
        #expect(files.contains { $0.key.hasSuffix("requests/00001.json") && String(decoding: $0.value, as: UTF8.self).contains("Lamp <secret>") })
    }
}
