import Events
import FoundationEssentials

/// The machine's database of time zones (package `tzdata`), for times that people read.
enum ZoneDatabase {
    struct Failure: Error {
        let detail: String
        let remedy: String
    }

    /// Where systems keep it. `TZDIR` comes first, as in the C library.
    static let folders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"]
    /// Bytes; the largest zone has some 4 KB.
    private static let longestFile = 1 << 20

    static func zone(named name: String, environment: [String: String], folders: [String] = folders) throws(Failure) -> ZoneRules {
        if name == "UTC" { return .utc }
        let places = ([environment["TZDIR"]].compactMap(\.self).filter { !$0.isEmpty } + folders).filter(FileManager.default.fileExists(atPath:))
        guard !places.isEmpty else {
            throw Failure(
                detail: "time_zone: this machine has no database of time zones", remedy: "Install the package tzdata, or leave time_zone out: times are then UTC.")
        }
        guard isName(name) else { throw unknown(name) }
        for place in places {
            guard let bytes = FileManager.default.contents(atPath: "\(place)/\(name)"), bytes.count <= longestFile,
                let rules = ZoneRules(name: name, tzif: Array(bytes))
            else { continue }
            return rules
        }
        throw unknown(name)
    }

    private static func unknown(_ name: String) -> Failure {
        Failure(detail: "time_zone: '\(name)' is no time zone", remedy: "Write a name such as Asia/Baghdad, Europe/Berlin or UTC; see: timedatectl list-timezones")
    }

    /// A name and no way out of the folder.
    private static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return name.utf8.count <= 64
            && parts.allSatisfy { part in part.first?.isLetter == true && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) } }
    }
}
