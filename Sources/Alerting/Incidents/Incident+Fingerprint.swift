import Cryptography
import Events

extension Incident {
    /// The first 16 hex digits of SHA-256 over both names, each led by its length, so that no two pairs run together.
    public static func fingerprint(pipeline: String, rule: String) -> String {
        let text = "\(pipeline.utf8.count):\(pipeline)\(rule.utf8.count):\(rule)"
        return String(sha256Hex(Array(text.utf8)).prefix(16))
    }

    /// The same length for every family, whatever its key.
    static func mark(of family: ErrorFamily) -> String { String(sha256Hex(Array(family.key.utf8)).prefix(16)) }

    /// Of one occurrence, from its opening to its end: a thread of mail.
    public var thread: String { "\(fingerprint)-\(openSince.nanoseconds / 1_000_000)" }
}
