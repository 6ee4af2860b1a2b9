import Foundation
import Sandbox
import Testing

/// Real catalogues that lie beside the checkout, not in it.
enum SharedData {
    /// `VITRINE_SHARED_DATA`, or the first `shared/data` on the way up from this file.
    static let folder: String? = {
        if let named = ProcessInfo.processInfo.environment["VITRINE_SHARED_DATA"] { return named }
        var place = URL(filePath: #filePath).deletingLastPathComponent()
        while place.path != "/" {
            let folder = place.appending(path: "shared/data").path
            if FileManager.default.fileExists(atPath: folder) { return folder }
            place.deleteLastPathComponent()
        }
        return nil
    }()

    static func landing(_ name: String) throws -> String {
        try String(contentsOfFile: try #require(folder) + "/\(name)/landing.csv", encoding: .utf8)
    }
}

@Suite("Two public catalogues", .enabled(if: SharedData.folder != nil, "no shared/data above this checkout, and VITRINE_SHARED_DATA is not set"))
struct SharedDataTests {
    @Test("a clean one is accepted whole")
    func eshop() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            try shop.write("landing/data/landing.csv", try SharedData.landing("eshop"))
            let finished = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(finished.code == 0)
            let report = try finished.document()
            #expect(report["rows.read"].number == 101)
            #expect(report["items.accepted"].number == 101)
            #expect(sandbox.catalog().count == 101)
        }
    }

    @Test("one without brands is stopped with the setting that mends it; with that setting it goes in one run, and once")
    func retailDemo() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL)
            let landing = try SharedData.landing("aws-retail-demo")
            try shop.write("landing/data/landing.csv", landing)
            let stopped = try await shop.vitrine("run", "shop", "--output", "json")
            #expect(stopped.code == 65)
            let failed = try stopped.document()
            #expect(failed["state"].text == "validation_failed")
            #expect(failed["rows.rejected"].number == 2465)
            #expect(failed["error.remedy"].text?.contains("defaults: {brand:") == true)
            #expect(shop.files(below: "landing") == ["data/": Data(), "data/landing.csv": Data(landing.utf8)], "nothing moves")
            #expect(sandbox.calls().isEmpty)

            try shop.write("vitrine.yaml", Shop.settings(sandbox.graphURL, "", "defaults: {brand: Northlight}"))
            let sent = try await shop.vitrine("run", "shop", "--output", "json").document()
            #expect(sent["state"].text == "done")
            #expect(sent["rows.sent"].number == 2465)
            #expect(sent["items.accepted"].number == 2465)
            #expect(sent["requests.sent"].number == 1)
            #expect(sandbox.catalog().values.allSatisfy { $0["brand"] == "Northlight" })

            let calls = sandbox.calls().count
            try shop.write("landing/data/landing.csv", landing)
            let again = try await shop.vitrine("run", "shop")
            #expect(again.code == 0)
            #expect(again.stdout.contains("2465 unchanged"))
            #expect(again.stdout.contains("Nothing new to send"))
            #expect(sandbox.calls().count == calls)
        }
    }
}
