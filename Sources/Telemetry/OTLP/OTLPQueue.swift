/// What waits for its delivery: bounded in number and in bytes, in the order it came. A value beyond the bound is refused.
struct OTLPQueue<Element: Sendable>: Sendable {
    private(set) var elements: [Element] = []
    private var sizes: [Int] = []
    private(set) var bytes = 0
    let mostElements: Int
    let mostBytes: Int

    init(mostElements: Int, mostBytes: Int) {
        self.mostElements = mostElements
        self.mostBytes = mostBytes
    }

    mutating func append(_ element: Element, size: Int) -> Bool {
        guard elements.count < mostElements, bytes + size <= mostBytes else { return false }
        elements.append(element)
        sizes.append(size)
        bytes += size
        return true
    }

    /// The oldest ones, so many at most in number and bytes; at least one where there is any.
    mutating func take(atMost count: Int, bytes limit: Int) -> (elements: [Element], sizes: [Int]) {
        var taken = 0
        var size = 0
        while taken < min(count, elements.count), taken == 0 || size + sizes[taken] <= limit {
            size += sizes[taken]
            taken += 1
        }
        defer {
            elements.removeFirst(taken)
            sizes.removeFirst(taken)
            bytes -= size
        }
        return (Array(elements.prefix(taken)), Array(sizes.prefix(taken)))
    }

    /// Puts back in front what could not be delivered. Says how many found no room: the newest of them.
    mutating func putBack(_ batch: (elements: [Element], sizes: [Int])) -> Int {
        var room = (count: mostElements - elements.count, bytes: mostBytes - bytes)
        var kept = 0
        while kept < batch.elements.count, room.count > 0, room.bytes >= batch.sizes[kept] {
            room = (room.count - 1, room.bytes - batch.sizes[kept])
            kept += 1
        }
        elements.insert(contentsOf: batch.elements.prefix(kept), at: 0)
        sizes.insert(contentsOf: batch.sizes.prefix(kept), at: 0)
        bytes += batch.sizes.prefix(kept).reduce(0, +)
        return batch.elements.count - kept
    }
}
