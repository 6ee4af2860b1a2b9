import Glibc

/// An open descriptor pins a file: a rename or a deletion does not touch what it reads. Only a writer in place does, and `isIntact` tells.
final class PinnedFile: PinnedObject {
    let info: ObjectInfo
    private let descriptor: Int32
    private let path: String

    init(path: String, key: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw StoreError.posix(path, doing: "read") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = StoreError.posix(path, doing: "look at")
            close(descriptor)
            throw error
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
