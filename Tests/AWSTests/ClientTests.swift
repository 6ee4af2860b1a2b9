import Events
import Synchronization
import Testing
import Transport

@testable import AWS

@Suite("One call and its tries")
struct ClientTests {
    private func queue(_ transport: ScriptedTransport, _ world: TestWorld = TestWorld(TestWorld.keys), _ reporter: Reporter = .silent) -> SQS {
        SQS(in: AWSSession(configuration: .load(world: world.world, region: nil), transport: transport, world: world.world, reporter: reporter))
    }

    @Test("is signed anew for each try, which comes later")
    func retried() async throws {
        let world = TestWorld(TestWorld.keys)
        let transport = ScriptedTransport(.answer(503, #"{"__type":"ServiceUnavailable"}"#), .failed(.connect), .answer(200, "{}"))
        _ = try await queue(transport, world).delete("https://q", receipts: ["r"])
        #expect(world.sleeps.count == 2)
        #expect(Set(transport.requests.map { $0.header("x-amz-date") }).count >= 2)
        #expect(transport.requests.first?.header("x-amz-target") == "AmazonSQS.DeleteMessageBatch")
        #expect(transport.requests.first?.text == #"{"Entries":[{"Id":"m0","ReceiptHandle":"r"}],"QueueUrl":"https://q"}"#)
    }

    @Test("ends with what AWS said last", arguments: [
        (.answer(503, #"{"__type":"x.y#ServiceUnavailable","message":"down"}"#), .service, 3), (.answer(400, #"{"__type":"ThrottlingException"}"#), .throttled, 3),
        (.answer(400, #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","Message":"no"}"#), .notFound, 1),
        (.answer(403, #"{"__type":"AccessDeniedException"}"#), .denied, 1), (.answer(400, #"{"__type":"UnrecognizedClientException"}"#), .denied, 1),
        (.answer(200, "not json"), .malformedAnswer, 1), (.failed(.timeout), .transport(.timeout), 3), (.failed(.tls), .transport(.tls), 1),
        (.failed(.cancelled), .cancelled, 1), (.answer(400, "<html>"), .refused, 1),
    ] as [(ScriptedTransport.Reply, AWSError.Reason, Int)])
    func ends(reply: ScriptedTransport.Reply, reason: AWSError.Reason, tries: Int) async {
        let transport = ScriptedTransport(reply)
        let error = await #expect(throws: AWSError.self) { try await queue(transport).receive("https://q") }
        #expect(error?.reason == reason && transport.requests.count == tries)
        #expect(error?.remedy.hasSuffix(".") == true && error?.culprit.hasPrefix("sqs ReceiveMessage https://q") == true, "\(error?.description ?? "")")
    }

    @Test("says of messages that could not be hidden for longer which are another's by now, and which may be ours still")
    func unchanged() async throws {
        let transport = ScriptedTransport(.answer(200, """
            {"Successful":[{"Id":"m0"}],"Failed":[{"Id":"m1","Code":"ReceiptHandleIsInvalid","SenderFault":true},{"Id":"m2","Code":"InternalError","SenderFault":false},
            {"Id":"m3","Code":"AWS.SimpleQueueService.MessageNotInflight","SenderFault":true}]}
            """))
        let unchanged = try await queue(transport).changeVisibility("https://q", receipts: ["a", "b", "c", "d"], to: .seconds(120))
        #expect(unchanged.gone == [1, 3] && unchanged.refused == ["InternalError"])
    }

    @Test("takes AWS's time where its own clock is wrong, once, and keeps to it")
    func skew() async throws {
        let world = TestWorld(TestWorld.keys)
        let refusal = ScriptedTransport.Reply.answer(
            403, #"{"__type":"InvalidSignatureException","message":"Signature expired"}"#, [(name: "Date", value: "Sat, 21 Nov 2026 14:00:00 GMT")])
        let events = EventLog()
        let transport = ScriptedTransport(refusal, .answer(200, "{}"))
        let queue = queue(transport, world, Reporter(sink: events))
        _ = try await queue.delete("q", receipts: ["r"])
        _ = try await queue.delete("q", receipts: ["r"])
        #expect(transport.requests.map { $0.header("x-amz-date") } == ["20261121T120000Z", "20261121T140000Z", "20261121T140000Z"])
        #expect(world.sleeps.isEmpty && events.names.contains("aws.clock_corrected"))

        let near = ScriptedTransport(.answer(403, #"{"__type":"InvalidSignatureException"}"#, [(name: "Date", value: "Sat, 21 Nov 2026 12:03:00 GMT")]))
        let error = await #expect(throws: AWSError.self) { try await self.queue(near).delete("q", receipts: ["r"]) }
        #expect(error?.reason == .denied && near.requests.count == 1)
        let always = ScriptedTransport(refusal)
        await #expect(throws: AWSError.self) { try await self.queue(always).delete("q", receipts: ["r"]) }
        #expect(always.requests.count == 2)
    }

    @Test("looks for new credentials where its own have ended, once")
    func expired() async throws {
        let world = TestWorld(["AWS_REGION": "eu-central-1"])
        func keys(_ id: String) -> ScriptedTransport.Reply {
            .answer(200, #"{"AccessKeyId":"\#(id)","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-21T18:00:00Z"}"#)
        }
        let transport = ScriptedTransport(
            .answer(200, "T"), .answer(200, "r"), keys("OLD"), .answer(400, #"{"__type":"ExpiredTokenException"}"#), .answer(200, "T"), .answer(200, "r"), keys("NEW"),
            .answer(200, "{}"))
        _ = try await queue(transport, world).delete("q", receipts: ["r"])
        let signed = transport.requests.compactMap { $0.header("authorization") }
        #expect(signed.map { $0.contains("Credential=OLD/") } == [true, false] && signed[1].contains("Credential=NEW/"))
        let fixed = ScriptedTransport(.answer(400, #"{"__type":"ExpiredTokenException"}"#))
        let error = await #expect(throws: AWSError.self) { try await queue(fixed).delete("q", receipts: ["r"]) }
        #expect(error?.reason == .expired && fixed.requests.count == 1, "keys that stay the same are not tried again")
    }

    @Test("is not sent again where it may have counted already, and must not count twice", arguments: [
        (.failed(.timeout, mayHaveArrived: true), 1), (.failed(.closedBeforeAnswer, mayHaveArrived: true), 1), (.failed(.connect), 3), (.answer(503), 3), (.answer(400, #"{"__type":"Throttling"}"#), 3),
    ] as [(ScriptedTransport.Reply, Int)])
    func once(reply: ScriptedTransport.Reply, tries: Int) async {
        let transport = ScriptedTransport(reply)
        let world = TestWorld(TestWorld.keys)
        let session = AWSSession(configuration: .load(world: world.world, region: nil), transport: transport, world: world.world)
        await #expect(throws: AWSError.self) { try await CloudWatch(in: session).put([], namespace: "N") }
        #expect(transport.requests.count == tries)
    }

    @Test("stops where it is told to while it waits")
    func cancelled() async {
        var world = TestWorld(TestWorld.keys).world
        world.sleep = { _ in throw CancellationError() }
        let session = AWSSession(configuration: .load(world: world, region: nil), transport: ScriptedTransport(.answer(503)), world: world)
        let error = await #expect(throws: AWSError.self) { try await SQS(in: session).delete("q", receipts: ["r"]) }
        #expect(error?.reason == .cancelled)
    }

    @Test("says each try as an event that the metrics take, and never a key")
    func events() async throws {
        let events = EventLog()
        let transport = ScriptedTransport(.answer(503, #"{"__type":"SlowDown"}"#), .answer(200, "{}"))
        _ = try await queue(transport, TestWorld(TestWorld.keys), Reporter(sink: events)).delete("q", receipts: ["r"])
        #expect(events.names == ["aws.credentials", "aws.call", "aws.retried", "aws.call"])
        for example in AWSEvent.examples {
            var signal = Signal()
            example.describe(to: &signal)
            #expect(signal.problems == [])
        }
        #expect(Set(AWSEvent.examples.map(\.name)) == Set(AWSEvent.Name.allCases))
        #expect(AWSService.allCases.allSatisfy { AWSService.apis.contains($0.api) })
    }

    @Test("makes of a subject what SNS takes")
    func subject() {
        #expect(SNS.cleaned("a\r\nb\u{2028}c\u{7}") == "a  b c")
        #expect(SNS.cleaned(String(repeating: "é", count: 200)).count == 99)
    }
}

final class EventLog: EventSink {
    private let log = Mutex<[String]>([])
    var names: [String] { log.withLock(\.self) }
    func receive(_ event: some Event, in scope: EventScope) { log.withLock { $0.append(event.name.rawValue) } }
}
