import Engine
import FoundationEssentials
import Glibc
import Synchronization

/// A folder of this process alone, gone with it. One that a killed process has left is taken away by the next that makes one.
final class ScratchFolder: Sendable {
    let path: String
    /// Locked as long as the folder is in use; nil once it is gone.
    private let lock: Mutex<Int32?>

    private static let prefix = ".vitrine-state-"
    private static let lockName = "in-use"

    /// - Parameter spool: the folder for passing files.
    /// - Throws: 73 where it cannot be written.
    init(in spool: String) throws {
        Self.removeAbandoned(in: spool)
        var tried = ""
        for _ in 1...Self.attempts {
            tried = spool + "/" + Self.prefix + UUID().uuidString
            guard mkdir(tried, 0o700) == 0 else { break }
            // Between the file and its lock another process may have taken both for abandoned.
            guard let lock = Self.locked(tried, making: true) else { continue }
            if Self.isLock(of: tried, lock) {
                path = tried
                self.lock = Mutex(lock)
                return
            }
            close(lock)
        }
        throw Self.failure(tried)
    }

    /// Each lost to another process that looks for abandoned folders in the same instant.
    private static let attempts = 5

    private static func isLock(of folder: String, _ descriptor: Int32) -> Bool {
        var named = stat()
        var held = stat()
        return stat(folder + "/" + lockName, &named) == 0 && fstat(descriptor, &held) == 0 && named.st_ino == held.st_ino
    }

    deinit { remove() }

    func remove() {
        lock.withLock { lock in
            guard let descriptor = lock else { return }
            try? FileManager.default.removeItem(atPath: path)
            close(descriptor)
            lock = nil
        }
    }

    private static func failure(_ path: String) -> RunStop {
        RunStop(
            .cannotWrite, reason: "scratch", culprit: path, detail: "cannot make it: \(String(cString: strerror(errno)))",
            remedy: "Make room there, or name another folder for passing files in TMPDIR.")
    }

    /// The descriptor of the lock; nil where another process has it.
    private static func locked(_ folder: String, making: Bool) -> Int32? {
        let descriptor = open(folder + "/" + lockName, O_RDWR | O_CLOEXEC | (making ? O_CREAT : 0), 0o600)
        guard descriptor >= 0 else { return nil }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    /// One that is only just being made has no lock yet, and is left alone.
    private static func removeAbandoned(in spool: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: spool)) ?? [] where name.hasPrefix(prefix) {
            let folder = spool + "/" + name
            guard let lock = locked(folder, making: false) else { continue }
            try? FileManager.default.removeItem(atPath: folder)
            close(lock)
        }
    }
}
