import Glibc

/// A file that is being written and has no name yet that anyone looks for. Gone if it is not published.
struct Draft: ~Copyable {
    static let prefix = ".vitrine-draft-"

    private let path: String
    private let descriptor: Int32

    /// The mode is the one every program asks for, so that the umask of who runs Vitrine decides who reads what it writes.
    init(beside target: String) throws(StoreError) {
        let folder = FolderPath.folder(of: target)
        path = folder + "/" + Self.freshName()
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw StoreError.posix(folder, doing: "write in") }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// 64 bits of chance: no two drafts meet.
    static func freshName() -> String { prefix + String(UInt64.random(in: .min ... .max), radix: 36) }

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
        try flush(target)
        guard rename(path, target) == 0 else { throw StoreError.posix(target, doing: "write") }
        try FolderStore.flushFolder(of: target)
    }

    func publishIfAbsent(_ target: String) throws(StoreError) {
        try flush(target)
        guard link(path, target) == 0 else {
            guard errno == EEXIST else { throw StoreError.posix(target, doing: "write") }
            throw StoreError(
                .alreadyThere, culprit: target, detail: "another process has written it",
                remedy: "Make sure that only one Vitrine works on this pipeline, then run again.")
        }
        try FolderStore.flushFolder(of: target)
    }

    private func flush(_ target: String) throws(StoreError) {
        while fsync(descriptor) != 0 {
            guard errno == EINTR else { throw StoreError.posix(target, doing: "write") }
        }
    }
}

extension StoreError {
    /// Of a file without a name, from `errno`, at once after the call that failed.
    public static func spool(_ folder: String) -> StoreError { posix(folder, doing: "keep a file in") }

    /// From `errno`, at once after the call that failed.
    static func posix(_ path: String, doing verb: String) -> StoreError {
        let code = errno
        let detail = "cannot \(verb) it: \(String(cString: strerror(code)))"
        switch code {
        case ENOENT: return StoreError(.notFound, culprit: path, detail: detail, remedy: "Check the path in the settings.")
        case EACCES, EPERM, EROFS:
            return StoreError(.denied, culprit: path, detail: detail, remedy: "Give the user that runs Vitrine the right to this place.")
        case ENOSPC, EDQUOT: return StoreError(.noSpace, culprit: path, detail: detail, remedy: "Make room on the disk, then run again.")
        case ENAMETOOLONG: return StoreError(.badKey, culprit: path, detail: detail, remedy: "Give the file a shorter name.")
        case ENOTDIR, EISDIR:
            return StoreError(.failed, culprit: path, detail: detail, remedy: "A file and a folder want the same name: move one of them away.")
        default: return StoreError(.failed, culprit: path, detail: detail, remedy: "Check the disk, then run again; nothing is lost.")
        }
    }
}
