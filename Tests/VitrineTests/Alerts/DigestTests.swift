import CatalogSync
import Engine
import Events
import Foundation
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

/// The letter of the day.
@Suite("The digest", .enabled(if: Judge.python.isHere))
struct DigestTests {
    private static func alerts(_ server: MailServer) -> String {
        """
          shipped: off
          digest: {at: "09:00", time_zone: Asia/Baghdad, channels: [catalogue]}
          channels: {catalogue: {kind: email, smtp: "\(server.url)", from: vitrine@shop.example, to: manager@shop.example}}
        """
    }

    /// 09:00 in Baghdad.
    private static let nine = Timestamp(year: 2026, month: 11, day: 21, hour: 6)

    @Test("once a day from its time on, with what is new, still open and mended; the lists are attached")
    func days() async throws {
        let server = try MailServer(.plain)
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts(server), at: Self.nine + .seconds(-3600 - 60))
            try shop.shop.write("state/.keep", "")
            // A minute before nine: that of the day before, which was never written.
            try await shop.run(1...3, refused: 1...2)
            let first = try await aside { try server.next() }
            #expect(first.headers["subject"] == "[vitrine] 20 Nov: 2 new to mend, 0 mended, 0 still open")
            try await shop.run(after: .seconds(60))
            let second = try await aside { try server.next() }
            #expect(second.headers["subject"] == "[vitrine] 21 Nov: 0 new to mend, 0 mended, 2 still open")
            try await shop.run(after: .seconds(3600))
            // One is mended, and another comes.
            try shop.shop.write("landing/data/mended.csv", Rows.header + Rows.row("OUT-1", title: "Mended lamp"))
            try await shop.run(refused: 3...3)
            try shop.shop.write("landing/data/bad.csv", Rows.header + Rows.row("BAD-1", price: "free"))
            try await shop.run(after: .seconds(86_400))
            let third = try await aside { try server.next() }
            #expect(third.headers["subject"] == "[vitrine] 22 Nov: 2 new to mend, 1 mended, 1 still open")
            #expect(third.defects == [])
            for part in ["Write the price as", "Mended: 1, such as", "OUT-1", "domain that is verified"] { #expect(third.text.contains(part), "\(part): \(third.text)") }
            #expect(third.html.contains("still open"))
            let csv = try #require(third.attachments["shop-not-live.csv"])
            #expect(csv.contains("BAD-1") && csv.contains("OUT-3") && !csv.contains("OUT-1"))
            #expect(third.text.contains("Attached to the mail: the products that are not live, as a list for a spreadsheet, and the report of the last run."))
            #expect(third.attachments.keys.contains { $0.hasPrefix("shop-2026") && $0.hasSuffix(".html") })
        }
    }

    @Test("many processes at its time: one letter")
    func once() async throws {
        let server = try MailServer(.plain)
        try await withSandbox { sandbox in
            let alerts = Self.alerts(server).replacing("\"09:00\"", with: "\"00:00\"")
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: alerts)
            let second = "  annex:\n    landing: ./annex\n    synced: ./synced\n    catalog: {id: \"77\", graph_url: \"\(sandbox.graphURL)\", access_token: file:./token}\n"
            try shop.shop.write("vitrine.yaml", TellingShop.settings(sandbox.graphURL, alerts).replacing("pipelines:\n", with: "pipelines:\n\(second)"))
            try FileManager.default.createDirectory(atPath: shop.shop.folder + "/annex/data", withIntermediateDirectories: true)
            let runs = try ["shop", "annex", "shop", "annex"].map { try shop.shop.start(["run", $0]) }
            for run in runs { _ = await run.end() }
            #expect(try await aside { try server.next() }.headers["subject"]?.hasPrefix("[vitrine] ") == true)
            #expect(shop.lines("digest.queued").count == 1 && shop.lines("alert.sent").count == 1)
        }
    }

    @Test("a place that is none is refused with its line")
    func place() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "digest-\(UUID().uuidString).yaml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let alerts = "  digest: {at: \"09:00\", time_zone: Asia/Bagdad, channels: [c]}\n  channels: {c: {kind: sns, topic: \"arn:aws:sns:eu-central-1:123456789012:x\"}}"
        try Data(TellingShop.settings("http://127.0.0.1:9/v26.0", alerts).utf8).write(to: URL(filePath: path))
        let stop = #expect(throws: RunStop.self) { try LoadedSettings.load(path) }
        #expect(stop?.code == .settings && stop?.culprit.hasSuffix(".yaml:9") == true && stop?.detail.contains("alerts.digest.time_zone: 'Asia/Bagdad'") == true)
    }
}
