/// The hosts that an encoded item leads to: of every text in it that is a web address, pictures included. As they are sent: lower case, `xn--` where
/// they are not ASCII, without user, password and port.
public struct ItemHosts: Sendable {
    public private(set) var hosts: [String] = []
    /// Texts of the hosts found last: a shop has one or two, so most items make none.
    private var known: [[UInt8]: String] = [:]

    /// Hosts remembered.
    private static let most = 64

    public init() {}

    /// Reads them from Meta's `data` object, as `RowReader.encode` has made it.
    public mutating func read(_ data: [UInt8]) {
        hosts.removeAll(keepingCapacity: true)
        let colon = UInt8(ascii: ":"), slash = UInt8(ascii: "/")
        var place = 4
        while place + 2 < data.count, let found = data[place...].firstIndex(of: colon) {
            place = found + 1
            guard found + 2 < data.count, data[found + 1] == slash, data[found + 2] == slash, Self.beginsText(data, before: found) else { continue }
            let host = Self.host(in: data, from: found + 3)
            if !host.isEmpty { add(host) }
            place = host.endIndex
        }
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        let host = text(bytes)
        if !hosts.contains(host) { hosts.append(host) }
    }

    private mutating func text(_ bytes: ArraySlice<UInt8>) -> String {
        let key = Array(bytes)
        if let host = known[key] { return host }
        let name = String(decoding: key, as: UTF8.self)
        let host = Punycode.host(name) ?? name.lowercased()
        if known.count == Self.most { known.removeAll(keepingCapacity: true) }
        known[key] = host
        return host
    }

    /// `"http` or `"https` in front of the colon: a text of the object begins there. What a description says further on leads nobody anywhere.
    private static func beginsText(_ data: [UInt8], before colon: Int) -> Bool {
        for scheme in schemes where colon > scheme.count + 1 && data[colon - scheme.count - 1] == UInt8(ascii: "\"") {
            // A quote inside a text is escaped.
            guard data[colon - scheme.count - 2] != UInt8(ascii: "\\") else { return false }
            if zip(scheme, data[(colon - scheme.count)..<colon]).allSatisfy({ $0 == $1 | 0x20 }) { return true }
        }
        return false
    }

    private static let schemes = [Array("https".utf8), Array("http".utf8)]

    /// What stands before an `@` is a name and a password, and leads nowhere.
    private static func host(in data: [UInt8], from start: Int) -> ArraySlice<UInt8> {
        let ends = data[start...].firstIndex { endings.contains($0) } ?? data.endIndex
        let authority = data[start..<ends]
        let host = authority.lastIndex(of: UInt8(ascii: "@")).map { authority[($0 + 1)...] } ?? authority
        return host[..<(host.firstIndex(of: UInt8(ascii: ":")) ?? host.endIndex)]
    }

    private static let endings = Array("/?#\"\\".utf8)

    /// As an item would carry it; nil for what is no host: with a scheme, port, path or star.
    public static func normal(_ name: String) -> String? {
        guard !name.isEmpty, !name.contains(where: { "/:@*? \"".contains($0) }) else { return nil }
        return Punycode.host(name)
    }
}
