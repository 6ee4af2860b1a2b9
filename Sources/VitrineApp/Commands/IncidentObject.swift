import Gzip
import ObjectStore

/// An object of a run folder, for a bundle.
enum IncidentObject {
    case found([UInt8])
    /// Why it is not in the bundle.
    case omitted(String)

    /// Bytes of one object, packed and unpacked.
    private static let largest = 128 << 20

    static func read(_ key: String, in store: any ObjectStore, unpacks: Bool = false) async throws(StoreError) -> IncidentObject {
        let content: [UInt8]
        do throws(StoreError) {
            content = try await store.get(key, limit: largest)
        } catch {
            switch error.reason {
            case .notFound: return .omitted("there is none in the run folder")
            case .tooLarge: return .omitted(tooLarge(key))
            default: throw error
            }
        }
        guard unpacks else { return .found(content) }
        do {
            return .found(try gunzip(content, limit: largest))
        } catch {
            return .omitted(error.reason == .tooLarge ? "unpacked, " + tooLarge(key) : "\(key) cannot be unpacked: \(error.culprit)")
        }
    }

    private static func tooLarge(_ key: String) -> String {
        "it is larger than the \(largest >> 20) MiB that a bundle takes of one object; it lies in the run folder, as \(key)"
    }
}
