public import Engine
public import Events
import FoundationEssentials
public import ObjectStore

/// A run that waits for a person: which, why, with which files, and what the person said. While it waits no other run of the pipeline begins.
public struct Hold: Sendable, Equatable, Codable {
    /// A person's word on it.
    public struct Release: Sendable, Equatable, Codable {
        public var author: String
        public var reason: String
        public var at: Timestamp

        public init(author: String, reason: String, at: Timestamp) {
            self.author = author
            self.reason = reason
            self.at = at
        }
    }

    public var runID: String
    public var pipeline: String
    public var startedAt: Timestamp
    public var since: Timestamp
    /// What the run was stopped for, in words.
    public var why: String
    public var guards: [GuardFact]
    /// Set: the next run goes past these guards.
    public var release: Release?

    /// Of a run that is held, and of one that does not begin because another is.
    public static let reason = "held"

    enum CodingKeys: String, CodingKey {
        case runID = "run_id"
        case pipeline
        case startedAt = "started_at"
        case since, why, guards, release
    }
}

/// The hold of a pipeline, as an object of the synced store: `<pipeline>/held.json`. It outlives the ledger.
public struct HoldShelf: Sendable {
    private let store: any ObjectStore
    private let pipeline: String

    /// Bytes.
    private static let limit = 4 << 20

    public init(store: any ObjectStore, pipeline: String) {
        self.store = store
        self.pipeline = pipeline
    }

    private var key: String { pipeline + "/held.json" }

    /// Nil: nothing is held, and nothing released that no run has taken up yet.
    /// - Throws: `StoreError`. A hold that cannot be read is not taken for none.
    public func current() async throws -> Hold? {
        guard try await store.exists(key) else { return nil }
        let bytes = try await store.get(key, limit: Self.limit)
        do {
            return try JSONDecoder().decode(Hold.self, from: Data(bytes))
        } catch {
            throw StoreError(
                .changed, culprit: store.location + "/" + key, detail: "the hold of \(pipeline) cannot be read",
                remedy: "Delete it: the next run judges its files anew.")
        }
    }

    /// Why no run begins; nil where one may.
    public func waiting() async throws -> Hold? { try await current().flatMap { $0.release == nil ? $0 : nil } }

    public func put(_ hold: Hold) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try await store.put(key, [UInt8](try encoder.encode(hold)) + [UInt8(ascii: "\n")], .always)
    }

    func remove() async throws { try await store.delete(key) }
}

extension Hold {
    /// `held since …: 62 % of …`
    public var words: String { "run \(runID) is held since \(since.rfc3339): \(why)" }
}

extension RunStop {
    /// Why no run of a pipeline with a held one begins.
    public static func held(_ hold: Hold) -> RunStop {
        RunStop(
            .tryAgainLater, reason: Hold.reason, culprit: hold.pipeline, detail: hold.words,
            remedy: "If it is right: vitrine release \(hold.runID) --reason TEXT. If not: vitrine discard \(hold.runID) --reason TEXT takes its files away.")
    }
}
