/// What is there of the things that a run needs and does not make. Each is one call that changes nothing.
extension SQS {
    private struct Question: Encodable {
        let QueueUrl: String
        let AttributeNames = ["QueueArn", "RedrivePolicy", "Policy"]
    }

    private struct Answer: Decodable { var Attributes: [String: String]? }

    public struct Facts: Sendable, Equatable {
        public var arn: String
        /// Whether messages that nobody deletes go to a queue of dead letters.
        public var hasDeadLetters: Bool
        /// Who else may do what with it, as JSON; empty: nobody.
        public var policy: String
    }

    /// Nil where there is no such queue.
    public func facts(of queue: String) async throws(AWSError) -> Facts? {
        do {
            let attributes = try await call.send(.getQueueAttributes, Question(QueueUrl: queue), subject: queue, giving: Answer.self).Attributes ?? [:]
            return Facts(
                arn: attributes["QueueArn"] ?? "", hasDeadLetters: attributes["RedrivePolicy"]?.contains("deadLetterTargetArn") == true,
                policy: attributes["Policy"] ?? "")
        } catch {
            if error.reason == .notFound { return nil }
            throw error
        }
    }
}

extension SNS {
    public func exists(_ topic: String) async throws(AWSError) -> Bool {
        do {
            _ = try await call.send(.getTopicAttributes, [(name: "TopicArn", value: topic)], subject: topic)
            return true
        } catch {
            if error.reason == .notFound { return false }
            throw error
        }
    }
}

extension CloudWatchLogs {
    private struct Question: Encodable { let logGroupNamePrefix: String }

    private struct Groups: Decodable {
        struct Group: Decodable {
            let logGroupName: String
            var retentionInDays: Int?
        }

        var logGroups: [Group]?
    }

    public struct GroupFacts: Sendable, Equatable {
        /// Nil: for ever.
        public var retentionInDays: Int?
    }

    /// Nil where there is no such group. A name is the first of those that begin with it.
    public func facts(of group: String) async throws(AWSError) -> GroupFacts? {
        let groups = try await call.send(.describeLogGroups, Question(logGroupNamePrefix: group), subject: group, giving: Groups.self).logGroups ?? []
        return groups.first { $0.logGroupName == group }.map { GroupFacts(retentionInDays: $0.retentionInDays) }
    }
}

extension CloudWatch {
    private struct Question: Encodable {
        let Namespace: String
        let MetricName: String
        let Dimensions: [MetricDatum.Dimension]
    }

    private struct Alarms: Decodable {
        struct Alarm: Decodable { let AlarmName: String }
        var MetricAlarms: [Alarm]?
    }

    /// The names of the alarms on one metric.
    public func alarms(on metric: String, _ dimensions: [MetricDatum.Dimension], namespace: String) async throws(AWSError) -> [String] {
        let question = Question(Namespace: namespace, MetricName: metric, Dimensions: dimensions)
        return try await call.send(.describeAlarmsForMetric, question, subject: "\(namespace) \(metric)", giving: Alarms.self).MetricAlarms?.map(\.AlarmName) ?? []
    }
}
