import Events
import Foundation
import Testing

@Suite("Time zones")
struct ZoneTests {
    private static let database = "/usr/share/zoneinfo"
    static var isHere: Bool { FileManager.default.fileExists(atPath: database + "/Asia/Baghdad") }

    static func zone(_ name: String) throws -> ZoneRules {
        let bytes = try #require(FileManager.default.contents(atPath: "\(database)/\(name)"))
        return try #require(ZoneRules(name: name, tzif: Array(bytes)))
    }

    @Test(
        "agree with Foundation from 1970 to 2099, also where only the rule behind the last transition is left", .enabled(if: isHere),
        arguments: [
            "Asia/Baghdad", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo",
            "Asia/Tehran", "Pacific/Chatham", "Etc/UTC", "Europe/Dublin", "America/St_Johns",
        ])
    func offsets(name: String) throws {
        let zone = try Self.zone(name)
        let judge = try #require(TimeZone(identifier: name))
        // Steps of 11 days and some hours pass over each season of each year; around now each hour.
        let wide = stride(from: 0, to: 4_100_000_000, by: 950_400 + 12_345)
        let near = stride(from: 1_790_000_000, to: 1_800_000_000, by: 3_600)
        for second in Array(wide) + Array(near) {
            let ours = zone.offset(at: Timestamp(nanoseconds: Int64(second) * 1_000_000_000))
            #expect(ours == judge.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))), "\(name) at \(second)")
        }
    }

    @Test("of a slim file, which has no transitions but a rule, both halves of the year are known", arguments: [
        ("CET-1CEST,M3.5.0,M10.5.0/3", 7, 7200), ("CET-1CEST,M3.5.0,M10.5.0/3", 12, 3600), ("<+03>-3", 7, 10800), ("NZST-12NZDT,M9.5.0,M4.1.0/3", 1, 46800),
        ("NZST-12NZDT,M9.5.0,M4.1.0/3", 7, 43200), ("EST5EDT,J60,J300/1:30", 6, -14400), ("IST-5:30", 1, 19800),
    ])
    func slim(rule: String, month: Int, offset: Int) throws {
        let zone = try #require(ZoneRules(name: "x", tzif: Self.slim(rule)))
        #expect(zone.offset(at: Timestamp(year: 2026, month: month, day: 15)) == offset)
    }

    /// A file of version 2 with one kind of time, no transitions, and a footer.
    private static func slim(_ rule: String) -> [UInt8] {
        let header = Array("TZif2".utf8) + Array(repeating: 0, count: 15) + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
        let block = header + [0, 0, 0, 0, 0, 0] + [0]
        return block + block + Array("\n\(rule)\n".utf8)
    }

    @Test("are nil for bytes that are none, cut anywhere", .enabled(if: isHere))
    func broken() throws {
        let good = Array(try #require(FileManager.default.contents(atPath: Self.database + "/Europe/Berlin")))
        for length in stride(from: 0, to: good.count - 60, by: 7) { #expect(ZoneRules(name: "x", tzif: Array(good.prefix(length))) == nil, "\(length)") }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var bytes = good
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            _ = ZoneRules(name: "x", tzif: bytes)?.offset(at: Timestamp(year: 2050, month: 1, day: 1))
        }
    }

    @Test("show a moment as people of the place read it", .enabled(if: isHere))
    func texts() throws {
        let time = Timestamp(year: 2026, month: 11, day: 21, hour: 22, minute: 4)
        let baghdad = try Self.zone("Asia/Baghdad")
        #expect(baghdad.text(time) == "22 Nov 2026, 01:04")
        #expect(baghdad.shortText(time) == "22 Nov, 01:04")
        #expect(baghdad.label(at: time) == "Asia/Baghdad, UTC+3")
        #expect(try Self.zone("America/St_Johns").label(at: time) == "America/St_Johns, UTC−3:30")
        #expect(ZoneRules.utc.label(at: time) == "UTC")
        #expect(ZoneRules.utc.text(time) == "21 Nov 2026, 22:04")
    }
}
