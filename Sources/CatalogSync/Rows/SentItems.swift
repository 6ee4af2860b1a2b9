public import Engine
import Events
import Gzip
public import ObjectStore

/// What was sent for products, read back from the batch objects that runs keep in the synced store.
public struct SentItems: Sendable {
    private let store: any ObjectStore
    private let pipeline: String

    public init(store: any ObjectStore, pipeline: String) {
        self.store = store
        self.pipeline = pipeline
    }

    /// One batch of one run.
    public struct Place: Hashable, Sendable {
        public let runID: String
        /// 1-based.
        public let batch: Int
        let folder: String

        /// Nil where the delivery names no parcel.
        public init?(_ delivery: Delivery, pipeline: String) {
            guard let name = delivery.parcel, let batch = Parcel.batch(ofName: name) else { return nil }
            runID = delivery.runID
            self.batch = batch
            folder = RunFolder(pipeline: pipeline, runID: delivery.runID, startedAt: delivery.runStartedAt).key
        }

        var runFolder: RunFolder { RunFolder(key: folder, runID: runID) }
    }

    /// The JSON objects that were sent for these products; a product that is not in the batch is missing. Empty where the batch object is gone:
    /// it is kept for `retention`.
    public func items(_ ids: Set<String>, at place: Place) async throws -> [String: [UInt8]] {
        try await found(ids, at: place).mapValues(\.data)
    }

    struct Found {
        var item: BatchItem
        /// The item's JSON object.
        var data: [UInt8]
    }

    func found(_ ids: Set<String>, at place: Place) async throws -> [String: Found] {
        let items: [(item: BatchItem, request: [UInt8])]
        do {
            items = try await BatchShelf(store: store, folder: place.runFolder).find(ids, inBatch: place.batch)
        } catch let error as StoreError where error.reason == .notFound {
            return [:]
        } catch is GzipError {
            // Damaged: of no more use than one that is gone.
            return [:]
        }
        var found: [String: Found] = [:]
        for (item, request) in items { found[item.id] = Found(item: item, data: Array(request.dropFirst(BatchBuilder.opening.count).dropLast())) }
        return found
    }
}

extension Range<Int> {
    /// Whether so many places, beginning at this one, are all within.
    func contains(_ first: Int, _ count: Int) -> Bool { first >= lowerBound && count >= 0 && first <= upperBound - count }
}

extension Parcel {
    /// `00007ab` travelled with items of batch 7.
    static func batch(ofName name: String) -> Int? { Int(name.prefix { $0.isASCII && $0.isNumber }) }
}
