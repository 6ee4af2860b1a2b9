/// One mail for one server: who it is from, who it is for, and its bytes (RFC 5322, lines ended by CR LF).
public struct MailEnvelope: Sendable {
    /// How a connection is protected. `smtps://` is always TLS.
    public enum Security: Sendable {
        /// STARTTLS, or no mail is sent.
        case required
        /// As `required`, but a server on this machine (`localhost`, `127.0.0.0/8`, `::1`) may do without.
        case requiredBeyondLoopback
        /// Never: everyone on the way reads along, the password too.
        case off
    }

    /// `smtp://HOST:PORT` or `smtps://HOST:PORT`, without a user.
    public var server: String
    /// Bare addresses such as `ops@shop.example`: no name, no angle brackets.
    public var from: String
    public var to: [String]
    public var message: [UInt8]
    public var security: Security
    public var user: String?
    /// Goes on the wire, and nowhere else.
    public var password: String?
    /// Certificates to trust, a PEM file. Nil: what the transport trusts.
    public var caFile: String?
    /// For the whole exchange.
    public var timeout: Duration

    /// For one mail.
    public static let receiverLimit = 100

    public init(
        server: String, from: String, to: [String], message: [UInt8], security: Security = .requiredBeyondLoopback, user: String? = nil,
        password: String? = nil, caFile: String? = nil, timeout: Duration = .seconds(10)
    ) {
        self.server = server
        self.from = from
        self.to = to
        self.message = message
        self.security = security
        self.user = user
        self.password = password
        self.caFile = caFile
        self.timeout = timeout
    }
}

/// Why a mail was not taken. Holds no password and no text of the mail.
public struct MailError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Who was called and what was seen, such as `smtp://127.0.0.1:2525: Login denied`.
    public var culprit: String
    public var remedy: String
    /// The server's last answer, such as 550; 0 where there was none.
    public var status: Int
    /// The same mail will not be taken later either, unless somebody changes something.
    public var isFinal: Bool

    public var description: String { "\(culprit); \(remedy)" }
}

/// Sends a mail. The seam where tests put in their own server.
public protocol MailTransport: Sendable {
    /// Returns once the server has taken it for every receiver. Never retries.
    func send(_ mail: MailEnvelope) async throws(MailError)
}
