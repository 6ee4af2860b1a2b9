#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// An open file, closed when the last one lets go of it. Read and written at offsets, so that no two users share a position.
public final class OpenFile: Sendable {
    public let descriptor: Int32

    /// Takes the descriptor over.
    public init(adopting descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// A new file without a name: gone when it is closed, or when the process dies.
    /// - Returns: nil, with `errno` set, where the folder does not take one.
    public static func unnamed(in folder: String) -> OpenFile? {
        // 64 bits of chance: no two meet.
        let path = folder + "/.vitrine-spool-" + String(UInt64.random(in: .min ... .max), radix: 36)
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        unlink(path)
        return OpenFile(adopting: descriptor)
    }

    /// Bytes; nil, with `errno` set, where it cannot be told.
    public var size: Int? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Fills the buffer from `offset`; short only at the end of the file. Nil, with `errno` set, for a failure.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
        var filled = 0
        while let base = buffer.baseAddress, filled < buffer.count {
            let count = pread(descriptor, base + filled, buffer.count - filled, off_t(offset + filled))
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            filled += count
        }
        return filled
    }

    /// False, with `errno` set, where not all of it could be written.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        var written = 0
        while let base = bytes.baseAddress, written < bytes.count {
            let count = pwrite(descriptor, base + written, bytes.count - written, off_t(offset + written))
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            written += count
        }
        return true
    }
}

/// A part of an open file: what to send, or where to put an answer.
public struct FileRange: Sendable {
    public let file: OpenFile
    /// Bytes from the file's beginning.
    public let offset: Int
    /// Bytes; for an answer the most it may have.
    public let count: Int

    public init(_ file: OpenFile, offset: Int = 0, count: Int) {
        self.file = file
        self.offset = offset
        self.count = count
    }
}

/// Where the body of an answer goes that is too large for memory.
public struct AnswerFile: Sendable {
    public let range: FileRange
    /// Only an answer of this status goes into the file: 200 for a whole object, 206 for a part. Any other answer is kept in memory, within
    /// `HTTPRequest.answerLimit`, since it says what went wrong.
    public let status: Int

    public init(_ range: FileRange, status: Int = 200) {
        self.range = range
        self.status = status
    }
}
