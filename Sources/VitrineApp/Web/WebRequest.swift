/// A request as the routing sees it, freed of the HTTP server.
struct WebRequest: Sendable {
    var method = "GET"
    /// As it came: `/metrics?x=1`.
    var target: String
    var accept: String?
    var acceptEncoding: String?
    var authorization: String?
    /// Of the other end of the connection, without its port; nil where there is none to be known.
    var remote: String?
    /// Bytes; nil where the length is not known before.
    var bodyLength: Int? = 0

    var path: String { String(target.prefix { $0 != "?" && $0 != "#" }) }

    /// Nil where its path is no text or no path.
    var page: PageRequest? {
        guard let path = PercentDecoding.text(of: path), path.hasPrefix("/"), !path.contains("\0") else { return nil }
        var query: [String: String] = [:]
        for pair in target.dropFirst(self.path.count + 1).prefix(while: { $0 != "#" }).split(separator: "&").prefix(Self.mostFields) {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = halves.map { PercentDecoding.text(of: $0.replacing("+", with: " ")) }
            guard let name = texts[0], let value = texts.count == 2 ? texts[1] : "" else { continue }
            if query[name] == nil { query[name] = value }
        }
        return PageRequest(path: path, query: query)
    }

    /// Fields of a query that are read.
    private static let mostFields = 32
}

/// `%41` to `A` (RFC 3986, 2.1).
enum PercentDecoding {
    /// Nil where an escape is no escape, or what comes out is no UTF-8.
    static func text(of escaped: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(escaped.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
