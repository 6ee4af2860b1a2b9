import Events
import Foundation
import Synchronization
import TestKit
import Testing
import Transport

@testable import AWS

/// Each call once against moto, which is not ours: what it takes and gives is not our opinion of the protocol.
@Suite("Each call, on moto", .enabled(if: Judge.python.isHere))
struct MotoTests {
    private let server: MotoServer
    private let session: AWSSession

    init() async throws {
        server = try await MotoServer.shared()
        let world = AWSWorld(
            environment: server.environment, readFile: { _ in nil }, now: { Timestamp(seconds: Date().timeIntervalSince1970) },
            sleep: { _ in try Task.checkCancellation() }, random: { .random(in: .min ... .max) })
        session = AWSSession(configuration: .load(world: world, region: nil), transport: try CurlTransport(), world: world)
    }

    private static func fresh(_ name: String) -> String { "\(name)-\(UUID().uuidString.prefix(8).lowercased())" }

    @Test("SQS gives a message, hides it, gives it back when told to, and forgets it when it is deleted")
    func sqs() async throws {
        struct Created: Decodable { let QueueUrl: String }
        let answer = try await server.ask("sqs", "AmazonSQS.CreateQueue", #"{"QueueName":"\#(Self.fresh("news"))"}"#, version: "1.0")
        let queue = try JSONDecoder().decode(Created.self, from: Data(answer)).QueueUrl
        let sqs = SQS(in: session)
        #expect(try await sqs.receive(queue, wait: .zero) == [])
        let body = #"{"QueueUrl":"\#(queue)","MessageBody":"{\"Event\":\"s3:TestEvent\"}"}"#
        _ = try await server.ask("sqs", "AmazonSQS.SendMessage", body, version: "1.0")
        let message = try #require(try await sqs.receive(queue, wait: .seconds(1), visibility: .seconds(60)).first)
        #expect(message.body == #"{"Event":"s3:TestEvent"}"# && !message.id.isEmpty)
        #expect(try await sqs.receive(queue, wait: .zero) == [])
        #expect(try await sqs.changeVisibility(queue, receipts: [message.receipt], to: .zero) == SQS.Unchanged())
        let again = try #require(try await sqs.receive(queue, wait: .zero).first)
        #expect(again.id == message.id && again.receipt != message.receipt)
        #expect(try await sqs.delete(queue, receipts: [again.receipt]) == 0)
        #expect(try await sqs.changeVisibility(queue, receipts: [again.receipt, "no-such-receipt"], to: .seconds(1)).gone == [0, 1])
        let error = await #expect(throws: AWSError.self) { try await sqs.receive(queue + "-missing", wait: .zero) }
        #expect(error?.reason == .notFound)
    }

    /// An endpoint that knows no JSON.
    private final class FormOnly: HTTPTransport {
        let transport: CurlTransport
        let refusal: HTTPResponse
        let log = Mutex<[String]>([])

        init(transport: CurlTransport, refusal: HTTPResponse) {
            self.transport = transport
            self.refusal = refusal
        }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let isJSON = request.headers.contains { $0.name == "X-Amz-Target" }
            log.withLock { $0.append(isJSON ? "json" : "form") }
            return isJSON ? refusal : try await transport.send(request)
        }
    }

