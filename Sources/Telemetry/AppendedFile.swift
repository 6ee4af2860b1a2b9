import Events
import Glibc

/// One open file that is only ever appended to (`O_APPEND`: several processes may write whole chunks to it).
struct AppendedFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(LogFileError) {
        Self.makeFolder(of: path)
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        self.path = path
        guard descriptor >= 0 else { throw LogFileError(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var size: Int { status?.st_size ?? 0 }

    /// Whether the path still leads to the file that is open.
    var isStillThere: Bool {
        var named = stat()
        guard stat(path, &named) == 0, let open = status else { return false }
        return named.st_ino == open.st_ino && named.st_dev == open.st_dev
    }

    func append(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let result = write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                if result > 0 { written += result } else if result == 0 || errno != EINTR { return false }
            }
            return true
        }
    }

    private var status: stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    /// Every missing folder on the way; what cannot be made shows when the file is opened.
    private static func makeFolder(of path: String) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            if slash > path.startIndex { mkdir(String(path[..<slash]), 0o750) }
            end = path.index(after: slash)
        }
    }
}

/// Log files put aside by `FileLineSink`: `vitrine.ndjson` becomes `vitrine.20261121T075500Z.ndjson`.
enum LogArchive {
    static func name(of path: String, putAsideAt time: Timestamp) -> String {
        let (stem, ending) = split(path)
        return "\(stem).\(stamp(time))\(ending)"
    }

    static func deleteOld(of path: String, before limit: Timestamp) {
        let folder = path.lastIndex(of: "/").map { String(path[..<path.index(after: $0)]) } ?? "./"
        let (stem, ending) = split(path)
        let name = stem.lastIndex(of: "/").map { String(stem[stem.index(after: $0)...]) } ?? stem
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        var old: [String] = []
        while let entry = readdir(listing) {
            let found = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            let shape = "\(name).00000000T000000Z\(ending)"
            guard found.hasPrefix(name + "."), found.hasSuffix(ending), found.utf8.count == shape.utf8.count else { continue }
            let time = found.dropFirst(name.count + 1).prefix(16)
            if time.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "T" || $0 == "Z") }), time < stamp(limit)[...] { old.append(found) }
        }
        for found in old { unlink(folder + found) }
    }

    private static func split(_ path: String) -> (stem: String, ending: String) {
        let name = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
        guard let dot = path[name...].lastIndex(of: "."), dot > name else { return (path, "") }
        return (String(path[..<dot]), String(path[dot...]))
    }

    private static func stamp(_ time: Timestamp) -> String {
        String(time.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
