public import Events
import FoundationEssentials
public import ObjectStore

/// A person's word that a pipeline is not to start: who said it, why, and until when. A run in progress goes on to its end.
public struct Pause: Sendable, Equatable, Codable {
    public var pipeline: String
    public var author: String
    public var reason: String
    public var since: Timestamp
    /// Nil: until somebody resumes it.
    public var until: Timestamp?

    public init(pipeline: String, author: String, reason: String, since: Timestamp, until: Timestamp?) {
        self.pipeline = pipeline
        self.author = author
        self.reason = reason
        self.since = since
        self.until = until
    }

    public func isInForce(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }

    /// `paused by ana since … until …: stock-taking`
    public var words: String {
        "paused by \(author) since \(since.rfc3339) \(until.map { "until \($0.rfc3339)" } ?? "until it is resumed"): \(reason)"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(pipeline, forKey: .pipeline)
        try container.encode(author, forKey: .author)
        try container.encode(reason, forKey: .reason)
        try container.encode(since, forKey: .since)
        try container.encode(until, forKey: .until)
    }
}

/// The pauses, one small object for each pipeline in the state folder, so that they hold for every process, and through a loss of the ledger.
public struct PauseBook: Sendable {
    private let store: any ObjectStore

    /// Bytes.
    private static let limit = 64 << 10

    /// - Parameter store: of the state.
    public init(store: any ObjectStore) { self.store = store }

    private static func key(_ pipeline: String) -> String { "paused/\(pipeline).json" }

    /// What is written down, in force or over.
    /// - Throws: `StoreError`. A pause that cannot be read is not taken for none: who paused had a reason.
    public func entry(_ pipeline: String) async throws -> Pause? {
        let key = Self.key(pipeline)
        guard try await store.exists(key) else { return nil }
        let bytes = try await store.get(key, limit: Self.limit)
        do {
            return try JSONDecoder().decode(Pause.self, from: Data(bytes))
        } catch {
            throw StoreError(
                .changed, culprit: store.location + "/" + key, detail: "the pause of \(pipeline) cannot be read",
                remedy: "Write it anew: vitrine pause \(pipeline) --reason TEXT, or delete the file.")
        }
    }

    public func inForce(_ pipeline: String, at now: Timestamp) async throws -> Pause? {
        try await entry(pipeline).flatMap { $0.isInForce(at: now) ? $0 : nil }
    }

    /// Replaces an earlier pause of the pipeline.
    public func write(_ pause: Pause) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try await store.put(Self.key(pause.pipeline), [UInt8](try encoder.encode(pause)) + [UInt8(ascii: "\n")], .always)
    }

    /// Lifting what is not there is no error.
    public func lift(_ pipeline: String) async throws { try await store.delete(Self.key(pipeline)) }
}

extension RunStop {
    /// Why a run of a paused pipeline does not begin.
    public static func paused(_ pause: Pause) -> RunStop {
        RunStop(
            .tryAgainLater, reason: "paused", culprit: pause.pipeline, detail: pause.words,
            remedy: "Wait, or end the pause: vitrine resume \(pause.pipeline) --reason TEXT")
    }
}
