import Cryptography
public import Engine
public import Events
import FoundationEssentials
public import ObjectStore

/// A person's word that products are to be sent once more, as they were sent last. The next run takes it, like a file of the landing zone.
public struct ResendRequest: Sendable, Equatable, Codable {
    /// Made of what is asked for, and when: a run that has taken a request takes away that one, and none that came since.
    public internal(set) var id: String
    public var pipeline: String
    /// All products in these states when the run takes the request.
    public var states: [SubjectState]
    /// And these, by id.
    public var products: [String]
    public var author: String
    public var reason: String
    public var at: Timestamp

    /// Products that can be named one by one.
    public static let mostProducts = 1_000
    /// States whose products can be sent: of one that was rejected the newest row is not valid, and the row before it must not win.
    public static let sendable: Set<SubjectState> = [.accepted, .refused, .unknown]

    public init(pipeline: String, states: Set<SubjectState>, products: [String], author: String, reason: String, at: Timestamp) {
        self.pipeline = pipeline
        self.states = states.intersection(Self.sendable).sorted { $0.rawValue < $1.rawValue }
        self.products = Array(Set(products)).sorted()
        self.author = author
        self.reason = reason
        self.at = at
        let words = [at.rfc3339] + self.states.map(\.rawValue) + ["/"] + self.products.map { "\($0.utf8.count):\($0)" }
        id = String(sha256Hex(Array(words.joined(separator: " ").utf8)).prefix(16))
    }

    /// `refused, SKU-1`
    public var words: String {
        let named = products.count > 5 ? products.prefix(5) + ["and \(products.count - 5) more"] : products[...]
        return (states.map(\.rawValue) + named).joined(separator: ", ")
    }
}

/// Requests that wait, as objects of the synced store: `<pipeline>/resend/<id>.json`. They outlive the ledger.
public struct ResendShelf: Sendable {
    private let store: any ObjectStore
    private let pipeline: String

    /// Bytes: a thousand ids fit.
    private static let limit = 4 << 20

    public init(store: any ObjectStore, pipeline: String) {
        self.store = store
        self.pipeline = pipeline
    }

    private var prefix: String { pipeline + "/resend/" }
    private func key(_ id: String) -> String { prefix + id + Self.suffix }
    private static let suffix = ".json"

    /// Products that several requests ask for travel once.
    public func put(_ request: ResendRequest) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try await store.put(key(request.id), [UInt8](try encoder.encode(request)) + [UInt8(ascii: "\n")], .always)
    }

    /// Oldest first. Each under the name of its object, whatever somebody has written into it.
    public func waiting() async throws -> [ResendRequest] {
        var found: [ResendRequest] = []
        for object in try await store.list(prefix: prefix) where object.key.hasSuffix(Self.suffix) {
            let bytes = try await store.get(object.key, limit: Self.limit)
            do {
                var request = try JSONDecoder().decode(ResendRequest.self, from: Data(bytes))
                request.id = String(object.key.dropFirst(prefix.count).dropLast(Self.suffix.count))
                found.append(request)
            } catch {
                throw StoreError(
                    .changed, culprit: store.location + "/" + object.key, detail: "the request to send products again cannot be read",
                    remedy: "Delete it and ask again: vitrine resend …")
            }
        }
        return found.sorted { ($0.at, $0.id) < ($1.at, $1.id) }
    }

    func remove(_ id: String) async throws { try await store.delete(key(id)) }
}
