/// The hosts that an encoded item leads to, lower case, without a port: of its link, and of its first picture.
public struct ItemHosts: Sendable {
    public private(set) var hosts: [String] = []
    /// Texts of the hosts found last: a shop has one or two, so most items make none.
    private var known: [ArraySlice<UInt8>: String] = [:]

    /// Hosts remembered.
    private static let most = 64
    private static let openings: [[UInt8]] = [",\"link\":\"", ",\"image_link\":\"", ",\"image\":[{\"url\":\""].map { Array($0.utf8) }
    private static let slashes = Array("://".utf8)
    private static let ends = Array("/?#:\"\\".utf8)

    public init() {}

    /// Reads them from Meta's `data` object, as `RowReader.encode` has made it.
    public mutating func read(_ data: [UInt8]) {
        hosts.removeAll(keepingCapacity: true)
        for opening in Self.openings {
            guard let bytes = Self.host(behind: opening, in: data[...]) else { continue }
            let host = text(bytes)
            if !hosts.contains(host) { hosts.append(host) }
        }
    }

    private mutating func text(_ bytes: ArraySlice<UInt8>) -> String {
        if let host = known[bytes] { return host }
        let host = String(decoding: bytes, as: UTF8.self).lowercased()
        if known.count == Self.most { known.removeAll(keepingCapacity: true) }
        // Not the slice: it would keep the whole item.
        known[ArraySlice(Array(bytes))] = host
        return host
    }

    /// Inside a text every quote is escaped, so an opening is found at its own place only.
    private static func host(behind opening: [UInt8], in data: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let value = place(behind: opening, in: data), let start = place(behind: slashes, in: data[value...].prefix(schemeLimit)) else { return nil }
        let rest = data[start...]
        let host = rest[..<(rest.firstIndex(where: ends.contains) ?? rest.endIndex)]
        return host.isEmpty ? nil : host
    }

    /// Bytes of a scheme and what stands between it and the host.
    private static let schemeLimit = 16

    private static func place(behind needle: [UInt8], in data: ArraySlice<UInt8>) -> Int? {
        guard let first = needle.first, data.count >= needle.count else { return nil }
        var start = data.startIndex
        while let found = data[start...].firstIndex(of: first) {
            if data[found...].starts(with: needle) { return found + needle.count }
            start = found + 1
        }
        return nil
    }
}
