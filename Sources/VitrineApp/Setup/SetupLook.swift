import AWS
import ObjectStore
import Settings

/// Looks at what there is in the account, with calls that change nothing.
struct SetupLook {
    private let use: AWSUse
    private let session: AWSSession
    private let commands: SetupCommands
    private(set) var missing: [SetupFinding] = []
    private(set) var unseen: [SetupUnseen] = []

    /// Days after which a part of an upload that nobody completes goes.
    static let abortDays = 7

    init(_ use: AWSUse, in session: AWSSession) {
        self.use = use
        self.session = session
        commands = SetupCommands(use: use)
    }

    mutating func all() async throws {
        for bucket in Set(use.buckets.map(\.place.bucket)).sorted() { try await lifecycle(bucket) }
        for queue in use.queues {
            var policy: String?
            try await look(.queue, queue.url) { look throws(AWSError) in policy = try await look.queue(queue) }
            guard let landing = queue.landing else { continue }
            try await look(.notification, "s3://\(landing.bucket)") { look throws(AWSError) in try await look.notification(queue, landing, policy) }
        }
        for topic in Set(use.topics).sorted() {
            try await look(.topic, topic) { look throws(AWSError) in
                guard try await !SNS(in: look.session).exists(topic) else { return }
                look.misses(.topic, topic, "alerts are told there, and there is no such topic", look.commands.topic(topic))
            }
        }
        if let group = use.logGroup { try await look(.logGroup, group) { look throws(AWSError) in try await look.logGroup(group) } }
        guard let namespace = use.namespace else { return }
        for pipeline in use.pipelines {
            for alarm in SetupCommands.alarms {
                try await look(.alarm, "\(namespace) \(alarm.metric) Pipeline=\(pipeline.name)") { look throws(AWSError) in try await look.alarm(alarm, namespace, pipeline.name) }
            }
        }
    }

    /// What may not be looked at is said to be unseen. Without credentials nothing is looked at.
    private mutating func look(
        _ kind: SetupFinding.Kind, _ resource: String, _ body: (inout SetupLook) async throws(AWSError) -> Void
    ) async throws {
        do throws(AWSError) {
            try await body(&self)
        } catch {
            switch error.reason {
            case .noCredentials, .badCredentials, .noRegion, .badConfiguration, .cancelled: throw StoreError(error, at: resource)
            default: unseen.append(SetupUnseen(kind: kind, resource: resource, reason: error.culprit, remedy: error.remedy))
            }
        }
    }

    private mutating func misses(_ kind: SetupFinding.Kind, _ resource: String, _ why: String, _ command: String) {
        missing.append(SetupFinding(kind: kind, resource: resource, why: why, command: command))
    }

    // MARK: One thing each

    private mutating func lifecycle(_ bucket: String) async throws {
        try await look(.lifecycle, "s3://\(bucket)") { look throws(AWSError) in
            let there: [S3LifecycleRule]
            do throws(AWSError) {
                there = try await S3Bucket(bucket, in: look.session).lifecycle()
            } catch {
                guard error.code == "NoSuchBucket" else { throw error }
                look.misses(.bucket, "s3://\(bucket)", "there is no such bucket", look.commands.bucket(bucket))
                let wanted = look.wanted(of: bucket)
                return look.misses(.lifecycle, "s3://\(bucket)", Self.words(wanted), look.commands.lifecycle(bucket, missing: wanted, hasOthers: false))
            }
            let missing = look.wanted(of: bucket).filter { wanted in !there.contains { $0.covers(wanted) } }
            guard !missing.isEmpty else { return }
            look.misses(.lifecycle, "s3://\(bucket)", Self.words(missing), look.commands.lifecycle(bucket, missing: missing, hasOthers: !there.isEmpty))
        }
    }

    /// Archive and rejected files go after `retention`, run folders after `history`; batch objects, whose place is within the run folders, where no rule
    /// can name them, Vitrine takes away itself.
    func wanted(of bucket: String) -> [SetupCommands.Rule] {
        var rules = [SetupCommands.Rule(id: "vitrine-uploads", prefix: "", abortsUploadsAfterDays: Self.abortDays)]
        for use in use.buckets where use.place.bucket == bucket {
            guard let pipeline = self.use.pipelines.first(where: { $0.name == use.owner }) else { continue }
            switch use.role {
            case .landing:
                for folder in ["archive", "rejected"] {
                    rules.append(.init(id: "vitrine-\(pipeline.name)-\(folder)", prefix: "\(use.place.prefix)\(folder)/", expiresAfterDays: Self.days(pipeline.retention)))
                }
            case .synced:
                rules.append(
                    .init(id: "vitrine-\(pipeline.name)-history", prefix: "\(use.place.prefix)\(pipeline.name)/", expiresAfterDays: Self.days(pipeline.history)))
            case .state: break
            }
        }
        return rules
    }

