/// A row with what it is compared by.
struct KeyedRow: Sendable {
    let key: UInt64
    let place: RowRef
}

/// Finds the rows that share a key, without sorting them all: a bit for each key seen, another for each key seen again, then only the rows whose
/// key was seen again are kept and sorted. About four bytes a row while it works.
enum RepeatedKeys {
    /// The rows of each key that occurs more than once, by key and then by place.
    /// - Parameters:
    ///   - most: rows at most; what the bits are made for.
    ///   - forEach: calls back with every row and its key, each time alike; called twice.
    @inline(__always)
    static func find(most: Int, forEach: ((UInt64, RowRef) -> Void) -> Void) -> [KeyedRow] {
        let seen = BitTable(rows: most)
        let again = BitTable(rows: most)
        forEach { key, _ in if seen.insert(key) { again.insert(otherBits(key)) } }
        var rows: [KeyedRow] = []
        forEach { key, place in if again.contains(otherBits(key)) { rows.append(KeyedRow(key: key, place: place)) } }
        return repeated(grouped(rows))
    }

    /// Without the rows that are alone with their key: bits that met by chance.
    private static func repeated(_ rows: [KeyedRow]) -> [KeyedRow] {
        var kept = 0
        forEachRun(rows) { kept += $0.count }
        guard kept < rows.count else { return rows }
        var result: [KeyedRow] = []
        result.reserveCapacity(kept)
        forEachRun(rows) { result += $0 }
        return result
    }

    /// By key; rows of one key stay as they are. Spread over buckets by the upper bits first, which leaves a handful to be sorted in each.
    private static func grouped(_ rows: [KeyedRow]) -> [KeyedRow] {
        var bits = 0
        while 4 << bits < rows.count { bits += 1 }
        guard bits > 0 else { return sorted(rows) }
        let shift = UInt64(64 - bits)
        var ends = Array(repeating: 0, count: 1 << bits)
        for row in rows { ends[Int(row.key >> shift)] += 1 }
        var sum = 0
        for bucket in ends.indices { (ends[bucket], sum) = (sum, sum + ends[bucket]) }
        return Array(unsafeUninitializedCapacity: rows.count) { buffer, count in
            for row in rows {
                let bucket = Int(row.key >> shift)
                buffer.initializeElement(at: ends[bucket], to: row)
                ends[bucket] += 1
            }
            count = rows.count
            var start = 0
            for end in ends {
                sort(UnsafeMutableBufferPointer(rebasing: buffer[start..<end]))
                start = end
            }
        }
    }

    private static func sorted(_ rows: [KeyedRow]) -> [KeyedRow] {
        var rows = rows
        rows.withUnsafeMutableBufferPointer { sort($0) }
        return rows
    }

    /// Bucket sizes up to which inserting is quicker; more come together where many rows have one key.
    private static let fewRows = 16

    /// By key, and by place where keys are equal: rows come in the order of their places.
    private static func sort(_ rows: UnsafeMutableBufferPointer<KeyedRow>) {
        var rows = rows
        if rows.count > fewRows { return rows.sort { $0.key == $1.key ? $0.place < $1.place : $0.key < $1.key } }
        for next in rows.indices.dropFirst() {
            let row = rows[next]
            var at = next
            while at > 0, rows[at - 1].key > row.key {
                rows[at] = rows[at - 1]
                at -= 1
            }
            rows[at] = row
        }
    }

    /// The runs of one key, where it has more than one row.
    static func forEachRun(_ rows: [KeyedRow], _ body: (ArraySlice<KeyedRow>) throws -> Void) rethrows {
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].key == rows[start].key { end += 1 }
            if end - start > 1 { try body(rows[start..<end]) }
            start = end
        }
    }

    @inline(__always)
    private static func otherBits(_ key: UInt64) -> UInt64 { key >> 29 | key << 35 }
}

/// A set of fingerprints by some of their bits, with false presences: about one in ten when it is full.
private final class BitTable {
    private let words: UnsafeMutablePointer<UInt64>
    private let mask: UInt64

    init(rows: Int) {
        var bits = 1024
        while bits < rows * 8 { bits *= 2 }
        words = .allocate(capacity: bits / 64)
        words.initialize(repeating: 0, count: bits / 64)
        mask = UInt64(bits - 1)
    }

    deinit { words.deallocate() }

    /// Whether it was there already.
    @discardableResult @inline(__always)
    func insert(_ key: UInt64) -> Bool {
        let word = words + Int((key & mask) >> 6)
        let bit = 1 as UInt64 &<< (key & 63)
        let was = word.pointee & bit != 0
        word.pointee |= bit
        return was
    }

    @inline(__always)
    func contains(_ key: UInt64) -> Bool { words[Int((key & mask) >> 6)] & (1 &<< (key & 63)) != 0 }
}
