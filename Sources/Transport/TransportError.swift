/// Why a request got no whole answer. Holds no path, no query and no header: it may be logged.
public struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        /// The host name has no address.
        case resolve
        /// No connection to the peer.
        case connect
        /// The peer's certificate is not trusted, or TLS could not be agreed on.
        case tls
        /// The named time ran out, in whatever phase.
        case timeout
        /// The connection was closed or reset before the first byte of an answer.
        case closedBeforeAnswer
        /// The connection broke within the answer.
        case partialAnswer
        /// The answer is larger than the request's `answerLimit`, or its headers than `TransportConfiguration.headerLimit`.
        case tooLarge
        /// The peer does not speak HTTP.
        case notHTTP
        case badURL
        /// A header name or value that must not go on the wire.
        case badHeader
        /// `http://` to a host where only `https://` is allowed.
        case refusedPlainHTTP
        case proxy
        /// The task was cancelled or the transport shut down.
        case cancelled
        /// The file to send from could not be read, or the one to write to is full or broken.
        case localFile
        /// More requests wait than `TransportConfiguration.maxWaitingRequests`.
        case queueFull
        /// Any other failure, with libcurl's number (man page libcurl-errors).
        case other(curlCode: Int)

        /// A stable word for metrics and logs.
        public var label: String {
            switch self {
            case .resolve: "resolve"
            case .connect: "connect"
            case .tls: "tls"
            case .timeout: "timeout"
            case .closedBeforeAnswer: "closed_before_answer"
            case .partialAnswer: "partial_answer"
            case .tooLarge: "too_large"
            case .notHTTP: "not_http"
            case .badURL: "bad_url"
            case .badHeader: "bad_header"
            case .refusedPlainHTTP: "refused_plain_http"
            case .proxy: "proxy"
            case .cancelled: "cancelled"
            case .localFile: "local_file"
            case .queueFull: "queue_full"
            case .other: "other"
            }
        }

        static let labels =
            ([
                .resolve, .connect, .tls, .timeout, .closedBeforeAnswer, .partialAnswer, .tooLarge, .notHTTP, .badURL, .badHeader,
                .refusedPlainHTTP, .proxy, .cancelled, .localFile, .queueFull, .other(curlCode: 0),
            ] as [Reason]).map(\.label)

        /// Whether the same request may succeed later without anyone changing anything.
        public var isTransient: Bool {
            switch self {
            case .resolve, .connect, .timeout, .closedBeforeAnswer, .partialAnswer, .proxy, .queueFull, .other: true
            case .tls, .tooLarge, .notHTTP, .badURL, .badHeader, .refusedPlainHTTP, .cancelled, .localFile: false
            }
        }
    }

    public var reason: Reason
    /// Who called whom and what was seen, such as `meta-batch: POST https://graph.facebook.com: connection refused`.
    public var culprit: String
    /// What an operator can do next.
    public var remedy: String
    /// True where the whole request was sent, so the peer may have acted on it although no answer came. False where it cannot have: no
    /// connection, or a body cut short.
    public var requestMayHaveArrived: Bool

    public init(reason: Reason, culprit: String, remedy: String, requestMayHaveArrived: Bool) {
        self.reason = reason
        self.culprit = culprit
        self.remedy = remedy
        self.requestMayHaveArrived = requestMayHaveArrived
    }

    public var description: String { "\(culprit); \(remedy)" }
}
