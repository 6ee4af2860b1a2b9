public import Engine
public import Events

/// The report of one run. Its field names are the contract's; every field is always present.
public struct SyncReport: Sendable, Equatable, Codable {
    public struct Files: Sendable, Equatable, Codable {
        public var found = 0, taken = 0, rejected = 0, archived = 0
    }

    public struct Batches: Sendable, Equatable, Codable {
        /// Cut; got a handle; ended without one.
        public var prepared = 0, sent = 0, failed = 0
    }

    public struct Handles: Sendable, Equatable, Codable {
        public var finished = 0, failed = 0, timedOut = 0
        enum CodingKeys: String, CodingKey {
            case finished, failed
            case timedOut = "timed_out"
        }
    }

    public struct Requests: Sendable, Equatable, Codable {
        /// Posts of a batch, and those of them that repeated one.
        public var sent = 0, retried = 0
    }

    public struct Refusals: Sendable, Equatable, Codable {
        public struct Example: Sendable, Equatable, Codable {
            public var file: String
            public var row: Int
            public var productID: String
            public var message: String
            /// The batch that brought the verdict, and Meta's receipt for it.
            @Present public var batch: String?
            @Present public var handle: String?
            /// The row it was made of; where that cannot be had any more, what was sent.
            @Present public var original: QuotedRow?
            enum CodingKeys: String, CodingKey {
                case file, row
                case productID = "product_id"
                case message, batch, handle, original
            }
        }

        public var family: String
        public var count: Int
        public var examples: [Example]
        /// Places shown of one family.
        public static let exampleLimit = 5
    }

    public struct Settled: Sendable, Equatable, Codable {
        public var runID: String
        public var state: RunState
        public var rows: Books.Rows
        public var items: Books.Items
        enum CodingKeys: String, CodingKey {
            case runID = "run_id"
            case state, rows, items
        }

        public var isBalanced: Bool { books.balanced }

        var books: Books {
            var books = Books()
            books.rows = rows
            books.items = items
            return books
        }
    }

    public struct Estimate: Sendable, Equatable, Codable {
        public var calls: Int
        public var minutes: Double
    }

    public struct Failure: Sendable, Equatable, Codable {
        public var code: String
        public var reason: String
        public var culprit: String
        public var detail: String
        public var remedy: String

        public init(_ stop: RunStop) {
            self.init(code: stop.code.name, reason: stop.reason, culprit: stop.culprit, detail: stop.detail, remedy: stop.remedy)
        }

        init(_ stop: StopFacts) {
            self.init(code: stop.code.name, reason: stop.reason, culprit: stop.culprit, detail: stop.detail, remedy: stop.remedy)
        }

        init(code: String, reason: String, culprit: String, detail: String, remedy: String) {
            self.code = code
            self.reason = reason
            self.culprit = culprit
            self.detail = detail
            self.remedy = remedy
        }
    }

    public struct RefusedFile: Sendable, Equatable, Codable {
        public var file: String
        public var rule: String
        public var line: Int
        public var message: String
        public var remedy: String
    }

    /// Where the stopped rows of one file lie to be mended.
    public struct RejectedFile: Sendable, Equatable, Codable {
        public var file: String
        public var rows: Int
        /// In the landing zone.
        public var place: String
        /// Files named in one report.
        static let limit = 100
    }

    public var runID: String
    public var pipeline: String
    public var state: RunState
    public var startedAt: Timestamp
    @Present public var endedAt: Timestamp?
    public var durationSeconds: Double
    public var files = Files()
    public var rows = Books.Rows()
    public var items = Books.Items()
    public var batches = Batches()
    public var handles = Handles()
    public var handleErrors = 0
    public var handleWarnings = 0
    public var balanced = true
    public var findings: [FindingSummary] = []
    /// A part of the unchanged rows: what Meta has refused as it is, and nothing has changed since.
    public var stillRefused = 0
    /// A part of the rows read: products that a person wanted sent again, from what was sent last.
    public var resentRows = 0
    public var refusedFiles: [RefusedFile] = []
    public var rejectedFiles: [RejectedFile] = []
    public var refusals: [Refusals] = []
    public var alerts: [String] = []
    public var requests = Requests()
    public var settled: [Settled] = []
    @Present public var estimate: Estimate?
    @Present public var error: Failure?

    public init(runID: String, pipeline: String, state: RunState, startedAt: Timestamp) {
        self.runID = runID
        self.pipeline = pipeline
        self.state = state
        self.startedAt = startedAt
        durationSeconds = 0
    }

    enum CodingKeys: String, CodingKey {
        case runID = "run_id"
        case pipeline, state
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case durationSeconds = "duration_seconds"
        case files, rows, items, batches, handles
        case handleErrors = "handle_errors"
        case handleWarnings = "handle_warnings"
        case balanced, findings
        case stillRefused = "still_refused"
        case resentRows = "resent_rows"
        case refusedFiles = "refused_files"
        case rejectedFiles = "rejected_files"
        case refusals, alerts, requests, settled, estimate, error
    }

    /// What the process says: the worst of this run and of those it settled. Books that do not balance are worse than anything.
    public var exitCode: ExitCode {
        ExitCode.worst([ownExitCode] + settled.map { $0.books.balanced ? $0.state.exitCode : .internalError })
    }

    private var ownExitCode: ExitCode {
        if !balanced { return .internalError }
        if let error, let code = ExitCode.allCases.first(where: { $0.name == error.code }) { return code }
        return state.exitCode
    }
}

extension RunState {
    /// `running` is what an orchestrator's stage in the middle of a run ends with: all is well. A `failed` run says more in its `error`.
    var exitCode: ExitCode {
        switch self {
        case .done, .nothingToDo, .planned, .running: .success
        case .doneWithErrors: .doneWithErrors
        case .validationFailed: .validationFailed
        case .held, .failed: .tryAgainLater
        }
    }
}

extension KeyedDecodingContainer {
    /// What an earlier version did not write yet is nil.
    func decode<Value>(_ type: Present<Value>.Type, forKey key: Key) throws -> Present<Value> {
        try decodeIfPresent(type, forKey: key) ?? Present(wrappedValue: nil)
    }

    func decode(_ type: [SyncReport.RejectedFile].Type, forKey key: Key) throws -> [SyncReport.RejectedFile] {
        try decodeIfPresent(type, forKey: key) ?? []
    }
}

/// An optional that is written as `null` and never left out.
@propertyWrapper
public struct Present<Value: Codable & Sendable & Equatable>: Sendable, Equatable, Codable {
    public var wrappedValue: Value?

    public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}
