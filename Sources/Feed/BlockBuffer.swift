internal import CFeedKernels

/// A buffer that grows to what is asked for and is reused; padded for the kernels. Owned by one task at a time.
final class BlockBuffer {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity = 0

    init() { bytes = .allocate(capacity: Int(VF_PADDING)) }

    deinit { bytes.deallocate() }

    /// Nothing, at a place that may be looked at.
    var empty: Text { Text(bytes, 0) }

    /// Reads `count` bytes, or up to the end of the source. Throws what the source throws, and `RowReadError` if it ends before the end it told. The text is good until the next read, and no longer than the buffer
    /// lives: hold on to it.
    func read(_ source: any ByteSource, at offset: Int, count: Int) throws -> Text {
        if capacity < count {
            bytes.deallocate()
            bytes = .allocate(capacity: count + Int(VF_PADDING))
            capacity = count
        }
        var have = 0
        while have < count {
            let got = try source.read(into: UnsafeMutableRawBufferPointer(start: bytes + have, count: count - have), at: offset + have)
            if got <= 0 { break }
            have += got
        }
        guard have >= min(count, source.byteCount - offset) else {
            throw RowReadError(culprit: "byte \(offset + have) of the file", remedy: "the file has become shorter while it was read; write files under a hidden name and rename them")
        }
        (bytes + have).initialize(repeating: 0, count: Int(VF_PADDING))
        return Text(bytes, have)
    }
}
