import Engine
import Events
import Foundation
import ServiceLifecycle
import TestKit
import Testing

@testable import VitrineApp

/// A person with a browser. The judge is Tests/Judges/pages.py, which drives Debian's Chromium.
@Suite("The pages in a browser")
struct BrowserTests {
    @Test(
        "can be walked through with mouse and keyboard, without scripts, on a phone and at a desk, by day and by night",
        .enabled(if: Judge.python.isHere && Judge.chromium.isHere))
    func walk() async throws {
        let shop = try PageShop()
        try await serving(StatusPage(source: shop.source)) { url in
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Judges/pages.py").standardized.path
            var arguments = [script, url, "--chromium", try Judge.chromium.found(), "--arabic-id", PageShop.arabicID]
            if let pictures = ProcessInfo.processInfo.environment["VITRINE_PICTURES"] { arguments += ["--pictures", pictures] }
            let judged = try await Judge.python.run(arguments)
            #expect(judged.code == 0, "\(judged.output)")
        }
    }

    /// The daemon's own server, on a free port.
    private func serving(_ pages: some PageResponder, _ body: @Sendable (String) async throws -> Void) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let probes = Probes(heartbeats: Heartbeats(now: { .now }), isDraining: { false }, hasLedger: { true })
        let desk = WebDesk(gate: Gatekeeper(), health: probes, scrape: { _ in [] }, pages: pages, reporter: .silent) { .now }
        let server = WebServer(desk: desk, address: try #require(ListenAddress("127.0.0.1:0"))) { port.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await number in ports {
                try await body("http://127.0.0.1:\(number)")
                break
            }
            group.cancelAll()
        }
    }
}
