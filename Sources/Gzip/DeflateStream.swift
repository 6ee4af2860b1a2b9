import CZlib

enum ZlibBlock {
    /// Room offered to zlib at a time, in bytes.
    static let outputBytes = 64 * 1024
    /// zlib counts the bytes it is given in 32 bits; half of that keeps the arithmetic plain.
    static let inputLimit = 1 << 30
}

/// The one owner of a deflate state. The `z_stream` stays at one address, since zlib keeps a pointer back to it.
struct DeflateStream: ~Copyable {
    private let raw: UnsafeMutablePointer<z_stream>
    private let room: UnsafeMutablePointer<UInt8>

    init(level: Int32) throws(GzipError) {
        let raw = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        raw.initialize(to: z_stream())
        guard vitrine_deflate_init_gzip(raw, level) == Z_OK else {
            raw.deallocate()
            throw .outOfMemory
        }
        self.raw = raw
        room = .allocate(capacity: ZlibBlock.outputBytes)
    }

    deinit {
        deflateEnd(raw)
        raw.deallocate()
        room.deallocate()
    }

    func run(_ input: UnsafeRawBufferPointer, ending: Bool, to output: inout [UInt8]) {
        // zlib declares its input mutable and does not write through it.
        raw.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        raw.pointee.avail_in = UInt32(input.count)
        repeat {
            raw.pointee.next_out = room
            raw.pointee.avail_out = UInt32(ZlibBlock.outputBytes)
            let code = deflate(raw, ending ? Z_FINISH : Z_NO_FLUSH)
            precondition(code != Z_STREAM_ERROR, "deflate: the state was overwritten")
            let made = ZlibBlock.outputBytes - Int(raw.pointee.avail_out)
            output.append(contentsOf: UnsafeBufferPointer(start: room, count: made))
            // Room left over means that zlib has nothing more to give for this input.
        } while raw.pointee.avail_out == 0
    }
}
