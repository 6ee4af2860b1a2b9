/// What is kept of a data row: 32 bytes, whatever its length.
public struct RowEntry: Sendable, Equatable {
    /// 40 bits of offset, 24 bits of length.
    private let place: UInt64
    /// 32 bits of line, 31 bits of encoded length, one bit for rejected.
    private let rest: UInt64
    /// Of the id's bytes; 0 for a row without a usable id.
    public let idFingerprint: UInt64
    /// Of the encoded item; of the record's own bytes for a rejected row.
    public let contentFingerprint: UInt64

    /// Bytes that the place of a row can tell: a terabyte. `max_file` ends far below.
    static let mostFileBytes = 1 << 40
    /// Bytes of the longest record that can be told; `FeedOptions.maxRecordBytes` ends below.
    static let mostRecordBytes = 1 << 24

    init(
        offset: Int, byteCount: UInt32, line: Int, encodedByteCount: Int, isRejected: Bool, idFingerprint: UInt64, contentFingerprint: UInt64
    ) {
        assert(offset < Self.mostFileBytes && byteCount < Self.mostRecordBytes, "\(byteCount) bytes at \(offset)")
        place = UInt64(truncatingIfNeeded: offset) << 24 | UInt64(byteCount)
        rest = UInt64(UInt32(truncatingIfNeeded: line)) << 32 | UInt64(truncatingIfNeeded: encodedByteCount) << 1 | (isRejected ? 1 : 0)
        self.idFingerprint = idFingerprint
        self.contentFingerprint = contentFingerprint
    }

    /// First byte of the record in the file.
    public var offset: Int { Int(place >> 24) }
    /// Bytes of the record without its line end.
    public var byteCount: Int { Int(place & 0xFF_FFFF) }
    /// Physical line of the record's first character.
    public var line: Int { Int(rest >> 32) }
    /// Bytes of the encoded `data` object; 0 for a rejected row.
    public var encodedByteCount: Int { Int(rest >> 1 & 0x7FFF_FFFF) }
    public var isRejected: Bool { rest & 1 == 1 }
}

/// The rows of a file in their order. Kept in the pieces the workers made, so nothing is copied when they are joined.
public struct RowTable: Sendable {
    private var chunks: [[RowEntry]] = []
    /// What orders the rows of one id; empty where the file has no version column.
    private var versions: [[UInt64]] = []
    /// The keys of each chunk's rows.
    private var keys: [[UInt64]] = []
    let layout: CrossKeyLayout
    /// Row number of each chunk's first row.
    private var firsts: [Int] = []
    public private(set) var count = 0
    private(set) var rejectedCount = 0

    init(layout: CrossKeyLayout = .none) { self.layout = layout }

    mutating func append(_ part: RangeScan) {
        guard !part.rows.isEmpty else { return }
        chunks.append(part.rows)
        versions.append(part.versions)
        keys.append(part.keys)
        firsts.append(count)
        count += part.rows.count
        rejectedCount += part.rejectedCount
    }

    public var isEmpty: Bool { count == 0 }

    /// Random access costs a search among the chunks; `forEach` does not.
    public subscript(row: Int) -> RowEntry {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        let chunk = chunk(of: row)
        return chunks[chunk][row - firsts[chunk]]
    }

    /// Orders rows of one id; 0 without a version column or a readable version.
    public func version(of row: Int) -> UInt64 {
        let chunk = chunk(of: row)
        return versions[chunk].isEmpty ? 0 : versions[chunk][row - firsts[chunk]]
    }

    private func chunk(of row: Int) -> Int {
        var low = 0
        var high = firsts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if firsts[middle] <= row { low = middle } else { high = middle }
        }
        return low
    }

    /// One key of every row, by its place in the layout.
    @inline(__always)
    func forEachKey(at place: Int, _ body: (Int, UInt64) -> Void) {
        for (chunk, first) in firsts.enumerated() {
            keys[chunk].withUnsafeBufferPointer { keys in
                var at = place
                for row in first..<first + chunks[chunk].count {
                    body(row, keys[at])
                    at += layout.stride
                }
            }
        }
    }

    /// A key of one row; 0 where it is not kept.
    func key(_ key: CrossKey, of row: Int) -> UInt64 {
        guard let place = layout.place(key) else { return 0 }
        let chunk = chunk(of: row)
        return keys[chunk][(row - firsts[chunk]) * layout.stride + place]
    }

    /// Every row with its number, in order.
    @inline(__always)
    public func forEach(_ body: (Int, RowEntry) throws -> Void) rethrows {
        var row = 0
        for chunk in chunks {
            for entry in chunk {
                try body(row, entry)
                row += 1
            }
        }
    }
}

/// A row among several files: the file's place in the list given, and the row's in its table.
public struct RowRef: Hashable, Sendable, Comparable {
    private let fileNumber: UInt32
    private let rowNumber: UInt32

    public var file: Int { Int(fileNumber) }
    public var row: Int { Int(rowNumber) }

    public init(file: Int, row: Int) {
        fileNumber = UInt32(file)
        rowNumber = UInt32(row)
    }

    private var order: UInt64 { UInt64(fileNumber) << 32 | UInt64(rowNumber) }

    public static func < (left: RowRef, right: RowRef) -> Bool { left.order < right.order }
}
