public import Events

/// Where the objects of one run live in the synced store. The layout is part of the contract.
public struct RunFolder: Sendable, Equatable {
    public let pipeline: String
    public let runID: String
    /// `<pipeline>/<yyyy>/<mm>/<dd>/<run_id>`, the day in UTC.
    public let key: String

    public init(pipeline: String, runID: String, startedAt: Timestamp) {
        self.pipeline = pipeline
        self.runID = runID
        key = "\(pipeline)/\(Self.day(startedAt))/\(runID)"
    }

    /// Of a key that is known already, whose last part is the run's id and whose first is the pipeline.
    public init(key: String, runID: String) {
        pipeline = key.split(separator: "/").first.map(String.init) ?? ""
        self.runID = runID
        self.key = key
    }

    /// `yyyy/mm/dd`
    public static func day(_ time: Timestamp) -> String { String(time.rfc3339.prefix(10)).replacing("-", with: "/") }

    public var journal: String { key + "/journal/" }
    public var report: String { key + "/report.json" }
    public var reportPage: String { key + "/report.html" }
    public var manifest: String { key + "/manifest.json" }
    public var receipts: String { key + "/receipts.ndjson.gz" }
    /// What a person said of a held run.
    public var decision: String { key + "/decision.json" }
    public var log: String { key + "/log.ndjson.gz" }

    /// The mark of a run in progress: `<pipeline>/open/<run_id>`. Its text says where the run folder is.
    public var openMark: String { Self.openMarks(of: pipeline) + runID }
    public static func openMarks(of pipeline: String) -> String { pipeline + "/open/" }
    public static func lease(of pipeline: String) -> String { pipeline + "/.lease" }
}
