import Cryptography
import Events

/// Who may look. Knows only digests of the secrets; two digests are compared in a time that says nothing of where they differ.
struct Gatekeeper: Sendable {
    private let bearer: [UInt8]?
    private let basic: [UInt8]?

    /// - Parameter login: a name without a colon, and its password.
    init(token: Secret? = nil, login: (user: String, password: Secret)? = nil) {
        bearer = token.map { Self.digest(Array($0.reveal().utf8)) }
        basic = login.map { Self.digest(Array("\($0.user):\($0.password.reveal())".utf8)) }
    }

    var isOpen: Bool { bearer == nil && basic == nil }

    /// - Parameter authorization: the header, as it came.
    func admits(_ authorization: String?) -> Bool {
        if isOpen { return true }
        guard let authorization else { return false }
        let halves = authorization.split(separator: " ", maxSplits: 1)
        guard halves.count == 2 else { return false }
        let given = halves[1].drop { $0 == " " }
        switch halves[0].lowercased() {
        case "bearer": return bearer.map { Self.areEqual($0, Self.digest(Array(given.utf8))) } ?? false
        case "basic": return basic.flatMap { known in Base64.bytes(of: given).map { Self.areEqual(known, Self.digest($0)) } } ?? false
        default: return false
        }
    }

    /// For `WWW-Authenticate`.
    var challenges: [String] {
        (bearer == nil ? [] : [#"Bearer realm="vitrine""#]) + (basic == nil ? [] : [#"Basic realm="vitrine", charset="UTF-8""#])
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        return hasher.finishBytes()
    }

    /// Looks at every byte, whatever it finds.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// RFC 4648, 4; the padding may be missing.
enum Base64 {
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
            guard let value = value(of: byte) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return count == 6 ? nil : bytes
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
