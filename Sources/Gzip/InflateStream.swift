import CZlib

/// The one owner of an inflate state. The `z_stream` stays at one address, since zlib keeps a pointer back to it.
struct InflateStream: ~Copyable {
    enum Step {
        /// All input is used up; the member goes on.
        case wantsInput
        /// The room is full; there may be more.
        case wantsRoom
        /// The member and its trailer are read and its checksum is right.
        case memberEnded
        case failed(GzipError)
    }

    private let raw: UnsafeMutablePointer<z_stream>

    init() throws(GzipError) {
        let raw = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        raw.initialize(to: z_stream())
        guard vitrine_inflate_init_gzip(raw) == Z_OK else {
            raw.deallocate()
            throw .outOfMemory
        }
        self.raw = raw
    }

    deinit {
        inflateEnd(raw)
        raw.deallocate()
    }

    func startNextMember() { inflateReset(raw) }

    /// One step: from `input` into `room`. Says how much of each was used.
    func run(_ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> (used: Int, made: Int, step: Step) {
        let offered = min(input.count, ZlibBlock.inputLimit)
        let space = min(room.count, ZlibBlock.inputLimit)
        // zlib declares its input mutable and does not write through it.
        raw.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        raw.pointee.avail_in = UInt32(offered)
        raw.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
        raw.pointee.avail_out = UInt32(space)
        let code = inflate(raw, Z_NO_FLUSH)
        let used = offered - Int(raw.pointee.avail_in)
        let made = space - Int(raw.pointee.avail_out)
        return (used, made, step(of: code))
    }

    private func step(of code: Int32) -> Step {
        switch code {
        case Z_STREAM_END: .memberEnded
        // Z_BUF_ERROR is no error: nothing could be done without more input or more room. Source: zlib.h.
        case Z_OK, Z_BUF_ERROR: raw.pointee.avail_out == 0 ? .wantsRoom : .wantsInput
        case Z_MEM_ERROR: .failed(.outOfMemory)
        default: .failed(.corrupt(raw.pointee.msg.map { String(cString: $0) } ?? "zlib code \(code)"))
        }
    }
}
