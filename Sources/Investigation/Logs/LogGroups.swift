import CFeedKernels
import Events
import Glibc

/// Counts lines by a key of bytes, in bounded memory: where there would be too many groups the smaller half is let go, and what that may have cost
/// a count is remembered. Owned by one task at a time.
struct LogGroups {
    /// Groups kept at once.
    static let most = 200_000
    /// Bytes of one key; a longer value is cut.
    static let longestValue = 512

    private(set) var entries: [Entry] = []
    /// Lines of groups that were let go.
    private(set) var letGo = 0
    /// By so much at most a count told is too low.
    private(set) var mostMissing = 0
    private var keys: [UInt8] = []
    /// Open addressing: place in `entries` + 1; 0 is free.
    private var table: [UInt32] = Array(repeating: 0, count: 1 << 10)
    private let most: Int

    struct Entry {
        fileprivate var hash: UInt64
        fileprivate var keyStart: Int
        fileprivate var keyCount: Int
        var count: Int
        var first: Timestamp?
        var last: Timestamp?
    }

    init(most: Int = LogGroups.most) { self.most = most }

    func key(of entry: Entry) -> ArraySlice<UInt8> { keys[entry.keyStart..<entry.keyStart + entry.keyCount] }

    /// - Parameter key: padded for the kernels.
    mutating func add(_ key: LogBytes, count: Int = 1, first: Timestamp?, last: Timestamp?) {
        guard let base = key.baseAddress else { return }
        let hash = vf_fingerprint(base, key.count, 0)
        var slot = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while table[slot] != 0 {
            let place = Int(table[slot]) - 1
            if entries[place].hash == hash, isKey(key, of: place) {
                entries[place].count += count
                entries[place].first = Self.earlier(entries[place].first, first)
                entries[place].last = Self.later(entries[place].last, last)
                return
            }
            slot = (slot + 1) & (table.count - 1)
        }
        entries.append(Entry(hash: hash, keyStart: keys.count, keyCount: key.count, count: count, first: first, last: last))
        keys.append(contentsOf: key)
        table[slot] = UInt32(entries.count)
        if entries.count > most { letSmallerHalfGo() } else if entries.count * 2 > table.count { rehash(table.count * 2) }
    }

    mutating func merge(_ other: LogGroups) {
        for entry in other.entries {
            var padded = Array(other.key(of: entry))
            let count = padded.count
            padded.append(contentsOf: repeatElement(0, count: Int(VF_PADDING)))
            padded.withUnsafeBufferPointer { add($0.part(0, count), count: entry.count, first: entry.first, last: entry.last) }
        }
        letGo += other.letGo
        mostMissing += other.mostMissing
    }

    private func isKey(_ key: LogBytes, of place: Int) -> Bool {
        let entry = entries[place]
        guard entry.keyCount == key.count else { return false }
        guard let base = key.baseAddress, key.count > 0 else { return true }
        return keys.withUnsafeBytes { all in all.baseAddress.map { memcmp($0 + entry.keyStart, base, key.count) == 0 } ?? false }
    }

    private mutating func letSmallerHalfGo() {
        let sorted = entries.sorted { $0.count > $1.count }
        let kept = sorted.prefix(most / 2)
        letGo += sorted.dropFirst(kept.count).reduce(0) { $0 + $1.count }
        mostMissing += sorted.dropFirst(kept.count).first?.count ?? 0
        var bytes: [UInt8] = []
        entries = kept.map { entry in
            var moved = entry
            moved.keyStart = bytes.count
            bytes += key(of: entry)
            return moved
        }
        keys = bytes
        rehash(table.count)
    }

    private mutating func rehash(_ size: Int) {
        table = Array(repeating: 0, count: size)
        for (place, entry) in entries.enumerated() {
            var slot = Int(truncatingIfNeeded: entry.hash) & (size - 1)
            while table[slot] != 0 { slot = (slot + 1) & (size - 1) }
            table[slot] = UInt32(place + 1)
        }
    }

    private static func earlier(_ a: Timestamp?, _ b: Timestamp?) -> Timestamp? { a.map { a in b.map { min(a, $0) } ?? a } ?? b }
    private static func later(_ a: Timestamp?, _ b: Timestamp?) -> Timestamp? { a.map { a in b.map { max(a, $0) } ?? a } ?? b }
}
