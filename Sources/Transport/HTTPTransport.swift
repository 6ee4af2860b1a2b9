/// Sends one request and gives back its answer. The seam where tests and the daemon put in their own network.
public protocol HTTPTransport: Sendable {
    /// Returns any answer, whatever its status. Never retries: whether a request may be sent twice is the caller's knowledge.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// What the observer of a transport is told after each transfer. Holds no path, no query, no header and no body, so it may be logged.
public struct HTTPExchange: Sendable {
    public let api: String
    public let method: HTTPRequest.Method
    /// Scheme, host and port, such as `https://graph.facebook.com`.
    public let origin: String
    /// Nil where no whole answer came.
    public let status: Int?
    public let failure: TransportError.Reason?
    public let timings: HTTPTimings

    /// The label `outcome` of the request metrics: `2xx` … `5xx`, or the reason for having no answer.
    public var outcome: String {
        if let failure { return failure.label }
        return "\((status ?? 0) / 100)xx"
    }

    /// Every value `outcome` can have, so that the series can be created at zero.
    public static let outcomes = ["2xx", "3xx", "4xx", "5xx"] + TransportError.Reason.labels
}
