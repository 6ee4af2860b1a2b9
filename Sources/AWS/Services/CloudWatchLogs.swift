public import Events

/// CloudWatch's logs.
public struct CloudWatchLogs: Sendable {
    /// Of one call. Source: botocore 1.43, service model.
    public static let mostEvents = 10_000
    /// Sum over the events of a call, each counted with `eventOverhead`.
    public static let largestBatch = 1_048_576
    public static let eventOverhead = 26
    /// Between the first and the last event of a call.
    public static let longestSpan = Duration.seconds(24 * 3600)
    /// The values that CloudWatch takes for a retention, in days.
    public static let retentions = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653,
    ]

    public struct LogEvent: Sendable, Equatable, Encodable {
        /// Milliseconds since 1970.
        public let timestamp: Int64
        public let message: String

        public init(timestamp: Int64, message: String) {
            self.timestamp = timestamp
            self.message = message
        }
    }

    let call: JSONCall

    public init(in session: AWSSession, reporter: Reporter? = nil) {
        call = JSONCall(client: session.client(.logs, reporter: reporter), target: "Logs_20140328", version: "1.1")
    }

    private struct Put: Encodable {
        let logGroupName, logStreamName: String
        let logEvents: [LogEvent]
    }

    private struct Answer: Decodable {
        struct Rejected: Decodable {
            var tooNewLogEventStartIndex: Int?
            var tooOldLogEventEndIndex: Int?
            var expiredLogEventEndIndex: Int?
        }

        var rejectedLogEventsInfo: Rejected?
    }

    /// - Parameter events: in order of time, within the bounds above.
    /// - Returns: how many were refused, for being too old or too new: AWS says so beside a 200.
    public func put(_ events: [LogEvent], group: String, stream: String) async throws(AWSError) -> Int {
        let input = Put(logGroupName: group, logStreamName: stream, logEvents: events)
        let answer = try await call.send(.putLogEvents, input, subject: "\(group) \(stream)", giving: Answer.self)
        guard let rejected = answer.rejectedLogEventsInfo else { return 0 }
        let old = max(rejected.tooOldLogEventEndIndex ?? 0, rejected.expiredLogEventEndIndex ?? 0)
        let new = rejected.tooNewLogEventStartIndex.map { events.count - $0 } ?? 0
        return min(events.count, max(0, old) + max(0, new))
    }

    private struct Group: Encodable { let logGroupName: String }
    private struct Stream: Encodable { let logGroupName, logStreamName: String }
    private struct Retention: Encodable {
        let logGroupName: String
        let retentionInDays: Int
    }

    /// - Returns: false where it is there already.
    public func createGroup(_ group: String) async throws(AWSError) -> Bool {
        try await create { () throws(AWSError) in try await call.send(.createLogGroup, Group(logGroupName: group), subject: group) }
    }

    /// - Returns: false where it is there already.
    public func createStream(_ stream: String, in group: String) async throws(AWSError) -> Bool {
        try await create { () throws(AWSError) in
            try await call.send(.createLogStream, Stream(logGroupName: group, logStreamName: stream), subject: "\(group) \(stream)")
        }
    }

    /// - Parameter days: one of `retentions`.
    public func setRetention(of group: String, days: Int) async throws(AWSError) {
        _ = try await call.send(.putRetentionPolicy, Retention(logGroupName: group, retentionInDays: days), subject: group)
    }

    private func create(_ body: () async throws(AWSError) -> [UInt8]) async throws(AWSError) -> Bool {
        do throws(AWSError) {
            _ = try await body()
            return true
        } catch {
            if error.code == "ResourceAlreadyExistsException" { return false }
            throw error
        }
    }
}
