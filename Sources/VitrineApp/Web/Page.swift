/// A request for a page, freed of the HTTP server: what the status page needs to know and no more.
public struct PageRequest: Sendable, Equatable {
    /// Decoded, without the query; begins with `/`.
    public let path: String
    /// Decoded. Of a name that comes twice the first counts.
    public let query: [String: String]

    public init(path: String, query: [String: String] = [:]) {
        self.path = path
        self.query = query
    }
}

/// The whole answer. Its length, and what HEAD leaves away, are the server's business.
public struct PageResponse: Sendable {
    /// An HTTP status, 200...599.
    public let status: Int
    /// Such as `text/html; charset=utf-8`.
    public let contentType: String
    /// Others beside `Content-Type` and `Content-Length`, such as `Cache-Control`.
    public let headers: [(String, String)]
    public let body: [UInt8]

    public init(status: Int = 200, contentType: String, headers: [(String, String)] = [], body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }
}

/// Answers GET requests for pages. Asked after the server's own addresses (`/metrics`, `/healthz`, `/readyz`), and only by who may see them.
public protocol PageResponder: Sendable {
    /// Nil: no page of this name, which becomes a 404.
    func respond(to request: PageRequest) async -> PageResponse?
}
