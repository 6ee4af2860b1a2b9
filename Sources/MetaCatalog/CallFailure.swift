public import Transport

/// What to do about a failed call. The list is closed: it is the retry decision and the metric label.
public enum FailureKind: String, Sendable, CaseIterable {
    /// A quota is used up: wait `regainAccess`, then go on.
    case throttled
    /// Meta is unwell: the same call may succeed shortly.
    case transient
    /// The request is too large: cut the batch.
    case tooLarge = "too_large"
    /// The token is not valid: stop and tell people.
    case authentication
    /// The token is valid and may not do this: stop and tell people.
    case permission
    /// The request as a whole is wrong, whatever its items: stop.
    case badRequest = "bad_request"
    /// Some item of the batch makes Meta refuse all of it: halve until it is found.
    case dataRefused = "data_refused"
    /// The API version is no longer served: settings.
    case versionRetired = "version_retired"
    /// The request may have arrived, its answer did not: its items are neither accepted nor refused. A poll is simply asked again.
    case lostAnswer = "lost_answer"
    /// The request cannot have arrived.
    case unreachable
    /// An answer that is not what the API promises, with a status that says success.
    case malformedAnswer = "malformed_answer"
    case cancelled
}

/// Why a call got no usable answer. Never holds the token, the secret or the proof.
public struct CallFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public var kind: FailureKind
    /// Meta's `code` and `error_subcode`.
    public var code: Int?
    public var subcode: Int?
    /// Meta's `message`, or what was seen instead of one.
    public var message: String
    /// Meta's `error_user_title` and `error_user_msg`, written for people.
    public var userMessage: String?
    public var fbtraceID: String?
    /// Nil where no answer came.
    public var httpStatus: Int?
    /// How long Meta asks to wait before the next call. Nil: it did not say.
    public var regainAccess: Duration?
    /// Why no whole answer came, where that is the failure.
    public var transport: TransportError.Reason?
    /// True where Meta may have taken the batch although no verdict came: a lost or unreadable answer, a gateway's error, an error Meta
    /// itself calls unknown. False where it refused, or cannot have got it, and for a call that carries no items.
    public var requestMayHaveArrived: Bool
    public var usage: [UsageReading]
    /// What failed, in plain words.
    public var culprit: String
    /// What an operator can do next.
    public var remedy: String

    public init(
        kind: FailureKind, code: Int? = nil, subcode: Int? = nil, message: String, userMessage: String? = nil, fbtraceID: String? = nil,
        httpStatus: Int? = nil, regainAccess: Duration? = nil, transport: TransportError.Reason? = nil,
        requestMayHaveArrived: Bool = false, usage: [UsageReading] = [], culprit: String, remedy: String
    ) {
        self.kind = kind
        self.code = code
        self.subcode = subcode
        self.message = message
        self.userMessage = userMessage
        self.fbtraceID = fbtraceID
        self.httpStatus = httpStatus
        self.regainAccess = regainAccess
        self.transport = transport
        self.requestMayHaveArrived = requestMayHaveArrived
        self.usage = usage
        self.culprit = culprit
        self.remedy = remedy
    }

    public var description: String { "\(culprit): \(message); \(remedy)" }
}
