import Engine
import ObjectStore

/// A file that appears whole or not at all.
enum AtomicFile {
    static func write(_ bytes: [UInt8], to path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        try FolderStore(root: folder.isEmpty ? "/" : folder).write(name, bytes)
    }
}
