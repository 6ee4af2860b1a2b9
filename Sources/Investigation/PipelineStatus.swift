public import CatalogSync
public import Engine
public import Events

/// How one pipeline stands. The facts are gathered, the health is judged from them; every field is always present.
public struct PipelineStatus: Sendable, Equatable, Codable {
    public struct Run: Sendable, Equatable, Codable {
        public var runID: String
        public var state: RunState
        public var startedAt: Timestamp
        @Present public var endedAt: Timestamp?
        public var rows: Books.Rows
        public var items: Books.Items
        public var balanced: Bool
        /// Why it stopped, as `error.code` and `error.detail` of its report; empty where it did not.
        public var errorCode: String
        public var errorDetail: String

        enum CodingKeys: String, CodingKey {
            case runID = "run_id"
            case state
            case startedAt = "started_at"
            case endedAt = "ended_at"
            case rows, items, balanced
            case errorCode = "error_code"
            case errorDetail = "error_detail"
        }

        public init(_ report: SyncReport) {
            runID = report.runID
            state = report.state
            startedAt = report.startedAt
            endedAt = report.endedAt
            rows = report.rows
            items = report.items
            balanced = report.balanced
            errorCode = report.error?.code ?? ""
            errorDetail = report.error?.detail ?? ""
        }
    }

    public struct Products: Sendable, Equatable, Codable {
        public var accepted = 0, refused = 0, rejected = 0, unknown = 0

        public init(_ counts: [SubjectState: Int]) {
            accepted = counts[.accepted] ?? 0
            refused = counts[.refused] ?? 0
            rejected = counts[.rejected] ?? 0
            unknown = counts[.unknown] ?? 0
        }
    }

    public var pipeline: String
    public var health = Health()
    /// The newest run that has a report.
    @Present public var lastRun: Run?
    /// The start of the newest run that ended `done` or `nothing_to_do`.
    @Present public var lastSuccess: Timestamp?
    /// Runs with work or verdicts to come.
    public var openRuns: [String] = []
    /// The next time of the schedule; null without one.
    @Present public var nextScheduled: Timestamp?
    public var products: Products
    /// Null where the landing zone cannot be read.
    @Present public var landing: LandingBacklog?
    @Present public var paused: Pause?
    /// A run that waits for a person; or was released, and the next run has not taken that up.
    @Present public var held: Hold?
    /// Incidents that are open, as `rule: words`.
    public var incidents: [String] = []

    enum CodingKeys: String, CodingKey {
        case pipeline, health
        case lastRun = "last_run"
        case lastSuccess = "last_success"
        case openRuns = "open_runs"
        case nextScheduled = "next_scheduled"
        case products, landing, paused, held, incidents
    }
}

extension Questions {
    /// What the ledger knows of it; the caller adds what other places know, and has it judged.
    public func status(pipeline: String) throws -> PipelineStatus {
        let last = try runs(RunQuery(pipeline: pipeline, limit: 5)).first
        return PipelineStatus(
            pipeline: pipeline, lastRun: last.map(PipelineStatus.Run.init), lastSuccess: try lastSuccess(pipeline: pipeline)?.startedAt,
            nextScheduled: nil, products: PipelineStatus.Products(try productCounts(pipeline: pipeline)), landing: nil, paused: nil, held: nil)
    }
}

extension PipelineStatus {
    /// What is known of a pipeline that nothing was remembered of.
    public static func unknown(_ pipeline: String) -> PipelineStatus {
        PipelineStatus(pipeline: pipeline, lastRun: nil, lastSuccess: nil, nextScheduled: nil, products: Products([:]), landing: nil, paused: nil, held: nil)
    }
}
