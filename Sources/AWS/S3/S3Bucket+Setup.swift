import Transport

/// How a bucket is set up. Questions only.
public struct S3LifecycleRule: Sendable, Equatable {
    public var id: String
    /// Empty: all keys. Nil: the rule has another filter beside it, or none that is a prefix.
    public var prefix: String?
    public var isEnabled: Bool
    public var expiresAfterDays: Int?
    public var abortsUploadsAfterDays: Int?
}

/// Whom a bucket tells of new objects.
public struct S3Notifications: Sendable, Equatable {
    public struct Target: Sendable, Equatable {
        /// Of a queue or a topic.
        public var arn: String
        /// Such as `s3:ObjectCreated:*`.
        public var events: [String]
        /// Keys that it is told of begin with this.
        public var prefix: String
    }

    public var targets: [Target]
    /// Whether it tells anybody at all, functions among them.
    public var hasAny: Bool
    public var tellsEventBridge: Bool
}

extension S3Bucket {
    /// Empty where the bucket has no rules.
    public func lifecycle() async throws(AWSError) -> [S3LifecycleRule] {
        let call = question(.getBucketLifecycleConfiguration, "lifecycle")
        do {
            return try S3Answers.lifecycle(try await client.send(call).body, call)
        } catch {
            if error.code == "NoSuchLifecycleConfiguration" { return [] }
            throw error
        }
    }

    public func notifications() async throws(AWSError) -> S3Notifications {
        let call = question(.getBucketNotificationConfiguration, "notification")
        return try S3Answers.notifications(try await client.send(call).body, call)
    }

    private func question(_ operation: AWSOperation, _ name: String) -> AWSCall {
        var call = AWSCall(operation, .s3)
        call.subject = "s3://\(self.name)"
        call.method = .get
        call.bucket = self.name
        call.query = [(name: name, value: "")]
        return call
    }
}

extension S3Answers {
    static func lifecycle(_ body: [UInt8], _ call: AWSCall) throws(AWSError) -> [S3LifecycleRule] {
        try root(body, call).all("Rule").map { rule in
            let filter = rule["Filter"]
            // An empty filter is all keys; so is an empty prefix, in the older form beside the filter.
            let prefix = rule["Prefix"]?.text ?? filter.flatMap { $0.children.isEmpty ? "" : $0["Prefix"]?.text }
            return S3LifecycleRule(
                id: rule["ID"]?.text ?? "", prefix: prefix, isEnabled: rule["Status"]?.text == "Enabled",
                expiresAfterDays: rule["Expiration"]?["Days"].flatMap { Int($0.text) },
                abortsUploadsAfterDays: rule["AbortIncompleteMultipartUpload"]?["DaysAfterInitiation"].flatMap { Int($0.text) })
        }
    }

    static func notifications(_ body: [UInt8], _ call: AWSCall) throws(AWSError) -> S3Notifications {
        let root = try root(body, call)
        let targets = root.children.compactMap { entry -> S3Notifications.Target? in
            guard let arn = entry["Queue"] ?? entry["Topic"] else { return nil }
            let rules = entry["Filter"]?["S3Key"]?.all("FilterRule") ?? []
            let prefix = rules.first { $0["Name"]?.text.lowercased() == "prefix" }?["Value"]?.text
            return S3Notifications.Target(arn: arn.text, events: entry.all("Event").map(\.text), prefix: prefix ?? "")
        }
        return S3Notifications(targets: targets, hasAny: !root.children.isEmpty, tellsEventBridge: root["EventBridgeConfiguration"] != nil)
    }
}
