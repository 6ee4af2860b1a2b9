import Engine
import Glibc
import Gzip
import ObjectStore

/// Batches in the synced store: `batches/00001.json.gz`, exactly the `requests` that are sent, and beside it which row each item came from.
struct BatchShelf: Sendable {
    let store: any ObjectStore
    let folder: RunFolder

    struct Batch: Sendable {
        /// The JSON array of requests.
        var requests: [UInt8]
        var items: [BatchItem]

        /// The JSON array with the requests of these items only.
        func requests(of indices: [Int]) -> [UInt8] {
            if indices.count == items.count { return requests }
            var body: [UInt8] = [UInt8(ascii: "[")]
            body.reserveCapacity(requests.count)
            for index in indices {
                if body.count > 1 { body.append(UInt8(ascii: ",")) }
                let item = items[index]
                body += requests[item.offset..<item.offset + item.length]
            }
            body.append(UInt8(ascii: "]"))
            return body
        }
    }

    /// Counted in the bytes that are sent, whatever a list says of them. Inside a text every quote is escaped, so the opening of a request is one.
    static func requestCount(in body: [UInt8]) -> Int {
        body.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            let opening = BatchBuilder.opening
            var (count, place) = (0, 0)
            while place + opening.count <= bytes.count, let found = memchr(base + place, Int32(opening[0]), bytes.count - place) {
                place = base.distance(to: UnsafeRawPointer(found))
                let isOpening = place + opening.count <= bytes.count && memcmp(base + place, opening, opening.count) == 0
                if isOpening { count += 1 }
                place += isOpening ? opening.count : 1
            }
            return count
        }
    }

    /// Bytes. Twice Meta's limit: a batch object of ours is never larger.
    private static let requestLimit = 56 << 20
    private static let packedLimit = 256 << 20

    func put(_ batch: Batch, number: Int) async throws {
        let lines = try LinesWriter<BatchItem>()
        for item in batch.items { lines.append(item) }
        try await store.put(itemsKey(number), lines.finish(), .always)
        try await store.put(requestsKey(number), try gzip(batch.requests), .always)
    }

    func batch(_ number: Int) async throws -> Batch {
        let packed = try await store.get(requestsKey(number), limit: Self.packedLimit)
        return Batch(requests: try gunzip(packed, limit: Self.requestLimit), items: try await items(number))
    }

    func items(_ number: Int) async throws -> [BatchItem] {
        try LinesReader.read(try await store.get(itemsKey(number), limit: Self.packedLimit))
    }

    /// These items and their requests; others are not decoded, and what lies behind them is not unpacked.
    func find(_ ids: Set<String>, inBatch number: Int) async throws -> [(item: BatchItem, request: [UInt8])] {
        let lines = try gunzip(try await store.get(itemsKey(number), limit: Self.packedLimit), limit: LinesReader.limit)
        let items = try LinesReader.read(consume lines, holding: ids.map { ("product_id", $0) }, as: BatchItem.self).filter { ids.contains($0.id) }
        // A damaged list can say anything.
        let wanted = items.filter { (0...Self.requestLimit).contains($0.offset) && (0...Self.requestLimit).contains($0.length) }
        guard let end = wanted.map({ $0.offset + $0.length }).max() else { return [] }
        let requests = try Self.head(of: try await store.get(requestsKey(number), limit: Self.packedLimit), bytes: min(end, Self.requestLimit))
        return wanted.compactMap { item in
            let range = item.offset..<item.offset + item.length
            return range.upperBound <= requests.count ? (item, Array(requests[range])) : nil
        }
    }

    /// Packed bytes that are unpacked between two looks at how much there is.
    private static let piece = 4 << 10
    /// More than is wanted comes out at most by about so much; a reservation, not a bound.
    private static let largestGift = 256 << 10

    private static func head(of packed: [UInt8], bytes wanted: Int) throws -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(wanted + largestGift)
        var inflater = try GzipInflater(limit: requestLimit)
        for start in stride(from: 0, to: packed.count, by: piece) where plain.count < wanted {
            try packed[start..<min(start + piece, packed.count)].withUnsafeBytes { bytes in
                try inflater.feed(bytes) { plain.append(contentsOf: $0) }
            }
        }
        return plain
    }

    private func requestsKey(_ number: Int) -> String { "\(folder.key)/batches/\(Parcel.name(ofBatch: number)).json.gz" }
    private func itemsKey(_ number: Int) -> String { "\(folder.key)/batches/\(Parcel.name(ofBatch: number)).items.ndjson.gz" }
}