    @Test("where the endpoint takes no JSON the figures go as a form, from then on", arguments: [
        HTTPResponse(status: 415, body: []), HTTPResponse(status: 404, body: Array("<html>".utf8)),
        HTTPResponse(status: 400, body: Array(#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#.utf8)),
    ])
    func formOnly(refusal: HTTPResponse) async throws {
        let world = AWSWorld(
            environment: server.environment, readFile: { _ in nil }, now: { Timestamp(seconds: Date().timeIntervalSince1970) },
            sleep: { _ in try Task.checkCancellation() }, random: { .random(in: .min ... .max) })
        let transport = FormOnly(transport: try CurlTransport(), refusal: refusal)
        let cloudWatch = CloudWatch(in: AWSSession(configuration: .load(world: world, region: nil), transport: transport, world: world))
        let namespace = Self.fresh("forms")
        let now = Timestamp(seconds: Date().timeIntervalSince1970)
        for value in [2.0, 3.5] {
            try await cloudWatch.put(
                [
                    MetricDatum("Some", [.init("Pipeline", "shop & co")], .count, at: now, .value(value)),
                    MetricDatum("Many", [.init("Pipeline", "shop & co")], .seconds, at: now, .values([1, 4], counts: [2, 1])),
                ], namespace: namespace)
        }
        #expect(transport.log.withLock { $0 } == ["json", "form", "form"])
        for (metric, sum) in [("Some", 5.5), ("Many", 12)] {
            let body = """
                {"Namespace":"\(namespace)","MetricName":"\(metric)","Dimensions":[{"Name":"Pipeline","Value":"shop & co"}],"StartTime":1500000000,"EndTime":4000000000,
                "Period":2000000000,"Statistics":["Sum"]}
                """
            struct Answer: Decodable {
                struct Point: Decodable { let Sum: Double }
                let Datapoints: [Point]
            }
            let answer = try await server.ask("monitoring", "GraniteServiceVersion20100801.GetMetricStatistics", body, version: "1.0")
            #expect(try JSONDecoder().decode(Answer.self, from: Data(answer)).Datapoints.map(\.Sum).reduce(0, +) == sum, "\(metric)")
        }
    }

    /// What a queue gets that subscribed to a topic.
    private struct Notification: Decodable {
        struct Attribute: Decodable, Equatable { let Value: String }
        let MessageId, Message, Subject: String
        let MessageAttributes: [String: Attribute]
    }

    @Test("SNS takes a message with its subject and attributes, and who subscribed has it")
    func sns() async throws {
        let name = Self.fresh("alerts")
        _ = try await server.ask("sns", form: "Action=CreateTopic&Version=2010-03-31&Name=\(name)")
        _ = try await server.ask("sqs", "AmazonSQS.CreateQueue", #"{"QueueName":"\#(name)"}"#, version: "1.0")
        let topic = "arn:aws:sns:eu-central-1:123456789012:\(name)"
        let queue = "arn:aws:sqs:eu-central-1:123456789012:\(name)"
        _ = try await server.ask("sns", form: "Action=Subscribe&Version=2010-03-31&TopicArn=\(topic)&Protocol=sqs&Endpoint=\(queue)")
        let text = "خطأ في 3 منتجات\n& more = 100 % + ü"
        let id = try await SNS(in: session).publish(
            topic: topic, subject: "3 items refused\r\n", message: text, attributes: [(name: "pipeline", value: "shop & co"), (name: "empty", value: "")])
        let received = try #require(try await SQS(in: session).receive("\(server.url)/123456789012/\(name)", wait: .seconds(1)).first)
        let notification = try JSONDecoder().decode(Notification.self, from: Data(received.body.utf8))
        #expect(notification.MessageId == id && notification.Message == text && notification.Subject == "3 items refused")
        #expect(notification.MessageAttributes == ["pipeline": .init(Value: "shop & co")])
        let error = await #expect(throws: AWSError.self) { try await SNS(in: session).publish(topic: topic + "x", subject: "s", message: "m") }
        #expect(error?.reason == .notFound)
    }

    @Test("Secrets Manager and the parameter store give what was put there, as secrets")
    func secrets() async throws {
        let name = Self.fresh("shop/token")
        _ = try await server.ask("secretsmanager", "secretsmanager.CreateSecret", #"{"Name":"\#(name)","SecretString":"s3cr3t=+é"}"#)
        #expect(try await SecretsManager(in: session).value(name).reveal() == "s3cr3t=+é")
        _ = try await server.ask("ssm", "AmazonSSM.PutParameter", #"{"Name":"/\#(name)","Value":"from ssm","Type":"SecureString"}"#)
        #expect(try await ParameterStore(in: session).value("/" + name).reveal() == "from ssm")
        for call in [{ try await SecretsManager(in: session).value(name + "x") }, { try await ParameterStore(in: session).value("/" + name + "x") }] {
            let error = await #expect(throws: AWSError.self) { try await call() }
            #expect(error?.reason == .notFound)
        }
    }

    @Test("STS gives keys for a token, with an end")
    func sts() async throws {
        var world = session.world
        world.environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token"
        world.environment["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/shop"
        world.readFile = { $0 == "/token" ? "a.b.c" : nil }
        let source = WebIdentitySource(world: world, transport: session.transport)
        guard case .found(let keys) = try await source.load() else { throw CancellationError() }
        #expect(keys.accessKeyID.hasPrefix("ASIA") && keys.sessionToken != nil && keys.expiresAt.map { $0 > world.now() } == true)
    }

    @Test("the instance metadata gives keys to who asks with a token")
    func instance() async throws {
        var world = session.world
        world.environment = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/"]
        guard case .found(let keys) = try await InstanceSource(world: world, transport: Patient(base: session.transport)).load() else { throw CancellationError() }
        #expect(!keys.accessKeyID.isEmpty && keys.expiresAt != nil)
    }

    @Test("S3's errors are told apart by their XML")
    func s3Errors() async throws {
        let bucket = S3Bucket(Self.fresh("missing"), in: session)
        let error = await #expect(throws: AWSError.self) { try await bucket.list(prefix: "") }
        #expect(error?.reason == .notFound && error?.code == "NoSuchBucket" && error?.status == 404)
        #expect(try await bucket.head("k") == nil)
    }
}

/// Waits longer than a source would: this machine may be busy, and moto is slow to begin.
private struct Patient: HTTPTransport {
    let base: any HTTPTransport

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        var request = request
        request.timeout = .seconds(30)
        return try await base.send(request)
    }
}

/// moto with its gate closed: who is not known, or signs wrongly, is refused. Only for simple names, since it judges the decoded path.
@Suite("Signatures, on moto", .enabled(if: Judge.python.isHere))
struct SignatureTests {
    @Test("are taken from who is known, and refused from who is not")
    func gate() async throws {
        // A server of its own: the gate is closed for all.
        let server = try await MotoServer.start(environment: ["INITIAL_NO_AUTH_ACTION_COUNT": "4"])
        _ = try await server.ask("iam", form: "Action=CreateUser&Version=2010-05-08&UserName=vitrine")
        let policy = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D"
        _ = try await server.ask("iam", form: "Action=PutUserPolicy&Version=2010-05-08&UserName=vitrine&PolicyName=all&PolicyDocument=\(policy)")
        let created = try await server.ask("iam", form: "Action=CreateAccessKey&Version=2010-05-08&UserName=vitrine")
        let key = try #require(try XMLElement.read(created)["CreateAccessKeyResult"]?["AccessKey"])
        _ = try await server.ask("sqs", "AmazonSQS.CreateQueue", #"{"QueueName":"q"}"#, version: "1.0")
        let (id, secret) = (try #require(key["AccessKeyId"]?.text), try #require(key["SecretAccessKey"]?.text))

        #expect(try await code(server, id, secret) == nil)
        #expect(try await code(server, id, "wrong") == "SignatureDoesNotMatch")
        #expect(try await code(server, "AKIAUNKNOWN000000000", secret) == "InvalidClientTokenId")
    }

    /// Nil where the call succeeds.
    private func code(_ server: MotoServer, _ id: String, _ secret: String) async throws -> String? {
        var environment = server.environment
        environment["AWS_ACCESS_KEY_ID"] = id
        environment["AWS_SECRET_ACCESS_KEY"] = secret
        let world = AWSWorld(
            environment: environment, readFile: { _ in nil }, now: { Timestamp(seconds: Date().timeIntervalSince1970) }, sleep: { _ in }, random: { 0 })
        let session = AWSSession(configuration: .load(world: world, region: nil), transport: try CurlTransport(), world: world)
        do {
            #expect(try await SQS(in: session).receive("\(server.url)/123456789012/q", wait: .zero) == [])
            return nil
        } catch {
            #expect(error.reason == .denied)
            return error.code
        }
    }
}
