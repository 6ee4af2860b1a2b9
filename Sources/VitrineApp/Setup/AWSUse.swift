import ObjectStore
import Settings

/// What the settings use of AWS.
struct AWSUse {
    struct Bucket: Equatable {
        let place: S3Place
        /// Of which pipeline, or `state`.
        let owner: String
        let role: Role

        enum Role: Equatable { case landing, synced, state }
    }

    struct Queue: Equatable {
        let pipeline: String
        let url: String
        let landing: S3Place?
    }

    let buckets: [Bucket]
    let queues: [Queue]
    /// ARNs.
    let topics: [String]
    /// Nil where CloudWatch is off.
    let namespace: String?
    let logGroup: String?
    let secrets: [SecretReference.Source]
    let pipelines: [PipelineSettings]
    let logRetentionDays: Int
    /// Nil: the settings leave it to the environment.
    let region: String?

    /// - Parameter region: of the settings or the environment.
    init(_ settings: VitrineSettings, region: String?) {
        var buckets: [Bucket] = []
        for pipeline in settings.pipelines {
            if let place = S3Place(url: pipeline.landing) { buckets.append(Bucket(place: place, owner: pipeline.name, role: .landing)) }
            if let place = S3Place(url: pipeline.synced) { buckets.append(Bucket(place: place, owner: pipeline.name, role: .synced)) }
        }
        if let place = S3Place(url: settings.state) { buckets.append(Bucket(place: place, owner: "state", role: .state)) }
        self.buckets = buckets
        queues = settings.pipelines.compactMap { pipeline in
            pipeline.queue.map { Queue(pipeline: pipeline.name, url: $0, landing: S3Place(url: pipeline.landing)) }
        }
        topics = settings.alerts.channels.compactMap { channel in
            if case .sns(let topic) = channel.kind { return topic }
            return nil
        }
        let cloudWatch = settings.telemetry.cloudWatch
        namespace = cloudWatch.enabled ? cloudWatch.namespace : nil
        logGroup = cloudWatch.enabled ? cloudWatch.logGroup : nil
        logRetentionDays = Int(cloudWatch.logRetention.components.seconds / 86_400)
        var secrets: [SecretReference.Source] = []
        for reference in settings.allSecrets where reference.isRemote && !secrets.contains(reference.source) { secrets.append(reference.source) }
        self.secrets = secrets
        pipelines = settings.pipelines
        self.region = region
    }

    var isNothing: Bool { buckets.isEmpty && queues.isEmpty && topics.isEmpty && namespace == nil && secrets.isEmpty }

    /// `aws`, or that of China or of the government's cloud.
    var partition: String {
        guard let region else { return "aws" }
        if region.hasPrefix("cn-") { return "aws-cn" }
        return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    }

    func arn(_ service: String, _ resource: String, account: String = "*") -> String { "arn:\(partition):\(service):\(region ?? "*"):\(account):\(resource)" }

    func arn(ofBucket bucket: String) -> String { "arn:\(partition):s3:::\(bucket)" }

    /// `https://sqs.eu-central-1.amazonaws.com/123456789012/files`
    func arn(ofQueue url: String) -> String {
        let parts = url.split(separator: "/").dropFirst(2)
        let host = url.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        let account = parts.first.map(String.init) ?? "*"
        let name = parts.last.map(String.init) ?? "*"
        let labels = host.split(separator: ".")
        let region = labels.first == "sqs" && labels.count > 2 && labels[2].hasPrefix("amazonaws") ? String(labels[1]) : region ?? "*"
        return "arn:\(partition):sqs:\(region):\(account):\(name)"
    }
}
