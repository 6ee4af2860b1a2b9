internal import CFeedKernels

/// Follows records one by one, where quotes cannot be counted.
struct RecordFollower {
    let source: any ByteSource
    let delimiter: UInt8
    let blockBytes: Int

    /// Reports a record start about every block. Returns whether the file ends inside quotes; stops at broken quoting or at a record that
    /// does not fit the window, for whoever parses the last range to report.
    func follow(from start: RecordChain.Place, _ found: (RecordChain.Place) -> Void) throws -> Bool {
        let buffer = BlockBuffer()
        defer { withExtendedLifetime(buffer) {} }
        let window = max(blockBytes, Self.windowBytes)
        var (offset, line) = (start.offset, start.line)
        var lastReported = offset
        while offset < source.byteCount {
            let text = try buffer.read(source, at: offset, count: min(window, source.byteCount - offset))
            let isLast = offset + text.count == source.byteCount
            var at = 0
            while at < text.count {
                let split = vf_split(text.base + at, text.count - at, delimiter, nil, 0)
                let end = at + Int(split.consumed)
                if split.status == UInt32(VF_TEXT_AFTER_QUOTE) { return false }
                if end == text.count, !isLast { break }  // may go on beyond the window
                if split.status == UInt32(VF_UNCLOSED) { return true }
                at = end
                line += Int(split.newlines)
                if offset + at - lastReported >= blockBytes, offset + at < source.byteCount {
                    lastReported = offset + at
                    found(RecordChain.Place(offset: offset + at, line: line))
                }
            }
            if at == 0 { return false }
            offset += at
        }
        return false
    }

    /// Larger than any record that is accepted.
    private static var windowBytes: Int { 4 << 20 }
}