    private static func days(_ duration: Duration) -> Int { max(1, Int((duration.components.seconds + 86_399) / 86_400)) }

    private static func words(_ rules: [SetupCommands.Rule]) -> String {
        "no rule " + rules.map { rule in
            rule.expiresAfterDays.map { "takes away \(rule.prefix) after \($0) days" } ?? "gives up uploads that were never completed"
        }.joined(separator: ", none ")
    }

    /// - Returns: its policy; empty where there is none, or no queue.
    private mutating func queue(_ queue: AWSUse.Queue) async throws(AWSError) -> String {
        guard let facts = try await SQS(in: session).facts(of: queue.url) else {
            misses(.queue, queue.url, "there is no such queue", commands.queue(queue.url))
            misses(.deadLetters, queue.url, "messages that nobody can read come again and again", commands.deadLetters(queue.url))
            return ""
        }
        if !facts.hasDeadLetters {
            misses(.deadLetters, queue.url, "messages that nobody can read come again and again: the queue has no redrive policy", commands.deadLetters(queue.url))
        }
        return facts.policy
    }

    /// - Parameter policy: of the queue; nil: it could not be seen.
    private mutating func notification(_ queue: AWSUse.Queue, _ landing: S3Place, _ policy: String?) async throws(AWSError) {
        let there: S3Notifications
        do throws(AWSError) {
            there = try await S3Bucket(landing.bucket, in: session).notifications()
        } catch {
            // That the bucket is missing is said once.
            if error.code == "NoSuchBucket" { return }
            throw error
        }
        let data = landing.prefix + "data/"
        let targets = there.targets.filter { target in data.hasPrefix(target.prefix) && target.events.contains { $0.hasPrefix("s3:ObjectCreated:") } }
        let isDirect = targets.contains { $0.arn.split(separator: ":").last == queue.url.split(separator: "/").last }
        // Through a topic or EventBridge it may reach the queue too; where to, these do not say, and who sends to it then is another.
        if !isDirect, there.tellsEventBridge || targets.contains(where: { $0.arn.contains(":sns:") }) { return }
        if let policy, !Self.lets(landing.bucket, sendUnder: policy) {
            misses(
                .queuePolicy, queue.url, "nothing there lets the bucket \(landing.bucket) send to it, and S3 takes no notification that it may not send",
                commands.queuePolicy(queue, landing, hasOthers: !policy.isEmpty))
        }
        guard !isDirect else { return }
        misses(
            .notification, "s3://\(landing.bucket)", "it tells the queue of \(queue.pipeline) nothing of new objects in \(data)",
            commands.notification(queue, landing, hasOthers: there.hasAny))
    }

    /// By its words: `arn:aws:s3:::shop-exports`, `arn:aws:s3:*:*:shop-exports`, or S3 from wherever.
    static func lets(_ bucket: String, sendUnder policy: String) -> Bool {
        policy.contains("s3.amazonaws.com") && (policy.contains(":\(bucket)\"") || !policy.lowercased().contains("sourcearn"))
    }

    private mutating func logGroup(_ group: String) async throws(AWSError) {
        guard let facts = try await CloudWatchLogs(in: session).facts(of: group) else {
            return misses(.logGroup, group, "there is no such log group; the first run makes it where it may", commands.logGroup(group))
        }
        guard facts.retentionInDays == nil else { return }
        misses(.logRetention, group, "its lines are kept, and paid for, for ever", commands.logRetention(group))
    }

    private mutating func alarm(_ alarm: SetupCommands.Alarm, _ namespace: String, _ pipeline: String) async throws(AWSError) {
        let names = try await CloudWatch(in: session).alarms(on: alarm.metric, [.init("Pipeline", pipeline)], namespace: namespace)
        guard names.isEmpty else { return }
        misses(.alarm, "\(namespace) \(alarm.metric) Pipeline=\(pipeline)", "no alarm watches for: \(alarm.why)", commands.alarm(alarm, namespace: namespace, pipeline: pipeline))
    }
}

extension S3LifecycleRule {
    /// Whether what the rule is wanted for happens: sooner counts too.
    fileprivate func covers(_ wanted: SetupCommands.Rule) -> Bool {
        guard isEnabled, let prefix, wanted.prefix.hasPrefix(prefix) else { return false }
        if wanted.expiresAfterDays != nil { return expiresAfterDays != nil }
        return abortsUploadsAfterDays != nil
    }
}
