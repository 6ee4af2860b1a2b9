import Events
import Glibc

/// One open file that is only ever appended to (`O_APPEND`: several processes may write whole chunks to it).
struct AppendedFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(LogFileError) {
        Self.makeFolder(of: path)
        descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        self.path = path
        guard descriptor >= 0 else { throw LogFileError(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var size: Int { status?.st_size ?? 0 }

    /// Whether its last byte ends no line.
    var endsWithin: Bool {
        var last: UInt8 = 0
        let size = size
        return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != UInt8(ascii: "\n")
    }

    /// Whether the path still leads to the file that is open.
    var isStillThere: Bool {
        var named = stat()
        guard stat(path, &named) == 0, let open = status else { return false }
        return named.st_ino == open.st_ino && named.st_dev == open.st_dev
    }

    enum Lock { case shared, alone }

    /// Waits for it: whoever holds it appends one chunk, or renames; or packs a file that was put aside, which takes long, so look whether the path
    /// still leads here first. False where the file system has no locks.
    func lock(_ lock: Lock) -> Bool {
        while flock(descriptor, lock == .shared ? LOCK_SH : LOCK_EX) != 0 { if errno != EINTR { return false } }
        return true
    }

    func unlock() { flock(descriptor, LOCK_UN) }

    /// When its first line was written; nil where that is no line of ours.
    var firstTime: Timestamp? {
        let opening = #"{"time":""#
        var head = [UInt8](repeating: 0, count: opening.utf8.count + 24)
        let count = head.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == head.count, head.starts(with: opening.utf8) else { return nil }
        return Timestamp(rfc3339: String(decoding: head.dropFirst(opening.utf8.count), as: UTF8.self))
    }

    /// How many of the bytes were written.
    func append(_ bytes: [UInt8]) -> Int { Self.write(bytes, to: descriptor) }

    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let result = Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                if result > 0 { written += result } else if result == 0 || errno != EINTR { break }
            }
            return written
        }
    }

    private var status: stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    /// Every missing folder on the way; what cannot be made shows when the file is opened.
    private static func makeFolder(of path: String) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            if slash > path.startIndex { mkdir(String(path[..<slash]), 0o750) }
            end = path.index(after: slash)
        }
    }
}
