import Foundation

/// A JSON value to look into.
struct JSON {
    let value: Any

    subscript(_ path: String) -> JSON {
        path.split(separator: ".").reduce(self) { found, key in
            if let index = Int(key) {
                let list = found.value as? [Any] ?? []
                return JSON(value: list.indices.contains(index) ? list[index] : JSON.missing)
            }
            return JSON(value: (found.value as? [String: Any])?[String(key)] ?? JSON.missing)
        }
    }

    /// Neither null nor any value a test looks for.
    private struct Missing: Sendable {}
    private static let missing = Missing()

    var text: String? { value as? String }
    var number: Int? { (value as? NSNumber)?.intValue }
    var flag: Bool? { value as? Bool }
    var isNull: Bool { value is NSNull }
    var keys: Set<String>? { (value as? [String: Any]).map { Set($0.keys) } }
    var elements: [JSON] { (value as? [Any] ?? []).map(JSON.init) }
}
