/// A winner with what is compared.
struct KeyedRow {
    let key: UInt64
    let group: UInt64
    let traits: UInt64
    /// Place among the winners.
    let winner: UInt32
}

/// Finds the rows that share a key, without sorting them all: a bit for each key seen, another for each key seen again, then only the rows
/// whose key was seen again are kept and sorted. Four bytes a row.
struct RepeatedKeys {
    let scans: [FileScan]
    let winners: [RowRef]
    let key: CrossKey

    /// The rows of each key that occurs more than once, in their order.
    func forEachRun(_ body: (ArraySlice<KeyedRow>) -> Void) {
        let rows = candidates()
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].key == rows[start].key { end += 1 }
            if end - start > 1 { body(rows[start..<end]) }
            start = end
        }
    }

    private func candidates() -> [KeyedRow] {
        let seen = BitTable(rows: winners.count)
        let again = BitTable(rows: winners.count)
        forEach { key, _, _, _ in if seen.insert(key) { _ = again.insert(Self.otherBits(key)) } }
        var rows: [KeyedRow] = []
        forEach { key, winner, keys, layout in
            guard again.contains(Self.otherBits(key)) else { return }
            rows.append(
                KeyedRow(
                    key: key, group: layout.place(.group).map { keys[$0] } ?? 0, traits: layout.place(.traits).map { keys[$0] } ?? 0,
                    winner: UInt32(winner)))
        }
        rows.sort { $0.key == $1.key ? $0.winner < $1.winner : $0.key < $1.key }
        return rows
    }

    @inline(__always)
    private static func otherBits(_ key: UInt64) -> UInt64 { key >> 29 | key << 35 }

    /// Every winner that has the key: the key, its place among the winners, all its keys, and what they are.
    @inline(__always)
    private func forEach(_ body: (UInt64, Int, UnsafePointer<UInt64>, CrossKeyLayout) -> Void) {
        winners.withUnsafeBufferPointer { winners in
            var winner = 0
            for file in scans.indices {
                let layout = scans[file].rows.layout
                guard let place = layout.place(key) else {
                    while winner < winners.count, winners[winner].file == file { winner += 1 }
                    continue
                }
                let stride = layout.stride
                scans[file].rows.forEachPieceOfKeys { first, end, keys in
                    while winner < winners.count, winners[winner].file == file, winners[winner].row < end {
                        let row = keys + (winners[winner].row - first) * stride
                        if row[place] != 0 { body(row[place], winner, row, layout) }
                        winner += 1
                    }
                }
            }
        }
    }
}

/// A set of fingerprints by some of their bits, with false presences: about one in sixteen when it is full.
private final class BitTable {
    private let words: UnsafeMutablePointer<UInt64>
    private let mask: UInt64

    init(rows: Int) {
        var bits = 1024
        while bits < rows * 16 { bits *= 2 }
        words = .allocate(capacity: bits / 64)
        words.initialize(repeating: 0, count: bits / 64)
        mask = UInt64(bits - 1)
    }

    deinit { words.deallocate() }

    /// Whether it was there already.
    @inline(__always)
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
