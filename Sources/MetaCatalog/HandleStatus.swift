/// What `check_batch_request_status` says about one handle.
public struct HandleStatus: Sendable, Equatable {
    public enum State: Sendable, Hashable {
        case scheduled, dispatched, started, finished, canceled, error
        /// A word Meta does not document, in lower case. Not final: poll on, up to the deadline.
        case other(String)

        /// - Parameter word: in any case; Meta's pages capitalise, its samples do not.
        public init(word: String) {
            switch word.lowercased() {
            case "scheduled": self = .scheduled
            case "dispatched": self = .dispatched
            case "started": self = .started
            case "finished": self = .finished
            case "canceled": self = .canceled
            case "error": self = .error
            case let unknown: self = .other(unknown)
            }
        }

        public var word: String {
            switch self {
            case .scheduled: "scheduled"
            case .dispatched: "dispatched"
            case .started: "started"
            case .finished: "finished"
            case .canceled: "canceled"
            case .error: "error"
            case .other(let word): word
            }
        }

        /// Whether polling again is pointless.
        public var isFinal: Bool {
            switch self {
            case .finished, .canceled, .error: true
            case .scheduled, .dispatched, .started, .other: false
            }
        }
    }

    /// One entry of `errors` or `warnings`. These lists are samples: the failed items are `invalidIDs`.
    public struct Message: Sendable, Equatable {
        /// As Meta gives it; its base and meaning are not documented, so it is a hint at most.
        public var line: Int?
        public var id: String?
        public var message: String

        public init(line: Int? = nil, id: String? = nil, message: String) {
            self.line = line
            self.id = id
            self.message = message
        }
    }

    public var state: State
    /// Meta's totals: messages, not items.
    public var errorsTotal: Int
    public var warningsTotal: Int
    public var errors: [Message]
    public var warnings: [Message]
    /// The failed items, as sent; Meta repeats an id once for each of its errors.
    public var invalidIDs: [String]
    /// False where the answer has no `ids_of_invalid_requests`. Then, and where it is empty although `errorsTotal` is above 0, which items
    /// failed is not known.
    public var invalidIDsPresent: Bool

    public init(
        state: State, errorsTotal: Int = 0, warningsTotal: Int = 0, errors: [Message] = [], warnings: [Message] = [], invalidIDs: [String] = [],
        invalidIDsPresent: Bool = true
    ) {
        self.state = state
        self.errorsTotal = errorsTotal
        self.warningsTotal = warningsTotal
        self.errors = errors
        self.warnings = warnings
        self.invalidIDs = invalidIDs
        self.invalidIDsPresent = invalidIDsPresent
    }
}

public enum StatusOutcome: Sendable {
    case answered(HandleStatus, CallInfo)
    case failed(CallFailure)
}
