import Events
import FoundationEssentials
import ObjectStore

/// Says that the ledger in the bucket is, or soon will be, older than the run folders of a pipeline: `behind/<pipeline>.json`. Written before a
/// run begins, taken away once the ledger that knows of its end is back in the bucket. Who finds it reads the runs in between back.
struct LedgerBehind: Codable, Equatable {
    var since: Timestamp
    /// Keys of run folders that were open then: their ends can be news too, however old they are.
    var folders: [String]
    /// `host:pid`
    var process: String

    static func key(_ pipeline: String) -> String { "behind/\(pipeline).json" }
    /// Bytes; some ten thousand open runs.
    private static let limit = 4 << 20

    /// Nil where there is none. - Returns: it, and its version or an earlier one: who deletes that takes away nothing that was not read.
    static func read(_ pipeline: String, in store: S3Store) async throws -> (mark: LedgerBehind, revision: String)? {
        guard let info = try await store.info(key(pipeline)) else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try await store.get(key(pipeline), limit: limit)
        } catch {
            if error.reason == .notFound { return nil }
            throw error
        }
        do {
            return (try JSONDecoder().decode(LedgerBehind.self, from: Data(bytes)), info.revision)
        } catch {
            throw StoreError(
                .changed, culprit: "\(store.location)/\(key(pipeline))", detail: "it cannot be read",
                remedy: "Delete it, then make the ledger anew: vitrine reindex")
        }
    }

    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return [UInt8](try encoder.encode(self))
        }
    }
}
