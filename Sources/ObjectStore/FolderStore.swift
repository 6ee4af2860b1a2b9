import Events
import Glibc
public import Transport

/// A folder as an object store. Writes go to a hidden file beside the destination, are flushed, and appear under their name at once.
public struct FolderStore: ObjectStore {
    /// Absolute or relative to the working directory, without a slash at its end.
    public let root: String
    public var location: String { root }

    /// - Parameter root: empty for the working directory.
    public init(root: String) {
        self.root = root.isEmpty ? "." : root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    /// Compared and sorted by bytes, as S3 does it: Swift's own comparison takes two spellings of one letter for the same text.
    public func list(prefix: String) async throws(StoreError) -> [ObjectInfo] {
        let folder = prefix.utf8.contains(UInt8(ascii: "/")) ? FolderPath.folder(of: prefix) : ""
        guard folder.isEmpty || FolderPath.isInside(folder) else { return [] }
        var found: [ObjectInfo] = []
        try walk(folder, into: &found)
        return found.filter { $0.key.utf8.starts(with: prefix.utf8) }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
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

    /// Bytes copied at once.
    private static let block = 1 << 20

    public func put(_ key: String, file: OpenFile) async throws(StoreError) {
        let path = try checked(key)
        try makeFolder(for: path)
        let draft = try Draft(beside: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.block, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            guard let count = file.read(into: buffer, at: offset) else { throw StoreError.posix(path, doing: "copy") }
            if count == 0 { break }
            try draft.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
        try draft.publish(replacing: path)
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
        guard unlink(path) == 0 else {
            if errno == ENOENT || errno == ENOTDIR || errno == EISDIR { return }
            throw StoreError.posix(path, doing: "delete")
        }
        try FolderStore.flushFolder(of: path)
    }

    public func pin(_ key: String) async throws(StoreError) -> any PinnedObject { try open(key) }

    public func move(_ key: String, pinned: any PinnedObject, to destination: String) async throws(StoreError) -> MoveOutcome {
        try FolderMove(source: checked(key), target: checked(destination), pinned: pinned).perform()
    }

    private func path(_ key: String) -> String { root + "/" + key }

    func checked(_ key: String) throws(StoreError) -> String {
        guard FolderPath.isInside(key) else {
            throw StoreError(
                .badKey, culprit: root, detail: "the name '\(key)' would lead out of the folder, is empty or is kept for drafts",
                remedy: "Rename the file.")
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
        while let entry = try FolderStore.next(in: stream, path) {
            let bytes = UnsafeRawPointer(entry).advanced(by: Self.nameOffset).assumingMemoryBound(to: CChar.self)
            let name = String(cString: bytes)
            if name == "." || name == ".." || name.utf8.starts(with: Draft.prefix.utf8) { continue }
            let key = folder.isEmpty ? name : folder + "/" + name
            var status = stat()
            // By the bytes of the entry: a name that is no UTF-8 is listed all the same, so that somebody hears of it.
            guard fstatat(dirfd(stream), bytes, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                if errno == ENOENT { continue }
                throw StoreError.posix(root + "/" + key, doing: "look at")
            }
            switch status.st_mode & S_IFMT {
            // What lies below a name that is not UTF-8 cannot be asked for; the folder stands for it.
            case S_IFDIR where name.unicodeScalars.contains("\u{FFFD}"): found.append(ObjectInfo(key: key, status: status))
            case S_IFDIR: try walk(key, into: &found)
            case S_IFREG: found.append(ObjectInfo(key: key, status: status))
            default: continue
            }
        }
    }

    private static let nameOffset = MemoryLayout<dirent>.offset(of: \dirent.d_name)!

    /// The end of a folder and a failure to read it look alike but for `errno`.
    private static func next(in stream: OpaquePointer, _ path: String) throws(StoreError) -> UnsafeMutablePointer<dirent>? {
        errno = 0
        if let entry = readdir(stream) { return entry }
        if errno != 0, errno != ENOENT { throw StoreError.posix(path, doing: "list") }
        return nil
    }

    private func makeFolder(for path: String) throws(StoreError) { try FolderStore.makeFolders(FolderPath.folder(of: path)) }

    /// Like `mkdir -p`. A new folder is durable in the one that holds it: a flushed file in a folder that a loss of power takes away is lost.
    public static func makeFolders(_ folder: String) throws(StoreError) {
        if mkdir(folder, 0o777) == 0 { return try flushFolder(of: folder) }
        if errno == EEXIST { return }
        let parent = FolderPath.folder(of: folder)
        guard errno == ENOENT, parent != folder, parent != "." else { throw StoreError.posix(folder, doing: "make the folder") }
        try makeFolders(parent)
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw StoreError.posix(folder, doing: "make the folder") }
        try flushFolder(of: folder)
    }

    static func flushFolder(of path: String) throws(StoreError) {
        let folder = FolderPath.folder(of: path)
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw StoreError.posix(folder, doing: "open")
        }
        defer { close(descriptor) }
        while fsync(descriptor) != 0 {
            guard errno == EINTR else { throw StoreError.posix(folder, doing: "flush") }
        }
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
