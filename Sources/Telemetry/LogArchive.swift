import Events
import Glibc

/// Log files put aside: `vitrine.ndjson` becomes `vitrine.20261121T075500Z.ndjson`, later `vitrine.20261121T075500Z.ndjson.gz`. The name says
/// when it was put aside; a second one of the same second has `-2` behind it.
///
/// Everything here may be cut short by a crash and done again by the next process, and two processes may do it at once: whoever packs a file
/// holds its lock.
struct LogArchive: Sendable {
    let path: String
    private let folder: String
    /// `vitrine`
    private let stem: String
    /// `.ndjson`
    private let ending: String

    /// Compresses one piece into one that can be joined to others, such as a gzip member; nil if it cannot.
    typealias Pack = @Sendable ([UInt8]) -> [UInt8]?

    /// Bytes packed at once.
    private static let piece = 1 << 20
    private static let packedEnding = ".gz"
    private static let draftEnding = ".draft"
    /// Files of one second at most.
    private static let mostOfASecond = 1_000

    init(path: String) {
        self.path = path
        let nameStart = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        folder = String(path[..<nameStart])
        let name = path[nameStart...]
        let dot = name.lastIndex(of: ".").flatMap { $0 > name.startIndex ? $0 : nil } ?? name.endIndex
        stem = String(name[..<dot])
        ending = String(name[dot...])
    }

    /// Renames the file, whose writers are kept away by the caller's lock. False: it stays where it is.
    func putAside(at time: Timestamp) -> Bool {
        for number in 1...Self.mostOfASecond {
            let aside = "\(folder)\(stem).\(Self.stamp(time))\(number == 1 ? "" : "-\(number)")\(ending)"
            guard access(aside, F_OK) != 0, access(aside + Self.packedEnding, F_OK) != 0 else { continue }
            return rename(path, aside) == 0
        }
        return false
    }

    /// Packs what is not packed, and deletes what was put aside before `limit` and drafts that nobody works on.
    func tidy(before limit: Timestamp, pack: Pack?) {
        for file in files() {
            if file.isDraft {
                removeIfAbandoned(folder + file.name)
            } else if file.time < Self.stamp(limit) {
                unlink(folder + file.name)
            } else if let pack, !file.isPacked {
                self.pack(folder + file.name, with: pack)
            }
        }
    }

    private struct Aside {
        let name: String
        /// `20261121T075500Z`
        let time: String
        var isPacked = false
        var isDraft = false
    }

    private func files() -> [Aside] {
        guard let listing = opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { closedir(listing) }
        var found: [Aside] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if let file = read(name) { found.append(file) }
        }
        return found.sorted { $0.name < $1.name }
    }

    /// Nil for a file that is not one of ours.
    private func read(_ name: String) -> Aside? {
        guard name.hasPrefix(stem + ".") else { return nil }
        var rest = name.dropFirst(stem.count + 1)
        let time = rest.prefix(16)
        guard time.count == 16, Self.isStamp(time) else { return nil }
        var file = Aside(name: name, time: String(time))
        rest = rest.dropFirst(16)
        if rest.first == "-" {
            let number = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard !number.isEmpty else { return nil }
            rest = rest.dropFirst(number.count + 1)
        }
        guard rest.hasPrefix(ending) else { return nil }
        switch rest.dropFirst(ending.count) {
        case "": break
        case Self.packedEnding: file.isPacked = true
        case Self.packedEnding + Self.draftEnding: file.isDraft = true
        default: return nil
        }
        return file
    }

    /// Into a draft, flushed, under its name at once; then the plain file goes. Done again after a crash, it makes the same.
    private func pack(_ plain: String, with pack: Pack) {
        let source = open(plain, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return }
        defer { close(source) }
        // Another process packs it, or a late line is being written into it: the next time will do.
        guard flock(source, LOCK_EX | LOCK_NB) == 0, access(plain, F_OK) == 0 else { return }
        let draft = plain + Self.packedEnding + Self.draftEnding
        let target = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard target >= 0 else { return }
        defer { close(target) }
        guard Self.copy(source, into: target, pack), fsync(target) == 0, rename(draft, plain + Self.packedEnding) == 0 else {
            unlink(draft)
            return
        }
        unlink(plain)
    }

    private static func copy(_ source: Int32, into target: Int32, _ pack: Pack) -> Bool {
        var buffer = [UInt8](repeating: 0, count: piece)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(source, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return count == 0 }
            guard let packed = pack(Array(buffer[..<count])), AppendedFile.write(packed, to: target) == packed.count else { return false }
        }
    }

    /// A draft beside a plain file is made anew when that is packed; one without has lost its purpose.
    private func removeIfAbandoned(_ draft: String) {
        let plain = String(draft.dropLast(Self.packedEnding.count + Self.draftEnding.count))
        if access(plain, F_OK) != 0 { unlink(draft) }
    }

    private static func isStamp(_ text: Substring) -> Bool {
        zip(text, "00000000T000000Z").allSatisfy { $1 == "0" ? $0.isASCII && $0.isNumber : $0 == $1 }
    }

    private static func stamp(_ time: Timestamp) -> String {
        String(time.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
