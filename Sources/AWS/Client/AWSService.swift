/// The services that are called, with the names they go by. Source: botocore 1.43, service models and endpoint resolver.
public enum AWSService: String, Sendable, CaseIterable {
    case s3, sqs, sns, sts, ssm
    case cloudWatch = "monitoring"
    case logs
    case secretsManager = "secretsmanager"

    /// The `api` of requests to metadata endpoints.
    static let metadataAPI = "aws-metadata"

    /// Every value that the label `api` of the request metrics can have because of this room.
    public static let apis = ["aws", "aws-s3"]

    /// The label `api`. Two values and not eight: each costs a histogram with all its buckets in every scrape, and only S3 has traffic.
    public var api: String { self == .s3 ? "aws-s3" : "aws" }

    /// First part of the host, and the name to sign with.
    var prefix: String { rawValue }

    /// As in `AWS_ENDPOINT_URL_<ID>` and, in lower case, in the `services` section of a profile.
    var configurationID: String {
        switch self {
        case .s3: "S3"
        case .sqs: "SQS"
        case .sns: "SNS"
        case .sts: "STS"
        case .ssm: "SSM"
        case .cloudWatch: "CLOUDWATCH"
        case .logs: "CLOUDWATCH_LOGS"
        case .secretsManager: "SECRETS_MANAGER"
        }
    }
}
