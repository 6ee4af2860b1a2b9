import Engine
import Glibc
import ObjectStore

/// A file that appears whole or not at all.
enum AtomicFile {
    /// Something that is no file (`/dev/stdout`, a pipe) is written into as it is: a rename would put a file in its place.
    static func write(_ bytes: [UInt8], to path: String) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { return try writeInto(path, bytes) }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        try FolderStore(root: folder.isEmpty ? "/" : folder).write(name, bytes)
    }

    private static func writeInto(_ path: String, _ bytes: [UInt8]) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard writeAll(bytes, descriptor) else { throw failure(path) }
    }

    private static func failure(_ path: String) -> RunStop {
        let reason = String(cString: strerror(errno))
        return RunStop(.cannotWrite, reason: "result_file", culprit: path, detail: "cannot write it: \(reason)", remedy: "Name a file in a folder that can be written to.")
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }
}
