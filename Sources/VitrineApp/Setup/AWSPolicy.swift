import AWS
import FoundationEssentials
import ObjectStore
import Settings

/// An IAM policy: the rights for exactly the calls in use.
struct AWSPolicy: Encodable, Equatable {
    struct Statement: Encodable, Equatable {
        let Sid: String
        let Effect = "Allow"
        let Action: [String]
        let Resource: [String]
        /// Operator, key, values.
        var Condition: [String: [String: [String]]]?

        enum CodingKeys: CodingKey { case Sid, Effect, Action, Resource, Condition }
    }

    let version = "2012-10-17"
    let statements: [Statement]

    enum CodingKeys: String, CodingKey {
        case version = "Version"
        case statements = "Statement"
    }

    var actions: Set<String> { Set(statements.flatMap(\.Action)) }

    // MARK: Calls

    static let bucketCalls: [AWSOperation] = [
        .listObjectsV2, .headObject, .getObject, .putObject, .copyObject, .deleteObject, .createMultipartUpload, .uploadPart, .uploadPartCopy,
        .completeMultipartUpload, .abortMultipartUpload,
    ]
    static let metricCalls: [AWSOperation] = [.putMetricData]
    static let logCalls: [AWSOperation] = [.createLogGroup, .createLogStream, .putLogEvents, .putRetentionPolicy]
    static let queueCalls: [AWSOperation] = [.receiveMessage, .deleteMessageBatch, .changeMessageVisibilityBatch]
    static let topicCalls: [AWSOperation] = [.publish]
    /// What only `setup aws --plan` asks.
    static let setupCalls: [AWSOperation] = [
        .getBucketLifecycleConfiguration, .getBucketNotificationConfiguration, .getQueueAttributes, .getTopicAttributes, .describeLogGroups,
        .describeAlarmsForMetric,
    ]

    private static func actions(_ calls: [AWSOperation]) -> [String] { Set(calls.flatMap(\.actions)).sorted() }

    // MARK: For work

    /// What `run`, `stage`, `serve` and the questions need.
    init(for use: AWSUse) {
        var statements = Self.buckets(use)
        if let namespace = use.namespace {
            // The service has no resources; the namespace is all that narrows it.
            statements.append(
                .init(Sid: "Metrics", Action: Self.actions(Self.metricCalls), Resource: ["*"], Condition: ["StringEquals": ["cloudwatch:namespace": [namespace]]]))
        }
        if let group = use.logGroup {
            statements.append(
                .init(Sid: "Logs", Action: Self.actions(Self.logCalls), Resource: [use.arn("logs", "log-group:\(group)"), use.arn("logs", "log-group:\(group):*")]))
        }
        if !use.queues.isEmpty {
            statements.append(.init(Sid: "NewFiles", Action: Self.actions(Self.queueCalls), Resource: use.queues.map { use.arn(ofQueue: $0.url) }))
        }
        if !use.topics.isEmpty { statements.append(.init(Sid: "Alerts", Action: Self.actions(Self.topicCalls), Resource: Set(use.topics).sorted())) }
        self.statements = statements + Self.secrets(use)
    }

    private static func buckets(_ use: AWSUse) -> [Statement] {
        let actions = actions(bucketCalls)
        var statements: [Statement] = []
        for bucket in Set(use.buckets.map(\.place.bucket)).sorted() {
            let prefixes = Set(use.buckets.filter { $0.place.bucket == bucket }.map(\.place.prefix)).sorted()
            let arn = use.arn(ofBucket: bucket)
            // A question for one key names no prefix, and S3 says "not there" only to who may list: hence IfExists.
            let narrow: [String: [String: [String]]]? =
                prefixes.contains("") ? nil : ["StringLikeIfExists": ["s3:prefix": prefixes.map { $0 + "*" }]]
            let number = statements.isEmpty ? "" : "\(statements.count / 2 + 1)"
            statements.append(.init(Sid: "List\(number)", Action: ["s3:ListBucket"], Resource: [arn], Condition: narrow))
            statements.append(.init(Sid: "Objects\(number)", Action: actions.filter { $0 != "s3:ListBucket" }, Resource: prefixes.map { "\(arn)/\($0)*" }))
        }
        return statements
    }

    private static func secrets(_ use: AWSUse) -> [Statement] {
        var managed: [String] = []
        var parameters: [String] = []
        for secret in use.secrets {
            switch secret {
            case .secretsManager(let id):
                // Six characters of its own are at the end of a secret's ARN.
                managed.append(id.hasPrefix("arn:") ? id : use.arn("secretsmanager", "secret:\(id)-??????"))
            case .parameter(let name):
                parameters.append(name.hasPrefix("arn:") ? name : use.arn("ssm", "parameter/\(name.hasPrefix("/") ? String(name.dropFirst()) : name)"))
            case .environment, .file: break
            }
        }
        var statements: [Statement] = []
        if !managed.isEmpty { statements.append(.init(Sid: "Secrets", Action: actions([.getSecretValue]), Resource: managed)) }
        if !parameters.isEmpty { statements.append(.init(Sid: "Parameters", Action: actions([.getParameter]), Resource: parameters)) }
        return statements
    }

    // MARK: For `setup aws --plan`

    init(forSetupOf use: AWSUse) {
        var statements: [Statement] = []
        func allow(_ sid: String, _ calls: [AWSOperation], on resources: [String]) {
            if !resources.isEmpty { statements.append(.init(Sid: sid, Action: Self.actions(calls), Resource: resources)) }
        }
        let buckets = Set(use.buckets.map(\.place.bucket)).sorted().map { use.arn(ofBucket: $0) }
        allow("SeeLifecycle", [.getBucketLifecycleConfiguration], on: buckets)
        allow("SeeNotifications", [.getBucketNotificationConfiguration], on: Set(use.queues.compactMap { $0.landing?.bucket }).sorted().map { use.arn(ofBucket: $0) })
        allow("SeeQueues", [.getQueueAttributes], on: use.queues.map { use.arn(ofQueue: $0.url) })
        allow("SeeTopics", [.getTopicAttributes], on: Set(use.topics).sorted())
        allow("SeeLogs", [.describeLogGroups], on: use.logGroup == nil ? [] : [use.arn("logs", "log-group:*")])
        allow("SeeAlarms", [.describeAlarmsForMetric], on: use.namespace == nil ? [] : ["*"])
        self.statements = statements
    }
}

extension AWSPolicy {
    static let none = AWSPolicy(statements: [])

    private init(statements: [Statement]) { self.statements = statements }

    /// As IAM takes it.
    static func json(_ policy: AWSPolicy) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return ((try? encoder.encode(policy)).map { [UInt8]($0) } ?? []) + [UInt8(ascii: "\n")]
    }
}
