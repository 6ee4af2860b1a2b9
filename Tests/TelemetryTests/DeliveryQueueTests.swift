import TestKit
import Testing

@testable import Telemetry

@Suite("What waits for its delivery")
struct DeliveryQueueTests {
    /// Of values that are as large as they say; `#expect` cannot change a struct.
    private final class Line {
        private var queue: DeliveryQueue<Int>

        init(_ values: [Int] = [], mostElements: Int = .max, mostBytes: Int = 1_000_000) {
            queue = DeliveryQueue(mostElements: mostElements, mostBytes: mostBytes) { $0 }
            for value in values { #expect(append(value)) }
        }

        var count: Int { queue.count }
        var bytes: Int { queue.bytes }
        func append(_ value: Int) -> Bool { queue.append(value) }
        func take(atMost most: Int = .max, bytes: Int = .max) -> [Int] { queue.take(atMost: most, bytes: bytes) }
        func putBack(_ batch: [Int]) -> Int { queue.putBack(batch) }
    }

    @Test("is refused beyond the bound in number or bytes, and has room again once something has gone")
    func bounds() {
        let few = Line([1, 1], mostElements: 2)
        #expect(!few.append(1) && few.count == 2)
        #expect(few.take(atMost: 1) == [1] && few.append(7) && few.take() == [1, 7] && few.bytes == 0 && few.count == 0)
        let small = Line([4, 4], mostBytes: 10)
        #expect(!small.append(3) && small.append(2) && small.bytes == 10)
    }

    @Test("goes oldest first, so many at most in number and bytes, and at least one")
    func takes() {
        let queue = Line([5, 6, 7, 8])
        #expect(queue.take(atMost: 10, bytes: 11) == [5, 6] && queue.take(bytes: 1) == [7] && queue.take() == [8] && queue.take() == [])
    }

    @Test("what is put back goes in front of what came meanwhile; what has no room is the newest of it")
    func putBack() {
        let queue = Line([1, 2, 3, 4, 5, 6], mostElements: 6)
        let batch = queue.take(atMost: 3)
        #expect(queue.append(7) && queue.putBack(batch) == 1 && queue.take() == [1, 2, 4, 5, 6, 7])
        let empty = Line([6, 6], mostBytes: 12)
        let all = empty.take()
        #expect(empty.append(6) && empty.putBack(all) == 1 && empty.bytes == 12 && empty.take() == [6, 6])
        #expect(empty.putBack([]) == 0 && empty.count == 0)
    }

    @Test("seeded: whatever is done to it, it holds what a plain list would, in its order and within its bounds")
    func likeAList() {
        var random = SeededGenerator(seed: 20)
        let queue = Line(mostElements: 40, mostBytes: 300)
        var list: [Int] = []
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let value = Int.random(in: 1...15, using: &random)
                let fits = list.count < 40 && list.reduce(0, +) + value <= 300
                #expect(queue.append(value) == fits)
                if fits { list.append(value) }
            case 2:
                let most = Int.random(in: 1...9, using: &random)
                #expect(queue.take(atMost: most) == Array(list.prefix(most)))
                list.removeFirst(min(most, list.count))
            default:
                let batch = (0..<Int.random(in: 0...5, using: &random)).map { _ in Int.random(in: 1...15, using: &random) }
                let kept = batch.count - queue.putBack(batch)
                list.insert(contentsOf: batch.prefix(kept), at: 0)
                #expect(list.count <= 40 && list.reduce(0, +) <= 300)
            }
            #expect(queue.count == list.count && queue.bytes == list.reduce(0, +))
        }
        #expect(queue.take() == list)
    }
}
