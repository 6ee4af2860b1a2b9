import CatalogSync
import Engine
import Events
import Foundation
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

/// `vitrine alerts …`: one document on every exit code, every field always present.
@Suite("vitrine alerts")
struct AlertCommandTests {
    struct Call: Sendable, CustomTestStringConvertible {
        let arguments: String
        let code: Int32
        let keys: Set<String>
        var words = ""
        var testDescription: String { arguments }
    }

    private static let list: Set = ["incidents", "silences", "waiting", "rules", "error"]
    private static let deadline: Set = ["at", "missed", "deadlines", "error"]
    private static let silence: Set = ["silence", "ended", "error"]

    static let calls = [
        Call(arguments: "list", code: 0, keys: list), Call(arguments: "list --pipeline nope", code: 64, keys: list, words: "no pipeline of this name"),
        Call(arguments: "list --config none.yaml", code: 78, keys: list), Call(arguments: "show refused", code: 0, keys: ["incident", "error"]),
        Call(arguments: "show nothing", code: 64, keys: ["incident", "error"], words: "alerts list"),
        Call(arguments: "explain last", code: 0, keys: ["run_id", "pipeline", "rules", "error"]),
        Call(arguments: "explain r-1", code: 64, keys: ["run_id", "pipeline", "rules", "error"], words: "no such run"),
        Call(arguments: "backtest --since 90d", code: 0, keys: ["since", "runs", "bad_runs", "messages", "error"]),
        Call(arguments: "backtest --since long", code: 64, keys: ["since", "runs", "bad_runs", "messages", "error"], words: "--since 4h"),
        Call(arguments: "test hook", code: 0, keys: ["channel", "delivered", "error"]),
        Call(arguments: "test down", code: 69, keys: ["channel", "delivered", "error"], words: "not_delivered"),
        Call(arguments: "test nope", code: 64, keys: ["channel", "delivered", "error"], words: "It has: hook, down"),
        Call(arguments: "silence --rule refused --for 4h --author ana --reason known", code: 0, keys: silence),
        Call(arguments: "silence --rule nope --for 4h --author ana --reason known", code: 64, keys: silence, words: "refused"),
        Call(arguments: "silence --rule refused --for 400d --author ana --reason known", code: 64, keys: silence, words: "90 days"),
        Call(arguments: "silence --end 0123", code: 64, keys: silence, words: "alerts list"),
        Call(arguments: "silence --rule refused --for 4h", code: 64, keys: silence, words: "--reason"),
        Call(arguments: "silence --for 4h --reason x", code: 64, keys: silence, words: "--rule"),
        Call(arguments: "deadline", code: 78, keys: deadline, words: "--within"), Call(arguments: "deadline --within 26h", code: 0, keys: deadline),
        Call(arguments: "deadline --within 1s", code: 2, keys: deadline, words: "no run has ended well"),
    ]

    @Test("one document on every exit code")
    func documents() async throws {
        let receiver = try Receiver()
        let down = try FreePorts.take(1)[0]
        try await withRefusals { sandbox in
            let alerts = """
                  shipped: off
                  rules: [{name: refused, figure: items_refused, above: 0, channels: [hook]}]
                  channels: {hook: {kind: webhook, url: "\(receiver.url)"}, down: {kind: webhook, url: "http://127.0.0.1:\(down)/s3cret"}}
                """
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: alerts, at: .now + .seconds(-7200))
            try await shop.run(1...2, refused: 1...1)
            for call in Self.calls {
                let arguments = call.arguments.split(separator: " ").map(String.init)
                let finished = try await shop.shop.start(["alerts"] + arguments + ["--output", "json", "--log-level", "error"]).end()
                #expect(finished.code == call.code, "\(call.arguments): \(finished.stderr)")
                let document = try finished.document()
                #expect(document.keys == call.keys, "\(call.arguments)")
                #expect(document["error"].isNull == (call.code == 0), "\(call.arguments)")
                #expect(call.words.isEmpty || finished.stdout.contains(call.words), "\(call.arguments): \(finished.stdout)")
                #expect(!finished.stdout.contains("s3cret") && !finished.stderr.contains("s3cret"))
            }
            let shown = try await shop.shop.vitrine("alerts")
            #expect(shown.code == 0 && shown.stdout.contains("items_refused is 1, above 0") && shown.stdout.contains("silenced by ana"))
            #expect(receiver.tries == ["refused opened", "test opened"])
        }
    }

    @Test("nothing known is no good news for who watches from outside")
    func nothingKnown() async throws {
        let shop = try TellingShop(graphURL: "http://127.0.0.1:9/v26.0", alerts: "  shipped: on")
        let outcome = await AlertsDeadlineCommand(pipeline: nil, limit: nil, options: shop.options, world: shop.world).execute()
        #expect(outcome.code == .critical && outcome.document["missed"].flag == true)
        #expect(shop.shop.files().keys.allSatisfy { !$0.hasPrefix("state/") }, "asking makes nothing")
    }
}
