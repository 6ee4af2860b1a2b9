import Feed
import Glibc
import Gzip
import ObjectStore

/// A `.csv.gz`, inflated once into a file without a name, so that it can be read at any offset by all cores and is gone with the process.
final class InflatedSpool: ByteSource {
    let byteCount: Int
    private let descriptor: Int32

    /// `limit`: bytes, inflated.
    init(_ pinned: any PinnedObject, folder: String, limit: Int) throws {
        let descriptor = try Self.nameless(in: folder)
        var inflater = try GzipInflater(limit: limit)
        do {
            try pinned.forEachBlock(of: Self.blockBytes) { block in
                var failure: SpoolError?
                try inflater.feed(block) { piece in
                    if failure == nil { failure = Self.write(piece, to: descriptor, folder) }
                }
                if let failure { throw failure }
            }
            byteCount = inflater.produced
            try inflater.finish()
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw SpoolError(culprit: "the inflated copy", detail: String(cString: strerror(errno)))
            }
            filled += count
        }
        return filled
    }

    private static let blockBytes = 1 << 20

    private static func nameless(in folder: String) throws -> Int32 {
        var template = Array((folder + "/vitrine-spool-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SpoolError(culprit: folder, detail: String(cString: strerror(errno))) }
        unlink(template)
        return descriptor
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ folder: String) -> SpoolError? {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count < 0 {
                if errno == EINTR { continue }
                return SpoolError(culprit: folder, detail: String(cString: strerror(errno)))
            }
            written += count
        }
        return nil
    }
}

struct SpoolError: Error, CustomStringConvertible {
    let culprit: String
    let detail: String
    var remedy: String { "Make room in this folder, or point TMPDIR to one with room for the inflated file." }
    var description: String { "\(culprit): \(detail). \(remedy)" }
}
