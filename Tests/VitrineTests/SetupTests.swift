import AWS
import Foundation
import ObjectStore
import Sandbox
import Settings
import TestKit
import Testing
import Transport

@testable import VitrineApp

@Suite("The rights in AWS")
struct PolicyTests {
    private static func use(_ yaml: String, region: String? = "eu-central-1") throws -> AWSUse {
        AWSUse(try VitrineSettings(yaml: yaml, file: "vitrine.yaml", vocabulary: .vitrine), region: region)
    }

    private static func settings(landing: String = "./landing", synced: String = "./synced", token: String = "env:T", extra: String = "", more: String = "") -> String {
        """
        pipelines:
          shop:
            landing: \(landing)
            synced: \(synced)
        \(extra.isEmpty ? "" : "    \(extra)\n")    catalog: {id: "1", access_token: "\(token)"}
        \(more)

        """
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let yaml: String
        let actions: Set<String>
    }

    private static let bucket: Set = ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]

    static let cases: [Case] = [
        Case(testDescription: "folders need none", yaml: settings(), actions: []),
        Case(testDescription: "a landing zone in a bucket", yaml: settings(landing: "s3://in-here"), actions: bucket),
        Case(testDescription: "synced products in a bucket", yaml: settings(synced: "s3://out-there"), actions: bucket),
        Case(testDescription: "a state in a bucket", yaml: settings(more: "state: s3://kept-here/a"), actions: bucket),
        Case(
            testDescription: "a queue", yaml: settings(landing: "s3://in-here", extra: "watch: {queue: \"https://sqs.eu-central-1.amazonaws.com/123456789012/q\"}"),
            actions: bucket.union(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"])),
        Case(testDescription: "figures", yaml: settings(more: "telemetry: {cloudwatch: {enabled: true}}"), actions: ["cloudwatch:PutMetricData"]),
        Case(testDescription: "figures that are off", yaml: settings(more: "telemetry: {cloudwatch: {enabled: false, log_group: /shop}}"), actions: []),
        Case(
            testDescription: "figures and lines", yaml: settings(more: "telemetry: {cloudwatch: {enabled: true, log_group: /shop}}"),
            actions: ["cloudwatch:PutMetricData", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:PutRetentionPolicy"]),
        Case(testDescription: "a secret", yaml: settings(token: "secretsmanager:meta"), actions: ["secretsmanager:GetSecretValue"]),
        Case(testDescription: "a parameter", yaml: settings(token: "ssm:/shop/meta"), actions: ["ssm:GetParameter"]),
        Case(
            testDescription: "a topic", yaml: settings(more: "alerts: {channels: {p: {kind: sns, topic: \"arn:aws:sns:eu-central-1:123456789012:t\"}}}"),
            actions: ["sns:Publish"]),
    ]

    @Test("follow from the settings", arguments: cases)
    func follow(example: Case) throws { #expect(AWSPolicy(for: try Self.use(example.yaml)).actions == example.actions) }

    private static let everything = settings(
        landing: "s3://shop-exports/catalog", synced: "s3://shop-vitrine", token: "secretsmanager:meta",
        extra: "watch: {queue: \"https://sqs.eu-central-1.amazonaws.com/123456789012/q\"}",
        more: """
            alerts: {channels: {p: {kind: sns, topic: "arn:aws:sns:eu-central-1:123456789012:t"}}}
            telemetry: {cloudwatch: {enabled: true, namespace: Shop, log_group: /shop}, prometheus: {bearer_token: "ssm:/shop/scrape"}}
            state: s3://shop-vitrine/state
            """)

    @Test("of every call that the code can make are given to some settings, and nothing beyond them")
    func whole() throws {
        let use = try Self.use(Self.everything)
        let given = AWSPolicy(for: use).actions.union(AWSPolicy(forSetupOf: use).actions)
        #expect(given == Set(AWSOperation.allCases.flatMap(\.actions)))
        let unsigned = AWSOperation.allCases.filter(\.actions.isEmpty)
        #expect(unsigned == [.assumeRoleWithWebIdentity])
    }

    @Test("on secrets reach each one that the settings name")
    func secrets() throws {
        let yaml = """
            pipelines:
              shop: {landing: ./landing, synced: ./synced, catalog: {id: "1", access_token: "secretsmanager:token", app_secret: "secretsmanager:app"}}
            alerts: {channels: {m: {kind: email, smtp: "smtps://mail.example.com:465", from: a@example.com, to: [b@example.com], user: u, password: "secretsmanager:mail"}}}
            telemetry: {prometheus: {bearer_token: "secretsmanager:scrape", user: u, password: "secretsmanager:page"}}

            """
        let policy = AWSPolicy(for: try Self.use(yaml))
        let names = ["token", "app", "scrape", "page", "mail"]
        #expect(policy.statements.first { $0.Sid == "Secrets" }?.Resource == names.map { "arn:aws:secretsmanager:eu-central-1:*:secret:\($0)-??????" })
    }

    @Test("of the work and of looking at the set-up do not meet")
    func apart() throws {
        let use = try Self.use(Self.everything)
        #expect(AWSPolicy(for: use).actions.isDisjoint(with: AWSPolicy(forSetupOf: use).actions))
    }

    @Test("reach no further than what is named")
    func narrow() throws {
        let use = try Self.use(Self.everything)
        let policy = AWSPolicy(for: use)
        func resources(_ action: String) -> Set<String> { Set(policy.statements.filter { $0.Action.contains(action) }.flatMap(\.Resource)) }
        #expect(resources("s3:GetObject") == ["arn:aws:s3:::shop-exports/catalog/*", "arn:aws:s3:::shop-vitrine/*", "arn:aws:s3:::shop-vitrine/state/*"])
        #expect(resources("s3:ListBucket") == ["arn:aws:s3:::shop-exports", "arn:aws:s3:::shop-vitrine"])
        let list = policy.statements.first { $0.Resource == ["arn:aws:s3:::shop-exports"] }
        #expect(list?.Condition == ["StringLikeIfExists": ["s3:prefix": ["catalog/*"]]])
        #expect(policy.statements.first { $0.Resource == ["arn:aws:s3:::shop-vitrine"] }?.Condition == nil, "the whole bucket is ours")
        #expect(resources("sqs:ReceiveMessage") == ["arn:aws:sqs:eu-central-1:123456789012:q"])
        #expect(resources("sns:Publish") == ["arn:aws:sns:eu-central-1:123456789012:t"])
        #expect(resources("logs:PutLogEvents") == ["arn:aws:logs:eu-central-1:*:log-group:/shop", "arn:aws:logs:eu-central-1:*:log-group:/shop:*"])
        #expect(resources("secretsmanager:GetSecretValue") == ["arn:aws:secretsmanager:eu-central-1:*:secret:meta-??????"])
        #expect(resources("ssm:GetParameter") == ["arn:aws:ssm:eu-central-1:*:parameter/shop/scrape"])
        #expect(policy.statements.first { $0.Action == ["cloudwatch:PutMetricData"] }?.Condition == ["StringEquals": ["cloudwatch:namespace": ["Shop"]]])
        #expect(policy.statements.allSatisfy { !$0.Action.contains { $0.contains("*") } } && Set(policy.statements.map(\.Sid)).count == policy.statements.count)
        let elsewhere = AWSPolicy(for: try Self.use(Self.everything, region: "cn-north-1"))
        #expect(elsewhere.statements.flatMap(\.Resource).contains("arn:aws-cn:s3:::shop-vitrine"))
    }

    @Test("are written in one place: no call in the sources has a name of its own")
    func oneList() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/AWS")
        for case let path as String in FileManager.default.enumerator(atPath: root.path) ?? .init() where path.hasSuffix(".swift") {
            let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
            #expect(text.firstMatch(of: #/(AWSCall|[cC]all\.send|[pP]artCall|\bcall)\(\s*"/#) == nil, "\(path)")
        }
    }
}

@Suite("setup aws --plan, on moto", .enabled(if: Judge.python.isHere))
struct SetupTests {
    private func withShop(makesBuckets: Bool = true, _ body: (BucketShop, Queue, String) async throws -> Void) async throws {
        try await withSandbox { sandbox in
            let moto = try await MotoServer.shared()
            let queue = try await Queue.make(on: moto)
            let topic = "arn:aws:sns:eu-central-1:123456789012:alerts-\(UUID().uuidString.prefix(8).lowercased())"
            let shop = try await BucketShop(
                graphURL: sandbox.graphURL, makesBuckets: makesBuckets, extra: "    watch: {queue: \"\(queue.url)\"}", keepsState: true, topic: topic)
            try await body(shop, queue, topic)
        }
    }

    private func plan(_ shop: BucketShop, environment: [String: String] = [:]) async throws -> JSON {
        let finished = try await shop.run("setup", "aws", "--plan", "--output", "json", environment: environment)
        #expect(finished.code == 0, "\(finished.stdout)\(finished.stderr)")
        return try finished.document()
    }

    private func kinds(_ plan: JSON, _ list: String = "missing") -> [String] { plan[list].elements.compactMap { $0["kind"].text }.sorted() }

    @Test("names what is missing with a command for each, and nothing once it is there")
    func missing() async throws {
        try await withShop { shop, queue, topic in
            let before = try await plan(shop)
            #expect(kinds(before) == ["alarm", "alarm", "alarm", "dead_letters", "lifecycle", "lifecycle", "lifecycle", "log_group", "notification", "queue_policy", "topic"], "\(before)")
            #expect(before["unseen"].elements.isEmpty && before["policy.Version"].text == "2012-10-17" && before["policy.Statement"].elements.count == 10, "\(before)")
            #expect(before["missing"].elements.allSatisfy { $0["command"].text?.contains("aws ") == true && $0["why"].text?.isEmpty == false })

            try await make(shop, queue, topic)
            let after = try await plan(shop)
            #expect(after["missing"].elements.isEmpty && after["unseen"].elements.isEmpty, "\(after)")
            let text = try await shop.run("setup", "aws", "--plan")
            #expect(text.code == 0 && text.stdout.hasPrefix("Nothing is missing.") && text.stdout.contains("\"s3:GetObject\""), "\(text.stdout)")
        }
    }

    /// All of it, as infrastructure code would.
    private func make(_ shop: BucketShop, _ queue: Queue, _ topic: String) async throws {
        let moto = shop.moto
        let uploads = "<Rule><ID>u</ID><Filter/><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
        func rule(_ prefix: String, _ days: Int) -> String {
            "<Rule><ID>\(prefix)</ID><Filter><Prefix>\(prefix)</Prefix></Filter><Status>Enabled</Status><Expiration><Days>\(days)</Days></Expiration></Rule>"
        }
        for (bucket, rules) in [(shop.landing, [rule("zone/archive/", 30), rule("zone/rejected/", 30)]), (shop.synced, [rule("shop/", 400)]), (shop.state, [])] {
            _ = try await moto.ask(
                .put, "/\(bucket)?lifecycle=", service: "s3", body: "<LifecycleConfiguration>\(uploads)\(rules.joined())</LifecycleConfiguration>")
        }
        let dead = #"{"QueueUrl":"\#(queue.url)","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"\#(try await Queue.make(on: moto).arn)\",\"maxReceiveCount\":\"5\"}"}}"#
        _ = try await moto.ask("sqs", "AmazonSQS.SetQueueAttributes", dead, version: "1.0")
        let mayNot = try await plan(shop)
        let command = try #require(mayNot["missing"].elements.first { $0["kind"].text == "queue_policy" }?["command"].text)
        #expect(command.contains("aws sqs set-queue-attributes") && command.contains("aws:SourceArn") && command.contains("arn:aws:s3:::\(shop.landing)"))
        _ = try await moto.ask("sqs", "AmazonSQS.SetQueueAttributes", try Self.attributes(of: command, for: queue), version: "1.0")
        #expect(!kinds(try await plan(shop)).contains("queue_policy"), "what the command does is what is looked for")
        let notification = """
            <NotificationConfiguration><QueueConfiguration><Id>v</Id><Queue>\(queue.arn)</Queue><Event>s3:ObjectCreated:*</Event>
            <Filter><S3Key><FilterRule><Name>prefix</Name><Value>zone/data/</Value></FilterRule></S3Key></Filter></QueueConfiguration></NotificationConfiguration>
            """
        _ = try await moto.ask(.put, "/\(shop.landing)?notification=", service: "s3", body: notification)
        _ = try await moto.ask("sns", form: "Action=CreateTopic&Version=2010-03-31&Name=\(topic.split(separator: ":").last ?? "")")
        _ = try await moto.ask("logs", "Logs_20140328.CreateLogGroup", #"{"logGroupName":"\#(shop.logGroup)"}"#)
        let half = try await plan(shop)
        #expect(kinds(half).contains("log_retention"), "a group that keeps lines for ever: \(half)")
        _ = try await moto.ask("logs", "Logs_20140328.PutRetentionPolicy", #"{"logGroupName":"\#(shop.logGroup)","retentionInDays":30}"#)
        for metric in ["UnaccountedRows", "RunsSucceeded", "ItemsUnknown"] {
            let alarm = """
                {"AlarmName":"\(shop.namespace)-\(metric)","Namespace":"\(shop.namespace)","MetricName":"\(metric)","Dimensions":[{"Name":"Pipeline","Value":"shop"}],
                "Period":3600,"EvaluationPeriods":1,"Threshold":0,"ComparisonOperator":"GreaterThanThreshold","Statistic":"Sum"}
                """
            _ = try await moto.ask("monitoring", "GraniteServiceVersion20100801.PutMetricAlarm", alarm, version: "1.0")
        }
    }

    /// What the printed command would send.
    private static func attributes(of command: String, for queue: Queue) throws -> String {
        let text = try #require(command.components(separatedBy: "--attributes '").last?.dropLast())
        let attributes = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let body = try JSONSerialization.data(withJSONObject: ["QueueUrl": queue.url, "Attributes": attributes])
        return String(decoding: body, as: UTF8.self)
    }

    @Test("a bucket with other rules, or a queue with other notifications, keeps them: get, add, put")
    func keepsOthers() throws {
        let use = AWSUse(try VitrineSettings(yaml: "pipelines: {shop: {landing: s3://in-here, synced: ./synced, catalog: {id: \"1\", access_token: env:T}}}", file: "v.yaml", vocabulary: .vitrine), region: nil)
        let commands = SetupCommands(use: use)
        let place = try #require(S3Place(url: "s3://in-here"))
        let queue = AWSUse.Queue(pipeline: "shop", url: "https://sqs.eu-central-1.amazonaws.com/123456789012/q", landing: place)
        let lifecycle = commands.lifecycle("in-here", missing: [.init(id: "u", prefix: "", abortsUploadsAfterDays: 7)], hasOthers: true)
        #expect(lifecycle.contains("--query '{Rules: Rules}' > rules.json"), "newer tools answer more than the put takes")
        let notification = commands.notification(queue, place, hasOthers: true)
        #expect(notification.contains("get-bucket-notification-configuration") && notification.contains("file://notifications.json"))
        #expect(commands.queuePolicy(queue, place, hasOthers: true).contains("get-queue-attributes"))
    }

    @Test(
        "a queue's policy lets a bucket send in whichever words",
        arguments: [
            ("", false), (#"{"Principal":{"Service":"sns.amazonaws.com"}}"#, false), (#"{"Service":"s3.amazonaws.com"}"#, true),
            (#"{"Service":"s3.amazonaws.com","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:in-here"}}}"#, true),
            (#"{"Service":"s3.amazonaws.com","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::in-here-too"}}}"#, false),
        ])
    func lets(policy: String, expected: Bool) { #expect(SetupLook.lets("in-here", sendUnder: policy) == expected) }

    @Test("buckets that nobody has made are missing, with the command that makes them")
    func buckets() async throws {
        try await withShop(makesBuckets: false) { shop, _, _ in
            let found = try await plan(shop)
            #expect(kinds(found).count { $0 == "bucket" } == 3, "\(found)")
            #expect(found["missing"].elements.contains { $0["command"].text?.contains("create-bucket --bucket \(shop.landing) --region eu-central-1") == true })
        }
    }

    @Test("what may not be looked at could not be seen, and is not said to be missing")
    func unseen() async throws {
        try await withShop { shop, _, _ in
            try await shop.moto.forbid(token: "no-rights-\(shop.state)")
            let found = try await plan(shop, environment: ["AWS_SESSION_TOKEN": "no-rights-\(shop.state)"])
            #expect(found["missing"].elements.isEmpty && kinds(found, "unseen").count == 10, "\(found)")
            #expect(found["unseen"].elements.contains { $0["remedy"].text?.contains("s3:GetLifecycleConfiguration") == true }, "\(found)")
            #expect(found["policy.Statement"].elements.count == 10)
        }
    }

    @Test("without --plan it is a wrong use, in words; without credentials 77, and the policy all the same")
    func refusals() async throws {
        try await withShop { shop, _, _ in
            let bare = try await shop.run("setup", "aws", "--output", "json")
            #expect(bare.code == 64)
            #expect(try bare.document()["error.remedy"].text?.contains("--plan") == true)
            let none = ["AWS_ENDPOINT_URL": shop.moto.url, "AWS_REGION": "eu-central-1", "AWS_EC2_METADATA_DISABLED": "true"]
            let finished = try await shop.shop.start(["setup", "aws", "--plan", "--output", "json"], environment: none).end()
            #expect(finished.code == 77, "\(finished.stdout)")
            #expect(try finished.document()["policy.Statement"].elements.count == 10)
        }
    }
}
