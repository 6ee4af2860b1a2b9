import Engine
import Glibc
import Gzip
import ObjectStore
import Transport

/// Files packed and unpacked piece by piece, so that a ledger of any size takes some megabytes of memory.
enum PackedFile {
    private static let blockBytes = 1 << 20

    /// - Returns: a file without a name in `spool`.
    static func pack(_ path: String, spool: String) throws -> OpenFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "read") }
        let source = OpenFile(adopting: descriptor)
        guard let target = OpenFile.unnamed(in: spool) else { throw failure(spool, "write in") }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
        defer { block.deallocate() }
        var packer = try GzipCompressor()
        var read = 0
        var tail = Tail(file: target, spool: spool)
        while true {
            guard let count = source.read(into: block, at: read) else { throw failure(path, "read") }
            guard count > 0 else { break }
            packer.append(UnsafeRawBufferPointer(rebasing: block[..<count]), to: &tail.bytes)
            read += count
            try tail.flush()
        }
        packer.finish(to: &tail.bytes)
        try tail.flush()
        return target
    }

    /// What is still to be written, behind what was.
    private struct Tail {
        let file: OpenFile
        let spool: String
        var bytes: [UInt8] = []
        var written = 0

        mutating func flush() throws {
            guard bytes.withUnsafeBytes({ file.write($0, at: written) }) else { throw failure(spool, "write in") }
            written += bytes.count
            bytes.removeAll(keepingCapacity: true)
        }
    }

    /// - Parameter limit: bytes, unpacked.
    static func unpack(_ packed: any PinnedObject, to path: String, limit: Int) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path, "write") }
        let target = OpenFile(adopting: descriptor)
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
        defer { block.deallocate() }
        var inflater = try GzipInflater(limit: limit)
        var (read, written) = (0, 0)
        var isWhole = true
        while true {
            let count = try packed.read(into: block, at: read)
            guard count > 0 else { break }
            try inflater.feed(UnsafeRawBufferPointer(rebasing: block[..<count])) { bytes in
                isWhole = isWhole && target.write(bytes, at: written)
                written += bytes.count
            }
            guard isWhole else { throw failure(path, "write") }
            read += count
        }
        try inflater.finish()
    }

    private static func failure(_ path: String, _ verb: String) -> RunStop {
        RunStop(
            .cannotWrite, reason: "scratch", culprit: path, detail: "cannot \(verb) it: \(String(cString: strerror(errno)))",
            remedy: "Make room there, or name another folder for passing files in TMPDIR.")
    }
}
