/// The services that are called, with the names they go by. Source: botocore 1.43, service models and endpoint resolver.
public enum AWSService: String, Sendable, CaseIterable {
    case s3, sqs, sns, sts, ssm
    case cloudWatch = "monitoring"
    case logs
    case secretsManager = "secretsmanager"

    /// The `api` of requests to metadata endpoints.
    static let metadataAPI = "aws-metadata"

    /// Every value that the label `api` of the request metrics can have because of this room.
    public static let apis = allCases.map(\.api)

    public var api: String {
        switch self {
        case .s3: "aws-s3"
        case .sqs: "aws-sqs"
        case .sns: "aws-sns"
        case .sts: "aws-sts"
        case .ssm: "aws-ssm"
        case .cloudWatch: "aws-cloudwatch"
        case .logs: "aws-logs"
        case .secretsManager: "aws-secretsmanager"
        }
    }

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
