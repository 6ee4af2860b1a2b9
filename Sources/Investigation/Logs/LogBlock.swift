import CFeedKernels
import Glibc

/// A reused block of bytes that gives out whole lines: what is behind the last line end stays for the next filling. Owned by one task at a time.
final class LogBlock {
    static let newline = UInt8(ascii: "\n")
    static let padding = Int(VF_PADDING)
    /// Bytes read at once: they stay in the processor's second cache until they are searched.
    static let usualSize = 256 << 10
    /// Bytes; a longer line is passed over and counted as unreadable.
    static let usualLongestLine = 4 << 20

    let size: Int
    private let longestLine: Int

    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    /// Of the first byte, from the beginning of the file.
    private(set) var offset = 0
    /// Within a line that is too long.
    private var isSkipping = false
    private(set) var overlongLines = 0

    init(size: Int = LogBlock.usualSize, longestLine: Int = LogBlock.usualLongestLine) {
        self.size = size
        self.longestLine = longestLine
        capacity = 2 * size
        bytes = .allocate(capacity: capacity + Self.padding)
    }

    deinit { bytes.deallocate() }

    /// Too long lines since the last time this was asked.
    func takeOverlong() -> Int {
        defer { overlongLines = 0 }
        return overlongLines
    }

    func begin(at offset: Int) {
        self.offset = offset
        count = 0
        isSkipping = false
        overlongLines = 0
    }

    /// From the next file byte on.
    var end: Int { offset + count }

    /// Room for `size` bytes more; say with `filled` how many came.
    func room() -> UnsafeMutableRawBufferPointer {
        if capacity - count < size {
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + Self.padding)
            larger.update(from: bytes, count: count)
            bytes.deallocate()
            bytes = larger
            capacity *= 2
        }
        return UnsafeMutableRawBufferPointer(start: bytes + count, count: size)
    }

    func filled(_ more: Int) { count += more }

    func append(_ piece: UnsafeRawBufferPointer) {
        var rest = piece[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(size))
            room().copyMemory(from: part)
            filled(part.count)
            rest = rest.dropFirst(part.count)
        }
    }

    /// Drops bytes up to and with the first line end; false where there is none.
    func dropFirstLine() -> Bool {
        guard let end = memchr(bytes, Int32(Self.newline), count) else {
            drop(count)
            return false
        }
        drop(distance(to: end) + 1)
        return true
    }

    /// Hands out the whole lines that are there, with their line ends; at the end of a file also what has none.
    /// - Parameter isLast: nothing comes behind.
    func takeLines(isLast: Bool, _ body: (LogBytes) -> Void) {
        if isSkipping, !leaveOverlongLine() { return }
        let last = vf_last_line_end(bytes, count)
        let whole = last < count ? last + 1 : 0
        let taken = isLast ? count : whole
        if taken > 0 {
            (bytes + count).update(repeating: 0, count: Self.padding)
            body(LogBytes(start: bytes, count: taken))
            drop(taken)
        }
        if count > longestLine {
            overlongLines += 1
            isSkipping = true
            drop(count)
        }
    }

    private func leaveOverlongLine() -> Bool {
        if dropFirstLine() { isSkipping = false }
        return !isSkipping
    }

    private func drop(_ part: Int) {
        bytes.update(from: bytes + part, count: count - part)
        count -= part
        offset += part
    }

    private func distance(to place: UnsafeMutableRawPointer) -> Int { UnsafeRawPointer(place) - UnsafeRawPointer(bytes) }
}
