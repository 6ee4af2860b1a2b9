import Foundation
import Glibc
import Sandbox
import Testing

@Suite("What a newcomer meets")
struct FirstUserTests {
    @Test("without words there is help, with the commands to begin with")
    func help() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        for arguments in [[], ["--help"], ["help"]] {
            let finished = try await shop.start(arguments).end()
            #expect(finished.code == 0)
            for word in ["vitrine demo", "vitrine plan products.csv", "78 settings"] { #expect(finished.stdout.contains(word), "\(word)") }
        }
        #expect(try await shop.vitrine("--version").stdout.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    }

    @Test("a run that cannot begin says why and what to do, and shows no figures", arguments: [Ending.noSettings, .unknownKey, .missingSecret, .noLandingZone])
    func notBegun(_ ending: Ending) async throws {
        try await withSandbox { sandbox in
            let text = try await ending.shop(sandbox).start(ending.arguments).end().stdout
            #expect(text.contains("not begun") && text.contains("Stopped: ") && text.contains("What to do: "))
            #expect(!text.contains("the next run goes on") && !text.contains("0 found"))
        }
    }

    @Test("every mistake in the settings has its own line")
    func severalMistakes() async throws {
        let settings = Shop.settings("http://127.0.0.1:9/v26.0").replacing("synced:", with: "sinced:").replacing("state:", with: "stat:")
        let text = try await Shop(graphURL: "", settings: settings).vitrine("run").stdout
        for part in ["vitrine.yaml:2:", "vitrine.yaml:5:", "did you mean synced?", "did you mean state?"] { #expect(text.contains(part), "\(part)") }
    }

    @Test("a file whose name is no UTF-8 is left where it is and named, and the others go on")
    func strangeNames() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            #expect(try await shop.bash(#"printf 'x' > $'landing/data/bad\xff.csv'; mkdir $'landing/data/dir\xfe'"#).code == 0)
            let finished = try await shop.vitrine("run", "shop")
            #expect(finished.code == 0)
            #expect(finished.stdout.contains("3 found, 1 taken"))
            #expect(finished.stdout.contains("Left in the landing zone: 2 of 3"))
            let log = String(decoding: shop.files()["logs/vitrine.ndjson"] ?? Data(), as: UTF8.self)
            #expect(log.contains("not UTF-8"))
            #expect(try await shop.bash(#"test -f $'landing/data/bad\xff.csv'"#).code == 0)
        }
    }

    @Test("an Arabic product id is found as it stands in the file")
    func arabic() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/ملف.csv", Rows.header + Rows.row("مصباح-١", title: "مصباح مكتب") + Rows.row("SKU_2ب"))
            #expect(try await shop.vitrine("run", "shop").code == 0)
            for id in ["مصباح-١", "SKU_2ب"] {
                let trace = try await shop.vitrine("trace", id)
                #expect(trace.code == 0, "\(trace.stderr)")
                #expect(trace.stdout.contains("accepted by Meta") && trace.stdout.contains("\u{2068}ملف.csv\u{2069}:"))
            }
        }
    }

    @Test("any width of terminal will do", arguments: ["0", "1", "20", "100000", "wide"])
    func widths(columns: String) async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        let finished = try await shop.vitrine("run", "--help", environment: ["COLUMNS": columns, "TERM": "dumb"])
        #expect(finished.code == 0)
        #expect(finished.stdout.contains("--run-id"))
    }

    @Test("the sandbox says where it listens, stops when told, and has its document too")
    func sandboxCommand() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9/v26.0")
        let process = try Running(
            ["/bin/bash", "-c", #"exec "$V" sandbox --port 0 --output json 2>announced"#], in: shop.folder, environment: ["V": Executable.path])
        let announced = shop.folder + "/announced"
        #expect(await becomes { process.hasEnded || (FileManager.default.contents(atPath: announced)?.contains(UInt8(ascii: "\n")) ?? false) })
        let line = try String(contentsOfFile: announced, encoding: .utf8)
        let url = try #require(line.firstMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+\/v26\.0/)).output
        try shop.write("vitrine.yaml", Shop.settings(String(url)))
        try shop.write("landing/data/a.csv", Rows.file(1...3))
        #expect(try await shop.vitrine("run", "shop").code == 0)
        process.signal(SIGTERM)
        let finished = await process.end()
        #expect(finished.code == 0)
        #expect(try finished.document()["error"].isNull)
    }
}
