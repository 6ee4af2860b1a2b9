/// Cuts items into batches by number and by encoded bytes.
struct BatchBuilder {
    private let mostItems: Int
    private let mostBytes: Int
    private var items: [BatchItem] = []
    private var requests: [UInt8] = [UInt8(ascii: "[")]

    static let opening = Array(#"{"method":"UPDATE","data":"#.utf8)

    /// Bytes around the data object of one item.
    static var envelopeBytes: Int { opening.count + 1 }

    init(mostItems: Int, mostBytes: Int) {
        self.mostItems = mostItems
        self.mostBytes = mostBytes
    }

    /// The finished batch, where the item had to begin another one. `data` is the item's JSON object.
    mutating func append(_ item: BatchItem, data: [UInt8]) -> BatchShelf.Batch? {
        let length = Self.opening.count + data.count + 1
        let isFull = items.count == mostItems || (!items.isEmpty && requests.count + 1 + length + 1 > mostBytes)
        let finished = isFull ? finish() : nil
        if !items.isEmpty { requests.append(UInt8(ascii: ",")) }
        var placed = item
        placed.offset = requests.count
        placed.length = length
        requests += Self.opening
        requests += data
        requests.append(UInt8(ascii: "}"))
        items.append(placed)
        return finished
    }

    mutating func finish() -> BatchShelf.Batch? {
        guard !items.isEmpty else { return nil }
        requests.append(UInt8(ascii: "]"))
        defer {
            items.removeAll(keepingCapacity: true)
            requests = [UInt8(ascii: "[")]
        }
        return BatchShelf.Batch(requests: requests, items: items)
    }
}
