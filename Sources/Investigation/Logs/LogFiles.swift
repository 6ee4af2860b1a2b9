import Events
import Glibc

/// The files that a log file goes on in: itself, and what was put aside by Vitrine (`vitrine.20261121T075500Z.ndjson.gz`) or by logrotate
/// (`vitrine.ndjson.2.gz`).
public struct LogFiles: Sendable {
    private let folder: String
    private let name: String

    public init(path: String) {
        let start = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        folder = String(path[..<start])
        name = String(path[start...])
    }

    /// Oldest first, as far as the names say; the file itself is the last, where it is there.
    public var all: [String] {
        let names = Self.names(in: folder.isEmpty ? "." : folder)
        let aside = names.compactMap { name in order(of: name).map { (name, $0) } }.sorted { $0.1 < $1.1 }
        return (aside.map(\.0) + names.filter { $0 == name }).map { folder + $0 }
    }

    /// What looks like logs in a folder, by name: files whose names end in `.ndjson`, `.jsonl` or `.log`, packed or not.
    public static func logs(in folder: String) -> [String] {
        let endings = [".ndjson", ".jsonl", ".log"].flatMap { [$0, $0 + ".gz"] }
        let start = folder.hasSuffix("/") ? folder : folder + "/"
        return names(in: folder).filter { name in endings.contains { name.hasSuffix($0) } }.sorted().map { start + $0 }
    }

    private struct Order: Comparable {
        let stamp: String
        let number: Int

        static func < (a: Order, b: Order) -> Bool { (a.stamp, a.number) < (b.stamp, b.number) }
    }

    /// Nil for a file that does not belong to it.
    private func order(of other: String) -> Order? {
        let dot = name.lastIndex(of: ".").flatMap { $0 > name.startIndex ? $0 : nil } ?? name.endIndex
        let plain = other.hasSuffix(".gz") ? String(other.dropLast(3)) : other
        if plain.hasPrefix(name + "."), let number = Int(plain.dropFirst(name.count + 1)), number >= 0 { return Order(stamp: "", number: -number) }
        let (stem, ending) = (name[..<dot], name[dot...])
        guard plain.hasPrefix(stem + "."), plain.hasSuffix(ending), plain.count > stem.count + 1 + ending.count else { return nil }
        let middle = plain.dropFirst(stem.count + 1).dropLast(ending.count)
        guard LogFileName.putAside("x." + middle) != nil else { return nil }
        return Order(stamp: String(middle.prefix(16)), number: Int(middle.dropFirst(17)) ?? 1)
    }

    private static func names(in folder: String) -> [String] {
        guard let listing = opendir(folder) else { return [] }
        defer { closedir(listing) }
        var found: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            found.append(name)
        }
        return found
    }
}
