import CLibCurl

/// Where a request goes, and that it may go there. Checked with libcurl's own URL parser, so that what is checked is what is called.
struct RequestTarget: Sendable {
    let isPlain: Bool
    let host: String
    /// Scheme, host and port where it is not the usual one: all of a URL that may stand in logs.
    let origin: String

    init(_ request: HTTPRequest) throws(TransportError) {
        guard let parts = URLParts(request.url) else {
            throw TransportError(
                reason: .badURL, culprit: "\(request.api): the URL is not valid, or holds a user name",
                remedy: "give an absolute URL such as https://graph.facebook.com/v26.0", requestMayHaveArrived: false)
        }
        host = parts.host
        origin = "\(parts.scheme)://\(parts.host)" + (parts.port.map { ":\($0)" } ?? "")
        switch parts.scheme {
        case "https": isPlain = false
        case "http": isPlain = true
        default:
            throw TransportError(
                reason: .badURL, culprit: "\(request.api): the URL scheme `\(parts.scheme)` is not served", remedy: "use https",
                requestMayHaveArrived: false)
        }
        guard !isPlain || request.plainHTTP == .anyHost || Self.isLoopback(host) else {
            throw TransportError(
                reason: .refusedPlainHTTP, culprit: "\(request.api): \(origin) is not encrypted",
                remedy: "use https; plain http is allowed to localhost, 127.0.0.0/8 and [::1] only", requestMayHaveArrived: false)
        }
        try Self.check(request.headers, api: request.api)
    }

    /// Of a mail server.
    init(mailServer url: String) throws(TransportError) {
        guard let parts = URLParts(url), ["smtp", "smtps"].contains(parts.scheme) else {
            throw TransportError(
                reason: .badURL, culprit: "the mail server's URL is not valid, or holds a user name", remedy: "write smtp://HOST:PORT or smtps://HOST:PORT",
                requestMayHaveArrived: false)
        }
        isPlain = parts.scheme == "smtp"
        host = parts.host
        origin = "\(parts.scheme)://\(parts.host)" + (parts.port.map { ":\($0)" } ?? "")
    }

    /// - Parameter host: as libcurl's parser gives it: IPv4 numbers in any base are already dotted, IPv6 stands in brackets. It
    ///   answers `localhost` itself, without asking a name server (since 7.77).
    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// libcurl passes line breaks in header values on, which would let a value add headers or a whole request.
    private static func check(_ headers: [(name: String, value: String)], api: String) throws(TransportError) {
        for (name, value) in headers {
            let nameIsToken = !name.isEmpty && name.utf8.allSatisfy(isTokenByte)
            let valueIsText = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == UInt8(ascii: "\t") }
            guard nameIsToken, valueIsText else {
                throw TransportError(
                    reason: .badHeader, culprit: "\(api): the header `\(nameIsToken ? name : "?")` holds a control character or a name that is no token",
                    remedy: "check the secret or setting it is made from for a line break at its end", requestMayHaveArrived: false)
            }
        }
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// The parts of a URL as libcurl reads them. Nil for what it would refuse, and for a URL with credentials.
private struct URLParts {
    let scheme: String
    let host: String
    let port: String?

    init?(_ url: String) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle), let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.host = host
        port = Self.part(CURLUPART_PORT, of: handle)
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
