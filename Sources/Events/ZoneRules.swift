/// The clocks of one place: how far they stand from UTC at any moment. Read from a compiled zone of the system's database (TZif, RFC 9636).
public struct ZoneRules: Sendable, Equatable {
    /// Such as `Asia/Baghdad`; `UTC`.
    public let name: String
    /// Seconds since 1970, rising; each begins the offset of the same place in `offsets`.
    private let transitions: [Int64]
    private let offsets: [Int]
    /// Before the first transition.
    private let firstOffset: Int
    /// Behind the last transition. Nil: the last offset holds on.
    private let tail: ZoneTail?

    public static let utc = ZoneRules(name: "UTC", transitions: [], offsets: [], firstOffset: 0, tail: nil)

    private init(name: String, transitions: [Int64], offsets: [Int], firstOffset: Int, tail: ZoneTail?) {
        self.name = name
        self.transitions = transitions
        self.offsets = offsets
        self.firstOffset = firstOffset
        self.tail = tail
    }

    /// Nil where the bytes are no such file.
    public init?(name: String, tzif: [UInt8]) {
        guard let old = ZoneBlock(tzif, at: 0, timeBytes: 4) else { return nil }
        // From version 2 on the file says all of it once more in 64 bits, and behind that what holds for ever.
        guard old.version >= 2 else {
            self.init(name: name, block: old, tail: nil)
            return
        }
        guard let block = ZoneBlock(tzif, at: old.end, timeBytes: 8) else { return nil }
        let footer = tzif[min(block.end, tzif.count)...].split(separator: UInt8(ascii: "\n"), maxSplits: 1).first
        self.init(name: name, block: block, tail: footer.flatMap { ZoneTail(String(decoding: $0, as: UTF8.self)) })
    }

    private init?(name: String, block: ZoneBlock, tail: ZoneTail?) {
        guard let first = block.firstOffset else { return nil }
        self.init(name: name, transitions: block.transitions, offsets: block.offsets, firstOffset: first, tail: tail)
    }

    /// Seconds east of UTC, within a day.
    public func offset(at time: Timestamp) -> Int {
        let second = Int64((Double(time.nanoseconds) / 1e9).rounded(.down))
        guard let last = transitions.last, second < last else { return tail?.offset(at: second) ?? offsets.last ?? firstOffset }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : offsets[low - 1]
    }
}

/// One of the two data blocks of a TZif file.
private struct ZoneBlock {
    let version: Int
    /// Bytes of the file up to the end of this block.
    let end: Int
    private(set) var transitions: [Int64] = []
    private(set) var offsets: [Int] = []
    private(set) var firstOffset: Int?

    private static let headerBytes = 44
    /// Of each count in a header; the largest zone known has some hundred transitions.
    private static let most = 100_000

    init?(_ bytes: [UInt8], at start: Int, timeBytes: Int) {
        guard bytes.count >= start + Self.headerBytes, Array(bytes[start..<start + 4]) == Array("TZif".utf8) else { return nil }
        func number(_ place: Int, _ width: Int) -> Int64 {
            var value: Int64 = 0
            for byte in bytes[place..<place + width] { value = value << 8 | Int64(byte) }
            return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : value
        }
        let counts = (0..<6).map { Int(number(start + 20 + $0 * 4, 4)) }
        guard counts.allSatisfy({ (0...Self.most).contains($0) }) else { return nil }
        let (utIndicators, standardIndicators, leaps, times, types, letters) = (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5])
        let timesAt = start + Self.headerBytes
        let indicesAt = timesAt + times * timeBytes
        let typesAt = indicesAt + times
        end = typesAt + types * 6 + letters + leaps * (timeBytes + 4) + standardIndicators + utIndicators
        guard end <= bytes.count, types > 0 else { return nil }
        version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - 48
        let kinds = (0..<types).map { Int(number(typesAt + $0 * 6, 4)) }
        guard kinds.allSatisfy({ abs($0) <= 93_599 }) else { return nil }
        for index in 0..<times {
            let kind = Int(bytes[indicesAt + index])
            guard kind < types else { return nil }
            transitions.append(number(timesAt + index * timeBytes, timeBytes))
            offsets.append(kinds[kind])
        }
        guard zip(transitions, transitions.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        firstOffset = kinds[0]
    }
}
