/// A whole answer. Any status is an answer; only a request that got none throws.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// Bytes of the body that went into `HTTPRequest.answerFile`.
    public var storedBytes = 0
    /// The pause the peer asked for (`Retry-After`, seconds or date), at most a day; nil where it did not.
    public var retryAfter: Duration?
    public var timings: HTTPTimings

    public init(
        status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [], retryAfter: Duration? = nil, timings: HTTPTimings = HTTPTimings()
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.retryAfter = retryAfter
        self.timings = timings
    }
}

/// The header fields of an answer, in the order they came. Names are compared without regard to case (RFC 9110, section 5.1).
public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    public private(set) var fields: [(name: String, value: String)]

    public init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }

    public init(dictionaryLiteral elements: (String, String)...) { self.init(elements.map { (name: $0.0, value: $0.1) }) }

    public mutating func append(name: String, value: String) { fields.append((name: name, value: value)) }

    /// The first value of that name.
    public subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Every value of that name, in order.
    public func values(of name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// Where the time of a transfer went. All moments are counted from its start, as libcurl gives them: each includes the ones before it.
public struct HTTPTimings: Sendable, Equatable {
    /// Wait in our own queue, before the start.
    public var queued = Duration.zero
    /// The name was looked up. About zero on a reused connection, like the next two.
    public var nameLookup = Duration.zero
    /// The connection to the peer or proxy stood.
    public var connected = Duration.zero
    /// TLS was agreed on; zero without TLS.
    public var secured = Duration.zero
    /// The first byte of the answer was there.
    public var firstByte = Duration.zero
    /// The transfer had ended.
    public var total = Duration.zero
    public var reusedConnection = false
    /// Bytes of the request's headers and body that were sent.
    public var bytesSent = 0
    /// Bytes of the answer's headers and body that were received.
    public var bytesReceived = 0

    public init() {}
}
