import Glibc

/// An open descriptor pins a file: a rename or a deletion does not touch what it reads. Only a writer in place does, and `isIntact` tells.
final class PinnedFile: PinnedObject {
    let info: ObjectInfo
    private let descriptor: Int32
    private let path: String

    init(path: String, key: String) throws(StoreError) {
        // Not blocking, so that a pipe under this name cannot hold the run until somebody writes to it; a file does not care.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw errno == ENOTDIR ? .noFile(path) : StoreError.posix(path, doing: "read") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = StoreError.posix(path, doing: "look at")
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .noFile(path)
        }
        self.descriptor = descriptor
        self.path = path
        info = ObjectInfo(key: key, status: status)
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(StoreError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw StoreError.posix(path, doing: "read")
            }
            filled += count
        }
        return filled
    }

    func isIntact() throws(StoreError) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StoreError.posix(path, doing: "look at") }
        return ObjectInfo(key: info.key, status: status).revision == info.revision
    }
}

extension StoreError {
    /// As `info` and `list` see it: what is no plain file is no object.
    fileprivate static func noFile(_ path: String) -> StoreError {
        StoreError(.notFound, culprit: path, detail: "there is no plain file of this name", remedy: "Check the path in the settings.")
    }
}
