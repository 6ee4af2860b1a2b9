/// What waits for its delivery: bounded in number and in bytes, in the order it came. A value beyond the bound is refused.
struct DeliveryQueue<Element: Sendable>: Sendable {
    /// Those in front of `first` have gone and are nil; they are cleared away when they are half of all, so that taking from the front costs
    /// nothing for what stays.
    private var places: [Element?] = []
    private var first = 0
    private(set) var bytes = 0
    private let mostElements: Int
    private let mostBytes: Int
    private let size: @Sendable (Element) -> Int

    /// - Parameter size: about the bytes of a value; the same each time.
    init(mostElements: Int = .max, mostBytes: Int, size: @escaping @Sendable (Element) -> Int) {
        self.mostElements = mostElements
        self.mostBytes = mostBytes
        self.size = size
    }

    var count: Int { places.count - first }

    mutating func append(_ element: Element) -> Bool {
        let size = size(element)
        guard count < mostElements, bytes + size <= mostBytes else { return false }
        places.append(element)
        bytes += size
        return true
    }

    /// The oldest ones, so many at most in number and bytes; at least one where there is any.
    mutating func take(atMost most: Int = .max, bytes limit: Int = .max) -> [Element] {
        var taken: [Element] = []
        var total = 0
        while taken.count < most, first < places.count, let element = places[first] {
            let size = size(element)
            guard taken.isEmpty || total + size <= limit else { break }
            taken.append(element)
            total += size
            places[first] = nil
            first += 1
        }
        bytes -= total
        if first * 2 >= places.count {
            places.removeFirst(first)
            first = 0
        }
        return taken
    }

    /// Puts back in front what could not be delivered. Says how many found no room: the newest of them.
    mutating func putBack(_ batch: [Element]) -> Int {
        var kept = 0
        var total = 0
        for element in batch {
            let size = size(element)
            guard kept < mostElements - count, bytes + total + size <= mostBytes else { break }
            kept += 1
            total += size
        }
        places.replaceSubrange(max(0, first - kept)..<first, with: batch.prefix(kept).map(Optional.some))
        first = max(0, first - kept)
        bytes += total
        return batch.count - kept
    }
}
