/// Host and port of a call, from its URL. Source: OpenTelemetry semantic conventions, `server.address` and `server.port`.
struct CallPlace: Equatable {
    /// Of IPv6 without brackets.
    let host: String
    let port: Int

    /// Nil for what is no URL of HTTP.
    init?(_ url: String) {
        let usual: Int
        let rest: Substring
        if url.hasPrefix("https://") { (usual, rest) = (443, url.dropFirst(8)) } else if url.hasPrefix("http://") { (usual, rest) = (80, url.dropFirst(7)) } else { return nil }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let end = authority.first == "[" ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
        let name = authority[..<(end ?? authority.endIndex)].filter { $0 != "[" && $0 != "]" }
        guard !name.isEmpty else { return nil }
        host = String(name)
        port = end.flatMap { Int(authority[$0...].dropFirst()) } ?? usual
    }
}
