import Engine
import Events
import Foundation
import Sandbox
import Testing

@testable import VitrineApp

@Suite("The doctor")
struct DoctorTests {
    @Test("finds all well, names the catalogue, leaves nothing behind and calls once")
    func well() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            let finished = try await shop.vitrine("doctor", "--output", "json")
            let document = try finished.document()
            #expect(document.keys == ["checks", "error"])
            #expect(document["checks.0"].keys == ["name", "pipeline", "level", "found", "remedy"])
            let names = document["checks"].elements.compactMap { $0["name"].text }
            #expect(names == ["settings", "state", "ledger", "space", "logs", "landing", "synced", "space", "lease", "token", "catalogue", "version", "clock"])
            let found = document["checks"].elements.compactMap { $0["found"].text }.joined(separator: "\n")
            #expect(found.contains("“Sandbox catalogue” (1234567890), 0 products"))
            for check in document["checks"].elements where check["name"].text != "space" { #expect(check["level"].text == "ok", "\(check.value)") }
            #expect(sandbox.calls().count == 1)
            #expect(shop.files().keys.allSatisfy { !$0.contains("doctor") })
            #expect(!finished.stdout.contains("sandbox-token") && !finished.stderr.contains("sandbox-token"))
            let words = try await shop.vitrine("doctor", "shop")
            #expect(words.stdout.contains("  ok    catalogue  “Sandbox catalogue”"))
        }
    }

    struct Illness: Sendable, CustomTestStringConvertible {
        let name: String
        let code: Int32
        var token = "sandbox-token"
        var settings: @Sendable (String) -> String = { $0 }
        var sandbox: @Sendable (inout SandboxConfiguration) -> Void = { _ in }
        var testDescription: String { name }
    }

    static let illnesses: [Illness] = [
        Illness(name: "token", code: 77, token: "another"),
        Illness(name: "token", code: 78, settings: { $0.replacing("SHOP_TOKEN", with: "NO_SUCH_TOKEN") }),
        Illness(name: "catalogue", code: 77, settings: { $0.replacing("1234567890", with: "999") }),
        Illness(name: "catalogue", code: 69, settings: { $0.replacing(/127\.0\.0\.1:\d+/, with: "127.0.0.1:9") }),
        Illness(name: "version", code: 78, settings: { $0.replacing("v26.0", with: "v3.0") }),
        Illness(name: "version", code: 1, sandbox: { $0.answeredVersion = "v27.0" }),
        Illness(name: "landing", code: 78, settings: { $0.replacing("./landing", with: "./landung") }),
        Illness(name: "state", code: 73, settings: { $0.replacing("./state", with: "./vitrine.yaml/state") }),
        Illness(name: "synced", code: 73, settings: { $0.replacing("./synced", with: "./vitrine.yaml/synced") }),
        Illness(name: "logs", code: 73, settings: { $0.replacing("./logs/", with: "./vitrine.yaml/") }),
    ]

    @Test("names what is wrong, how to mend it, and ends with its code", arguments: illnesses)
    func ill(_ illness: Illness) async throws {
        var configuration = SandboxConfiguration()
        illness.sandbox(&configuration)
        let sandbox = Sandbox(configuration: configuration)
        try await sandbox.start()
        let shop = try Shop(graphURL: sandbox.graphURL, token: illness.token, settings: illness.settings(Shop.settings(sandbox.graphURL)))
        let finished = try await shop.vitrine("doctor", "--output", "json")
        await sandbox.stop()
        #expect(finished.code == illness.code, "\(finished.stdout)")
        let document = try finished.document()
        let bad = document["checks"].elements.filter { $0["level"].text != "ok" && $0["name"].text != "space" }
        #expect(bad.first?["name"].text == illness.name, "\(finished.stdout)")
        #expect(bad.allSatisfy { $0["remedy"].text?.isEmpty == false })
        #expect(document["error"].isNull == (illness.code == 1))
        #expect(!finished.stdout.contains(illness.token))
    }

    @Test("holds the clock against Meta's", arguments: [(0, "ok", 0), (20, "ok", 0), (90, "warn", 1), (-90, "warn", 1), (400, "fail", 69), (-4000, "fail", 69)])
    func clock(seconds: Int, level: String, code: Int32) async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, settings: Shop.settings(sandbox.graphURL).replacing("env:SHOP_TOKEN", with: "file:./token"))
            try shop.write("token", "sandbox-token")
            var options = CommonOptions()
            options.config = shop.folder + "/vitrine.yaml"
            var world = World.real
            world.now = { Timestamp.now + .seconds(seconds) }
            let outcome = await DoctorCommand(pipeline: nil, options: options, world: world).execute()
            let document = JSON(value: try JSONSerialization.jsonObject(with: Data(outcome.json)))
            #expect(document["checks"].elements.last?["name"].text == "clock")
            #expect(document["checks"].elements.last?["level"].text == level)
            #expect(outcome.code.rawValue >= code)
        }
    }

    @Test("reads the date of an answer", arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"), ("Sat, 21 Nov 2026 00:00:00 GMT", "2026-11-21T00:00:00.000Z"),
        ("Sun, 06 Nov 1994 08:49:37", nil), ("Sun, 31 Feb 2026 08:49:37 GMT", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("", nil),
        ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
    ] as [(String, String?)])
    func httpDate(text: String, time: String?) {
        #expect(Timestamp(httpDate: text)?.rfc3339 == time)
    }
}
