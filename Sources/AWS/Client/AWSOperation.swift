/// Every call that this code can make, under AWS's name, with the rights it takes. No call is made that is not in this list.
/// Source of the rights: Service Authorization Reference, one page a service.
public enum AWSOperation: String, Sendable, CaseIterable {
    // S3, work.
    case listObjectsV2 = "ListObjectsV2"
    case headObject = "HeadObject"
    case getObject = "GetObject"
    case putObject = "PutObject"
    case copyObject = "CopyObject"
    case deleteObject = "DeleteObject"
    case createMultipartUpload = "CreateMultipartUpload"
    case uploadPart = "UploadPart"
    case uploadPartCopy = "UploadPartCopy"
    case completeMultipartUpload = "CompleteMultipartUpload"
    case abortMultipartUpload = "AbortMultipartUpload"
    // S3, questions of `setup aws`.
    case getBucketLifecycleConfiguration = "GetBucketLifecycleConfiguration"
    case getBucketNotificationConfiguration = "GetBucketNotificationConfiguration"
    // CloudWatch.
    case putMetricData = "PutMetricData"
    case describeAlarmsForMetric = "DescribeAlarmsForMetric"
    case createLogGroup = "CreateLogGroup"
    case createLogStream = "CreateLogStream"
    case putLogEvents = "PutLogEvents"
    case putRetentionPolicy = "PutRetentionPolicy"
    case describeLogGroups = "DescribeLogGroups"
    // Messages.
    case receiveMessage = "ReceiveMessage"
    case deleteMessageBatch = "DeleteMessageBatch"
    case changeMessageVisibilityBatch = "ChangeMessageVisibilityBatch"
    case getQueueAttributes = "GetQueueAttributes"
    case publish = "Publish"
    case getTopicAttributes = "GetTopicAttributes"
    // Secrets and roles.
    case getSecretValue = "GetSecretValue"
    case getParameter = "GetParameter"
    case assumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"

    /// As IAM writes them. Empty for the one call that nobody signs: the role's own trust policy allows it.
    public var actions: [String] {
        switch self {
        case .listObjectsV2: ["s3:ListBucket"]
        // To tell what is missing from what is forbidden takes the right to list.
        case .headObject, .getObject: ["s3:GetObject", "s3:ListBucket"]
        case .putObject, .createMultipartUpload, .uploadPart, .completeMultipartUpload: ["s3:PutObject"]
        case .copyObject, .uploadPartCopy: ["s3:GetObject", "s3:PutObject"]
        case .deleteObject: ["s3:DeleteObject"]
        case .abortMultipartUpload: ["s3:AbortMultipartUpload"]
        case .getBucketLifecycleConfiguration: ["s3:GetLifecycleConfiguration"]
        case .getBucketNotificationConfiguration: ["s3:GetBucketNotification"]
        case .putMetricData: ["cloudwatch:PutMetricData"]
        case .describeAlarmsForMetric: ["cloudwatch:DescribeAlarmsForMetric"]
        case .createLogGroup: ["logs:CreateLogGroup"]
        case .createLogStream: ["logs:CreateLogStream"]
        case .putLogEvents: ["logs:PutLogEvents"]
        case .putRetentionPolicy: ["logs:PutRetentionPolicy"]
        case .describeLogGroups: ["logs:DescribeLogGroups"]
        case .receiveMessage: ["sqs:ReceiveMessage"]
        case .deleteMessageBatch: ["sqs:DeleteMessage"]
        case .changeMessageVisibilityBatch: ["sqs:ChangeMessageVisibility"]
        case .getQueueAttributes: ["sqs:GetQueueAttributes"]
        case .publish: ["sns:Publish"]
        case .getTopicAttributes: ["sns:GetTopicAttributes"]
        case .getSecretValue: ["secretsmanager:GetSecretValue"]
        case .getParameter: ["ssm:GetParameter"]
        case .assumeRoleWithWebIdentity: []
        }
    }
}
