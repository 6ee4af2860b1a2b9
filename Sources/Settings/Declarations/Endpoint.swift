/// The parts of a URL that settings judge.
struct Endpoint: Equatable {
    let scheme: String
    /// In lower case, an IPv6 address without its brackets.
    let host: String
    let hasUserInfo: Bool

    init?(_ text: String) {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        scheme = parts[0].lowercased()
        let authority = parts[1].prefix { !"/?#".contains($0) }
        let at = authority.lastIndex(of: "@")
        hasUserInfo = at != nil
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        if place.hasPrefix("[") {
            guard let end = place.firstIndex(of: "]") else { return nil }
            host = place[place.index(after: place.startIndex)..<end].lowercased()
        } else {
            let pieces = place.split(separator: ":", omittingEmptySubsequences: false)
            guard pieces.count <= 2, pieces.count < 2 || UInt16(pieces[1]) != nil else { return nil }
            host = pieces[0].lowercased()
        }
        guard !host.isEmpty else { return nil }
    }

    /// `localhost`, 127.0.0.0/8 and ::1. A name that merely begins with 127 is not this machine.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }
}
