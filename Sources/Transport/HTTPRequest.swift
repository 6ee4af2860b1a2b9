/// One HTTP request. A value: sending it again needs no copy of the body, since arrays share their storage.
public struct HTTPRequest: Sendable {
    public enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// Where a request may go without TLS.
    public enum PlainHTTP: Sendable {
        /// `localhost`, `127.0.0.0/8` and `::1` only.
        case loopback
        /// Any host. For peers that offer nothing else inside a private network, such as instance metadata or a Pushgateway.
        case anyHost
    }

    public static let defaultTimeout = Duration.seconds(60)
    public static let defaultConnectTimeout = Duration.seconds(5)
    /// 64 MiB.
    public static let defaultAnswerLimit = 64 << 20

    public var method: Method
    /// `https://…`, with query. Must not hold a user name or a password.
    public var url: String
    /// Names as they go on the wire. A value with a line break is refused (`TransportError.Reason.badHeader`).
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]?
    /// In place of `body`: sent from a file, piece by piece.
    public var bodyFile: FileRange?
    /// Where the answer's body goes in place of `HTTPResponse.body`.
    public var answerFile: AnswerFile?
    /// From the start of the transfer (the wait in our own queue is not counted) to the last byte of the answer.
    public var timeout: Duration
    /// For name, connection and TLS together.
    public var connectTimeout: Duration
    /// The longest time without a single byte in either direction, whole seconds. Nil: only `timeout` bounds the transfer. For large bodies,
    /// whose time nobody can know.
    public var stallTimeout: Duration?
    /// Past any proxy, straight to the host: for what only this machine or its network can answer. Plain HTTP never takes a proxy.
    public var bypassesProxy = false
    /// Most bytes of answer body to take; one more is `.tooLarge`.
    public var answerLimit: Int
    public var plainHTTP: PlainHTTP
    /// Who calls, such as `meta-batch`: the label `api` of the request metrics. A constant of the code, never a value from outside.
    public var api: String

    public init(
        _ method: Method, _ url: String, api: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration = HTTPRequest.defaultTimeout, connectTimeout: Duration = HTTPRequest.defaultConnectTimeout,
        answerLimit: Int = HTTPRequest.defaultAnswerLimit, plainHTTP: PlainHTTP = .loopback
    ) {
        self.method = method
        self.url = url
        self.api = api
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.answerLimit = answerLimit
        self.plainHTTP = plainHTTP
    }

    /// The URL with no value of its query, for logs and spans: any of them may be a key.
    public var redactedURL: String {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return url }
        let names = parts[1].split(separator: "&").map { $0.prefix { $0 != "=" } + "=REDACTED" }
        return parts[0] + "?" + names.joined(separator: "&")
    }

    /// Throws what sending it would be refused for before anything goes out: a URL that is none, a way without TLS, a header that holds a line break.
    public func check() throws(TransportError) { _ = try RequestTarget(self) }
}
