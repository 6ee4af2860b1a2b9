import Events
import Glibc

/// A folder as an object store. Writes go to a hidden file beside the destination, are flushed, and appear under their name at once.
public struct FolderStore: ObjectStore {
    /// Absolute or relative to the working directory, without a slash at its end.
    public let root: String
    public var location: String { root }

    public init(root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    public func list(prefix: String) async throws(StoreError) -> [ObjectInfo] {
        let folder = prefix.lastIndex(of: "/").map { String(prefix[..<$0]) } ?? ""
        var found: [ObjectInfo] = []
        try walk(folder, into: &found)
        return found.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
    }

    public func get(_ key: String, limit: Int) async throws(StoreError) -> [UInt8] {
        let pinned = try open(key)
        guard pinned.info.size <= limit else {
            throw StoreError(
                .tooLarge, culprit: path(key), detail: "it has \(pinned.info.size) bytes, more than the \(limit) that are read at once",
                remedy: "Look at what wrote it; Vitrine does not write objects of this size.")
        }
        var failure: StoreError?
        let bytes = [UInt8](unsafeUninitializedCapacity: pinned.info.size) { buffer, count in
            do throws(StoreError) {
                count = try pinned.read(into: UnsafeMutableRawBufferPointer(buffer), at: 0)
            } catch {
                failure = error
                count = 0
            }
        }
        if let failure { throw failure }
        return bytes
    }

    public func info(_ key: String) async throws(StoreError) -> ObjectInfo? {
        let path = try checked(key)
        var status = stat()
        if lstat(path, &status) != 0 {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw StoreError.posix(path, doing: "look at")
        }
        return status.st_mode & S_IFMT == S_IFREG ? ObjectInfo(key: key, status: status) : nil
    }

    public func put(_ key: String, _ bytes: [UInt8], _ condition: PutCondition) async throws(StoreError) {
        try write(key, bytes, condition)
    }

    /// `put`, for who cannot wait.
    public func write(_ key: String, _ bytes: [UInt8], _ condition: PutCondition = .always) throws(StoreError) {
        let path = try checked(key)
        try makeFolder(for: path)
        let draft = try Draft(beside: path)
        let result = bytes.withUnsafeBytes { buffer in
            Result<Void, StoreError> { () throws(StoreError) in try draft.write(buffer) }
        }
        try result.get()
        switch condition {
        case .always: try draft.publish(replacing: path)
        case .ifAbsent: try draft.publishIfAbsent(path)
        }
    }

    public func delete(_ key: String) async throws(StoreError) {
        let path = try checked(key)
        if unlink(path) != 0, errno != ENOENT, errno != ENOTDIR { throw StoreError.posix(path, doing: "delete") }
        try FolderStore.flushFolder(of: path)
    }

    public func pin(_ key: String) async throws(StoreError) -> any PinnedObject { try open(key) }

    /// Renames first and compares after, so that no writer can slip in between: whatever was moved by mistake is put back.
    public func move(_ key: String, pinned: any PinnedObject, to destination: String) async throws(StoreError) -> MoveOutcome {
        let source = try checked(key)
        let target = try checked(destination)
        try makeFolder(for: target)
        guard rename(source, target) == 0 else {
            guard errno == ENOENT else { throw StoreError.posix(source, doing: "move to \(target)") }
            if let there = try await info(destination), there.revision == pinned.info.revision { return .moved }
            try copy(pinned, to: target)
            return .copiedSourceGone
        }
        var status = stat()
        guard lstat(target, &status) == 0 else { throw StoreError.posix(target, doing: "look at") }
        if ObjectInfo(key: destination, status: status).revision == pinned.info.revision {
            try FolderStore.flushFolder(of: target)
            try FolderStore.flushFolder(of: source)
            return .moved
        }
        try putBack(target, as: source)
        try copy(pinned, to: target)
        return .copiedSourceChanged
    }

    /// A newer file may have come under the old name meanwhile; then the one in hand keeps a name of its own in the same folder.
    private func putBack(_ moved: String, as source: String) throws(StoreError) {
        if link(moved, source) == 0 {
            unlink(moved)
            return
        }
        guard errno == EEXIST else { throw StoreError.posix(source, doing: "put back") }
        let parts = source.split(separator: "/", omittingEmptySubsequences: false)
        let renamed = parts.dropLast().joined(separator: "/") + "/again-" + (parts.last ?? "")
        guard rename(moved, renamed) == 0 else { throw StoreError.posix(renamed, doing: "put back") }
    }

    private func copy(_ pinned: any PinnedObject, to target: String) throws(StoreError) {
        guard try pinned.isIntact() else {
            throw StoreError(
                .changed, culprit: target, detail: "the version that was read is gone: its file was overwritten in place",
                remedy: "Write new files under a hidden name and rename them; what was sent is kept in the synced store.")
        }
        let draft = try Draft(beside: target)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.copyBlockBytes, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while offset < pinned.info.size {
            let count = try pinned.read(into: buffer, at: offset)
            guard count > 0 else { break }
            try draft.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
        try draft.publish(replacing: target)
    }

    private static let copyBlockBytes = 1 << 20

    private func path(_ key: String) -> String { root + "/" + key }

    /// A key must stay inside the folder: names come from other people's exports.
    private func checked(_ key: String) throws(StoreError) -> String {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard !key.isEmpty, !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), !key.utf8.contains(0) else {
            throw StoreError(
                .badKey, culprit: root, detail: "the name '\(key)' would lead out of the folder or is empty", remedy: "Rename the file.")
        }
        return path(key)
    }

    private func open(_ key: String) throws(StoreError) -> PinnedFile { try PinnedFile(path: try checked(key), key: key) }

    private func walk(_ folder: String, into found: inout [ObjectInfo]) throws(StoreError) {
        let path = folder.isEmpty ? root : root + "/" + folder
        guard let stream = opendir(path) else {
            if errno == ENOENT || errno == ENOTDIR { return }
            throw StoreError.posix(path, doing: "list")
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            var status = stat()
            let (name, isFound) = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                // By the bytes of the name, which need not be UTF-8.
                let isFound = bytes.bindMemory(to: CChar.self).baseAddress.map { fstatat(dirfd(stream), $0, &status, AT_SYMLINK_NOFOLLOW) == 0 }
                return (name, isFound ?? false)
            }
            if name == "." || name == ".." || name.hasPrefix(Draft.prefix) || !isFound { continue }
            let key = folder.isEmpty ? name : folder + "/" + name
            switch status.st_mode & S_IFMT {
            // What lies below a name that is not UTF-8 cannot be asked for; the folder stands for it.
            case S_IFDIR where name.unicodeScalars.contains("\u{FFFD}"): found.append(ObjectInfo(key: key, status: status))
            case S_IFDIR: try walk(key, into: &found)
            case S_IFREG: found.append(ObjectInfo(key: key, status: status))
            default: continue
            }
        }
    }

    private func makeFolder(for path: String) throws(StoreError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try FolderStore.makeFolders(folder)
    }

    /// Like `mkdir -p`.
    public static func makeFolders(_ folder: String) throws(StoreError) {
        if folder.isEmpty || mkdir(folder, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = folder.lastIndex(of: "/") else { throw StoreError.posix(folder, doing: "make") }
        try makeFolders(String(folder[..<slash]))
        if mkdir(folder, 0o777) != 0, errno != EEXIST { throw StoreError.posix(folder, doing: "make") }
    }

    static func flushFolder(of path: String) throws(StoreError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw StoreError.posix(folder, doing: "open")
        }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw StoreError.posix(folder, doing: "flush") }
    }
}

extension ObjectInfo {
    init(key: String, status: stat) {
        let modified = Timestamp(nanoseconds: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
        self.init(
            key: key, size: Int(status.st_size), modified: modified,
            revision: "\(status.st_ino)-\(status.st_size)-\(modified.nanoseconds)")
    }
}
