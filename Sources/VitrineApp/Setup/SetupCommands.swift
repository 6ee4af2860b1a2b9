import FoundationEssentials
import ObjectStore
import Settings

/// The commands of AWS's own tool that make what is missing. Only texts: nothing here calls anybody.
struct SetupCommands {
    let use: AWSUse

    private var region: String { use.region.map { " --region \($0)" } ?? "" }

    func bucket(_ name: String) -> String {
        let place = use.region.map { $0 == "us-east-1" ? "" : " --create-bucket-configuration LocationConstraint=\($0)" } ?? ""
        return "aws s3api create-bucket --bucket \(name)\(region)\(place)"
    }

    /// The rules a bucket should have.
    struct Rule: Equatable {
        let id: String
        let prefix: String
        /// Nil: only uploads are given up.
        var expiresAfterDays: Int?
        var abortsUploadsAfterDays: Int?

        var json: String {
            var parts = ["\"ID\": \"\(id)\"", "\"Status\": \"Enabled\"", "\"Filter\": {\"Prefix\": \"\(prefix)\"}"]
            if let days = expiresAfterDays { parts.append("\"Expiration\": {\"Days\": \(days)}") }
            if let days = abortsUploadsAfterDays { parts.append("\"AbortIncompleteMultipartUpload\": {\"DaysAfterInitiation\": \(days)}") }
            return "{" + parts.joined(separator: ", ") + "}"
        }
    }

    /// AWS knows no call that adds a rule: all rules of a bucket are written at once.
    func lifecycle(_ bucket: String, missing: [Rule], hasOthers: Bool) -> String {
        let rules = missing.map(\.json).joined(separator: ", ")
        guard hasOthers else {
            return "aws s3api put-bucket-lifecycle-configuration --bucket \(bucket) --lifecycle-configuration \(ShellWord.quoted("{\"Rules\": [\(rules)]}"))"
        }
        return """
            aws s3api get-bucket-lifecycle-configuration --bucket \(bucket) --query '{Rules: Rules}' > rules.json
            # add to Rules in rules.json, since this call replaces all of them: \(rules)
            aws s3api put-bucket-lifecycle-configuration --bucket \(bucket) --lifecycle-configuration file://rules.json
            """
    }

    /// As with the rules: all notifications of a bucket are written at once.
    func notification(_ queue: AWSUse.Queue, _ landing: S3Place, hasOthers: Bool) -> String {
        let entry = """
            {"Id": "vitrine-\(queue.pipeline)", "QueueArn": "\(use.arn(ofQueue: queue.url))", "Events": ["s3:ObjectCreated:*"], \
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "\(landing.prefix)data/"}]}}}
            """
        guard hasOthers else {
            return "aws s3api put-bucket-notification-configuration --bucket \(landing.bucket)"
                + " --notification-configuration \(ShellWord.quoted("{\"QueueConfigurations\": [\(entry)]}"))"
        }
        return """
            aws s3api get-bucket-notification-configuration --bucket \(landing.bucket) > notifications.json
            # add to QueueConfigurations in notifications.json, since this call replaces all of them: \(entry)
            aws s3api put-bucket-notification-configuration --bucket \(landing.bucket) --notification-configuration file://notifications.json
            """
    }

    /// The policy of a queue is one text, too.
    func queuePolicy(_ queue: AWSUse.Queue, _ landing: S3Place, hasOthers: Bool) -> String {
        let queueARN = use.arn(ofQueue: queue.url)
        let statement = """
            {"Sid": "vitrine-\(queue.pipeline)", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage", \
            "Resource": "\(queueARN)", "Condition": {"ArnEquals": {"aws:SourceArn": "\(use.arn(ofBucket: landing.bucket))"}}}
            """
        let call = "aws sqs set-queue-attributes --queue-url \(ShellWord.quoted(queue.url))\(region) --attributes"
        guard hasOthers else {
            let policy = "{\"Version\": \"2012-10-17\", \"Statement\": [\(statement)]}"
            return "\(call) \(ShellWord.quoted("{\"Policy\": \(Self.string(policy))}"))"
        }
        return """
            aws sqs get-queue-attributes --queue-url \(ShellWord.quoted(queue.url))\(region) --attribute-names Policy --query '{Policy: Attributes.Policy}' > policy.json
            # add to Statement in the text Policy of policy.json, since this call replaces all of it: \(statement)
            \(call) file://policy.json
            """
    }

    /// Of printable ASCII.
    private static func string(_ text: String) -> String { "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }

    private func name(ofQueue url: String) -> String { url.split(separator: "/").last.map(String.init) ?? url }

    func queue(_ url: String) -> String { "aws sqs create-queue --queue-name \(ShellWord.quoted(name(ofQueue: url)))\(region)" }

    func deadLetters(_ url: String) -> String {
        let dead = name(ofQueue: url) + "-dead"
        let policy = "{\"RedrivePolicy\": \"{\\\"deadLetterTargetArn\\\": \\\"\(use.arn(ofQueue: url))-dead\\\", \\\"maxReceiveCount\\\": \\\"5\\\"}\"}"
        return "aws sqs create-queue --queue-name \(ShellWord.quoted(dead))\(region)\n"
            + "aws sqs set-queue-attributes --queue-url \(ShellWord.quoted(url))\(region) --attributes \(ShellWord.quoted(policy))"
    }

    func topic(_ arn: String) -> String { "aws sns create-topic --name \(ShellWord.quoted(arn.split(separator: ":").last.map(String.init) ?? arn))\(region)" }

    func logGroup(_ group: String) -> String { "aws logs create-log-group --log-group-name \(ShellWord.quoted(group))\(region)\n" + logRetention(group) }

    func logRetention(_ group: String) -> String {
        "aws logs put-retention-policy --log-group-name \(ShellWord.quoted(group)) --retention-in-days \(use.logRetentionDays)\(region)"
    }

    /// An alarm that should watch a figure of a pipeline.
    struct Alarm: Equatable {
        let metric: String
        let why: String
        let condition: String
    }

    static let alarms = [
        Alarm(
            metric: "UnaccountedRows", why: "rows that the books do not account for: a defect of ours",
            condition: "--statistic Maximum --period 3600 --evaluation-periods 1 --comparison-operator GreaterThanThreshold --threshold 0 --treat-missing-data notBreaching"),
        Alarm(
            metric: "RunsSucceeded", why: "no run has succeeded for a day",
            condition: "--statistic Sum --period 86400 --evaluation-periods 1 --comparison-operator LessThanThreshold --threshold 1 --treat-missing-data breaching"),
        Alarm(
            metric: "ItemsUnknown", why: "items without a verdict of Meta's",
            condition: "--statistic Sum --period 86400 --evaluation-periods 1 --comparison-operator GreaterThanThreshold --threshold 0 --treat-missing-data notBreaching"),
    ]

    func alarm(_ alarm: Alarm, namespace: String, pipeline: String) -> String {
        let action = use.topics.first.map { " --alarm-actions \($0)" } ?? ""
        return "aws cloudwatch put-metric-alarm --alarm-name \(ShellWord.quoted("vitrine-\(pipeline)-\(alarm.metric)"))\(region)"
            + " --namespace \(ShellWord.quoted(namespace)) --metric-name \(alarm.metric) --dimensions Name=Pipeline,Value=\(pipeline) \(alarm.condition)\(action)"
    }
}
