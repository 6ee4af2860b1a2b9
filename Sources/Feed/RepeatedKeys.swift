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
        var seen = BitTable(rows: winners.count)
        var again = BitTable(rows: winners.count)
        forEach { row in if seen.insert(row.key) { again.insert(row.key >> 29 | row.key << 35) } }
        var rows: [KeyedRow] = []
        forEach { row in if again.contains(row.key >> 29 | row.key << 35) { rows.append(row) } }
        rows.sort { ($0.key, $0.winner) < ($1.key, $1.winner) }
        return rows
    }

    /// Every winner that has the key.
    @inline(__always)
    private func forEach(_ body: (KeyedRow) -> Void) {
        var start = 0
        while start < winners.count {
            let file = winners[start].file
            var end = start
            while end < winners.count, winners[end].file == file { end += 1 }
            let table = scans[file].rows
            if let place = table.layout.place(key) {
                let groupPlace = table.layout.place(.group) ?? -1
                let traitsPlace = table.layout.place(.traits) ?? -1
                var winner = start
                table.forEachKeys(of: winners[start..<end].lazy.map(\.row)) { _, keys in
                    if keys[place] != 0 {
                        body(
                            KeyedRow(
                                key: keys[place], group: groupPlace < 0 ? 0 : keys[groupPlace], traits: traitsPlace < 0 ? 0 : keys[traitsPlace],
                                winner: UInt32(winner)))
                    }
                    winner += 1
                }
            }
            start = end
        }
    }
}

/// A set of fingerprints by some of their bits, with false presences: about one in sixteen when it is full.
private struct BitTable {
    private var words: [UInt64]
    private let mask: UInt64

    init(rows: Int) {
        var bits = 1024
        while bits < rows * 16 { bits *= 2 }
        words = Array(repeating: 0, count: bits / 64)
        mask = UInt64(bits - 1)
    }

    /// Whether it was there already.
    @discardableResult
    mutating func insert(_ key: UInt64) -> Bool {
        let (word, bit) = (Int((key & mask) >> 6), key & 63)
        let was = words[word] >> bit & 1 == 1
        words[word] |= 1 << bit
        return was
    }

    func contains(_ key: UInt64) -> Bool { words[Int((key & mask) >> 6)] >> (key & 63) & 1 == 1 }
}
