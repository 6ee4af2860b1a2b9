public import CatalogSync
public import Engine
public import Events

extension Questions {
    /// Reports of ended and open runs, newest first. A run whose report cannot be read (it was cut short before it had one) is left out.
    public func runs(_ query: RunQuery) throws -> [SyncReport] {
        try ledger.runs(query).compactMap { try? SyncReport(json: Array($0.report.utf8)) }
    }

    public func run(_ runID: String) throws -> SyncReport? {
        try ledger.run(runID).flatMap { try? SyncReport(json: Array($0.report.utf8)) }
    }

    /// The newest run that went well: `done` or `nothing_to_do`.
    public func lastSuccess(pipeline: String) throws -> RunFacts? { try ledger.lastRun(of: pipeline, in: [.done, .nothingToDo]) }
}

/// How often one family of refusals came up, time span by time span.
public struct FamilySeries: Sendable, Equatable, Codable {
    public var family: String
    /// One for each span, oldest first.
    public var counts: [Int]
    public var total: Int { counts.reduce(0, +) }

    public init(family: String, counts: [Int]) {
        self.family = family
        self.counts = counts
    }
}

/// Refusals by family over time; spans of equal length.
public struct FamilyHistory: Sendable, Equatable, Codable {
    /// The beginning of each span.
    public var starts: [Timestamp]
    /// Seconds.
    public var spanSeconds: Double
    /// The most frequent first; what is beyond `Questions.mostFamilies` is summed up as the last one, `other`.
    public var series: [FamilySeries]

    enum CodingKeys: String, CodingKey {
        case starts
        case spanSeconds = "span_seconds"
        case series
    }
}

extension Questions {
    /// Families told one by one.
    public static let mostFamilies = 12
    /// Runs looked at, the newest ones: a year of hourly runs.
    public static let mostRunsOfAHistory = 9_000
    public static let otherFamilies = "other"

    /// What Meta refused between two times, from the reports of the runs that started then.
    /// - Parameter spans: 1...1000
    public func refusals(pipeline: String, from: Timestamp, to: Timestamp, spans: Int) throws -> FamilyHistory {
        let spans = min(max(spans, 1), 1_000)
        let length = max((to - from) / spans, .milliseconds(1))
        var counts: [String: [Int]] = [:]
        for report in try runs(RunQuery(pipeline: pipeline, since: from, before: to, limit: Self.mostRunsOfAHistory)) {
            let span = min(max(Int((report.startedAt - from) / length), 0), spans - 1)
            for refusal in report.refusals { counts[refusal.family, default: Array(repeating: 0, count: spans)][span] += refusal.count }
        }
        let all = counts.map { FamilySeries(family: $0.key, counts: $0.value) }.sorted { ($1.total, $0.family) < ($0.total, $1.family) }
        var series = Array(all.prefix(Self.mostFamilies))
        let rest = all.dropFirst(Self.mostFamilies)
        if !rest.isEmpty {
            let sums = (0..<spans).map { span in rest.reduce(0) { $0 + $1.counts[span] } }
            series.append(FamilySeries(family: Self.otherFamilies, counts: sums))
        }
        return FamilyHistory(starts: (0..<spans).map { from + length * $0 }, spanSeconds: length / .seconds(1), series: series)
    }
}
