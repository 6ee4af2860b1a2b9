import Events

/// Keeps the newest lines of all it is shown, so many at most: a heap whose top is the oldest.
struct LogKeeper {
    struct Kept: Sendable {
        /// Lines without a time count as older than all others.
        var time: Timestamp
        var hasTime: Bool
        /// Place of the file in the list of sources.
        var file: Int
        var offset: Int
        /// Without a line end.
        var bytes: [UInt8]

        static func isOlder(_ a: Kept, _ b: Kept) -> Bool { (a.time, a.file, a.offset) < (b.time, b.file, b.offset) }
    }

    private let limit: Int
    private var heap: [Kept] = []

    init(limit: Int) { self.limit = limit }

    /// Oldest first.
    var sorted: [Kept] { heap.sorted(by: Kept.isOlder) }

    mutating func offer(_ time: Timestamp?, file: Int, offset: Int, _ line: LogBytes) {
        guard limit > 0 else { return }
        let key = time ?? .distantPast
        if heap.count == limit, let oldest = heap.first, (key, file, offset) < (oldest.time, oldest.file, oldest.offset) { return }
        keep(Kept(time: key, hasTime: time != nil, file: file, offset: offset, bytes: Array(line)))
    }

    mutating func keep(_ line: Kept) {
        if heap.count < limit {
            heap.append(line)
            rise(heap.count - 1)
        } else if limit > 0, Kept.isOlder(heap[0], line) {
            heap[0] = line
            sink()
        }
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0, Kept.isOlder(heap[place], heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && Kept.isOlder(heap[child], heap[least]) { least = child }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
