public import Events

/// How times and products are shown to people, on pages and in text. JSON knows nothing of it.
public struct Presentation: Sendable {
    public var zone: ZoneRules
    public var productLink: ProductLink?
    /// The address of the page on this server that tells what became of a product; nil in a report that stands alone.
    public var tracePath: (@Sendable (String) -> String)?

    public init(zone: ZoneRules = .utc, productLink: ProductLink? = nil, tracePath: (@Sendable (String) -> String)? = nil) {
        self.zone = zone
        self.productLink = productLink
        self.tracePath = tracePath
    }
}

/// The address of a product in the shop's own back office, such as `https://admin.shop.example/products/{id}`.
public struct ProductLink: Sendable, Equatable {
    private let before: String
    private let after: String

    private static let hole = "{id}"

    /// Nil: no `http://` or `https://` address with one `{id}` behind its host.
    public init?(_ template: String) {
        let parts = template.split(separator: Self.hole, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, template.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "<") }) else { return nil }
        let lower = parts[0].lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix),
            let slash = lower.dropFirst(scheme.count).firstIndex(where: { "/?#".contains($0) }), slash > lower.dropFirst(scheme.count).startIndex
        else { return nil }
        before = parts[0]
        after = parts[1]
    }

    /// With everything of the id percent-encoded but letters, digits, `-`, `.`, `_` and `~` (RFC 3986, section 2.3), so that no id can name
    /// another host, path or query.
    public func address(of id: String) -> String { before + PercentEncoded.text(id) + after }
}

/// Percent-encoding of everything but the unreserved characters (RFC 3986, section 2.3).
public enum PercentEncoded {
    public static func text(_ text: String) -> String {
        var encoded = ""
        let digits = Array("0123456789ABCDEF")
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return encoded
    }
}
