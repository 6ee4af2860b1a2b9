public import Events
public import Gzip

/// A ZIP archive, made in memory: what every system opens by a click. Names are UTF-8, contents deflated. Source: APPNOTE.TXT 6.3.10 (PKWARE).
///
/// The same contents and time make the same bytes. Without ZIP64: at most 65,535 files, and less than 4 GiB in all.
public struct ZipArchive: Sendable {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count: UInt16 = 0
    private let time: UInt16
    private let date: UInt16

    /// - Parameter time: of all files, UTC.
    public init(time: Timestamp) {
        let parts = time.parts
        self.time = UInt16(parts.hour << 11 | parts.minute << 5 | parts.second / 2)
        date = UInt16(min(max(parts.year - 1980, 0), 127) << 9 | parts.month << 5 | parts.day)
    }

    /// - Throws: `.outOfMemory` only.
    public mutating func add(_ name: String, _ content: [UInt8]) throws(GzipError) {
        // A member of gzip is a header of ten bytes, the deflated content, and its checksum and length (RFC 1952), which is what ZIP wants too.
        let member = try gzip(content, level: 6)
        let packed = member.dropFirst(10).dropLast(8)
        let checksum = member.suffix(8).prefix(4)
        let path = Array(name.utf8)
        var header: [UInt8] = []
        Self.put16(20, &header)  // version needed
        Self.put16(1 << 11, &header)  // the name is UTF-8
        Self.put16(8, &header)  // deflate
        Self.put16(time, &header)
        Self.put16(date, &header)
        header += checksum
        Self.put32(packed.count, &header)
        Self.put32(content.count, &header)
        Self.put16(UInt16(path.count), &header)
        Self.put16(0, &header)
        let offset = bytes.count
        Self.put32(0x0403_4B50, &bytes)
        bytes += header + path + packed
        Self.put32(0x0201_4B50, &directory)
        Self.put16(3 << 8 | 20, &directory)  // made on Unix, for the mode below
        directory += header
        for _ in 0..<3 { Self.put16(0, &directory) }  // comment, disk, internal attributes
        Self.put32(0o100644 << 16, &directory)
        Self.put32(offset, &directory)
        directory += path
        count += 1
    }

    /// Ends the archive.
    public consuming func finish() -> [UInt8] {
        var all = bytes + directory
        Self.put32(0x0605_4B50, &all)
        Self.put32(0, &all)
        Self.put16(count, &all)
        Self.put16(count, &all)
        Self.put32(directory.count, &all)
        Self.put32(bytes.count, &all)
        Self.put16(0, &all)
        return all
    }

    private static func put16(_ value: UInt16, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }

    private static func put32(_ value: Int, _ bytes: inout [UInt8]) {
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
