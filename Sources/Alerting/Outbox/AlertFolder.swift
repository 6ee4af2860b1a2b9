import FoundationEssentials
import Glibc

/// Where the state lies: `alerts.json` in a folder, changed under `alerts.lock` and replaced as a whole, so that two processes never see half
/// of it and never change it at once. The lock is the kernel's and ends with its holder.
public struct AlertFolder: Sendable {
    private let path: String

    /// Bytes. A state beyond it is no state of ours.
    static let longest = 64 << 20

    /// - Parameter path: a folder; it is made where it is missing.
    public init(path: String) { self.path = path }

    /// What the last writer left, without waiting for anyone.
    public func read() throws(AlertStoreError) -> AlertState { try load() ?? AlertState() }

    /// Reads, lets `change` change, and writes back before it returns. Waits for other processes, which hold the lock for milliseconds only.
    /// - Parameter setAside: told where a state that nobody can read was moved to; the book then begins anew, which may tell something twice
    ///   and loses nothing that is still wrong.
    func change<Value>(setAside: (String) -> Void, _ change: (inout AlertState) -> Value) throws(AlertStoreError) -> Value {
        try makeFolder()
        let lock = open(path + "/alerts.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw failure("open", "alerts.lock") }
        // Closing alone would leave the lock to a child that this process is just starting.
        defer {
            flock(lock, LOCK_UN)
            close(lock)
        }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("lock", "alerts.lock") }
        }
        let old = try load()
        if old == nil { setAside(try moveAside()) }
        var state = old ?? AlertState()
        let value = change(&state)
        if state != old { try write(state) }
        return value
    }

    private func makeFolder() throws(AlertStoreError) {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw AlertStoreError(culprit: "\(path): cannot be made: \(error)", remedy: "make the folder, or name another as `state`")
        }
    }

    /// Nil where what lies there is no state of ours.
    private func load() throws(AlertStoreError) -> AlertState? {
        let file = path + "/alerts.json"
        var about = stat()
        guard stat(file, &about) == 0 else {
            if errno == ENOENT { return AlertState() }
            throw failure("look at", "alerts.json")
        }
        guard about.st_size <= Self.longest else { return nil }
        guard let bytes = FileManager.default.contents(atPath: file) else { throw failure("read", "alerts.json") }
        return try? JSONDecoder().decode(AlertState.self, from: bytes)
    }

    private func moveAside() throws(AlertStoreError) -> String {
        let aside = path + "/alerts.json.unreadable"
        guard rename(path + "/alerts.json", aside) == 0 else { throw failure("set aside", "alerts.json") }
        return aside
    }

    private func write(_ state: AlertState) throws(AlertStoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let draft = path + "/alerts.json.draft"
        guard let bytes = try? encoder.encode(state) else {
            throw AlertStoreError(culprit: "\(path)/alerts.json: the state holds a number that JSON cannot say", remedy: "report this: it is a defect")
        }
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("write", "alerts.json.draft") }
        defer { close(file) }
        guard Self.writeAll(Array(bytes), to: file), fsync(file) == 0, rename(draft, path + "/alerts.json") == 0 else {
            throw failure("write", "alerts.json")
        }
        // The rename is durable once its folder is.
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        var written = 0
        return bytes.withUnsafeBytes { bytes in
            while written < bytes.count {
                let count = Glibc.write(file, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count < 0, errno != EINTR { return false }
                written += max(0, count)
            }
            return true
        }
    }

    private func failure(_ what: String, _ name: String) -> AlertStoreError {
        AlertStoreError(
            culprit: "\(path)/\(name): cannot \(what) it: \(String(cString: strerror(errno)))", remedy: "check the rights and the room of the state folder")
    }
}

/// The state of the alerts cannot be kept.
public struct AlertStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    public var culprit: String
    public var remedy: String
    public var description: String { "\(culprit); \(remedy)" }

    public init(culprit: String, remedy: String) {
        self.culprit = culprit
        self.remedy = remedy
    }
}
