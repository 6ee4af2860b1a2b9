/// A request as the model sees it: no sockets, no streams.
struct SandboxRequest: Sendable {
    var method: String
    /// Without the query; not percent-decoded (no segment of Meta's needs it).
    var path: String
    var query: [String: String] = [:]
    var authorization: String?
    var contentType: String?
    var contentEncoding: String?
    var body: [UInt8] = []
    /// Size that was sent; larger than `body` if the server stopped keeping it at the limit.
    var bodyBytes = 0
}
