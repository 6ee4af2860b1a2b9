/// A web address, judged by its text alone.
enum LinkText {
    /// Why Meta would not take it, or nil.
    static func problem(_ text: String) -> String? {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return "it holds a space or a character that must be percent-encoded" }
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else { return "it does not begin with http:// or https://" }
        guard let host = host(of: text), host.contains("."), !host.hasPrefix("."), !host.hasSuffix("."), !host.contains("..") else {
            return "it has no host"
        }
        return nil
    }

    /// Whether there is nothing behind the host (Meta's error type PRODUCT_URL_EQUALS_DOMAIN).
    static func isHomePage(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        return text[scheme.upperBound...].split(separator: "/", omittingEmptySubsequences: true).count < 2
    }

    /// Lower-case host without port and user, nil if there is none.
    static func host(of text: String) -> String? {
        guard let scheme = text.firstRange(of: "://") else { return nil }
        let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let host = (authority.split(separator: "@").last ?? "").prefix { $0 != ":" }
        return host.isEmpty ? nil : host.lowercased()
    }
}
