import Events
import Foundation
import Testing

@testable import VitrineApp

@Suite("The time zone of people")
struct TimeZoneTests {
    @Test("an unknown zone is refused with file and line", arguments: ["Mars/Olympus", "../../etc/passwd", "/etc/passwd", "asia baghdad"])
    func unknown(name: String) async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9")
        let settings = Shop.settings("http://127.0.0.1:9") + "time_zone: \"\(name)\"\n"
        try shop.write("vitrine.yaml", settings)
        let ended = try await shop.vitrine("runs", "--output", "json")
        #expect(ended.code == 78)
        let document = try ended.document()
        #expect(document["error.culprit"].text == "vitrine.yaml:\(settings.split(separator: "\n", omittingEmptySubsequences: false).count - 1)")
        #expect(document["error.detail"].text?.contains("time_zone") == true && document["error.remedy"].text?.contains("Asia/Baghdad") == true)
    }

    @Test("a machine without a database says so, and UTC needs none")
    func none() {
        #expect(throws: ZoneDatabase.Failure.self) { try ZoneDatabase.zone(named: "Asia/Baghdad", environment: [:], folders: ["/nowhere"]) }
        do throws(ZoneDatabase.Failure) {
            _ = try ZoneDatabase.zone(named: "Asia/Baghdad", environment: [:], folders: ["/nowhere"])
        } catch {
            #expect(error.detail.contains("no database") && error.remedy.contains("tzdata"))
        }
        #expect((try? ZoneDatabase.zone(named: "UTC", environment: [:], folders: [])) == .utc)
    }

    @Test("TZDIR comes first, and a damaged file is no zone")
    func folder() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zones-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder.appending(path: "Asia"), withIntermediateDirectories: true)
        try Data("TZif".utf8).write(to: folder.appending(path: "Asia/Baghdad"))
        #expect(throws: ZoneDatabase.Failure.self) { try ZoneDatabase.zone(named: "Asia/Baghdad", environment: ["TZDIR": folder.path], folders: []) }
    }
}
