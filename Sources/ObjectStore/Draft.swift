import Glibc

/// A file that is being written and has no name yet that anyone looks for. Gone if it is not published.
struct Draft: ~Copyable {
    static let prefix = ".vitrine-draft-"

    private let path: String
    private let descriptor: Int32

    init(beside target: String) throws(StoreError) {
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "./"
        var template = Array((folder + Self.prefix + "XXXXXX").utf8CString)
        descriptor = mkstemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else { throw StoreError.posix(folder, doing: "write in") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        fchmod(descriptor, 0o644)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count < 0 {
                if errno == EINTR { continue }
                throw StoreError.posix(path, doing: "write")
            }
            written += count
        }
    }

    func publish(replacing target: String) throws(StoreError) {
        guard fsync(descriptor) == 0, rename(path, target) == 0 else { throw StoreError.posix(target, doing: "write") }
        try FolderStore.flushFolder(of: target)
    }

    func publishIfAbsent(_ target: String) throws(StoreError) {
        guard fsync(descriptor) == 0 else { throw StoreError.posix(target, doing: "write") }
        guard link(path, target) == 0 else {
            guard errno == EEXIST else { throw StoreError.posix(target, doing: "write") }
            throw StoreError(
                .alreadyThere, culprit: target, detail: "another process has written it",
                remedy: "Make sure that only one Vitrine works on this pipeline, then run again.")
        }
        try FolderStore.flushFolder(of: target)
    }
}

extension StoreError {
    /// From `errno`, at once after the call that failed.
    static func posix(_ path: String, doing verb: String) -> StoreError {
        let code = errno
        let detail = "cannot \(verb) it: \(String(cString: strerror(code)))"
        switch code {
        case ENOENT: return StoreError(.notFound, culprit: path, detail: detail, remedy: "Check the path in the settings.")
        case EACCES, EPERM, EROFS:
            return StoreError(.denied, culprit: path, detail: detail, remedy: "Give the user that runs Vitrine the right to this place.")
        case ENOSPC, EDQUOT: return StoreError(.noSpace, culprit: path, detail: detail, remedy: "Make room on the disk, then run again.")
        default: return StoreError(.failed, culprit: path, detail: detail, remedy: "Check the disk, then run again; nothing is lost.")
        }
    }
}
