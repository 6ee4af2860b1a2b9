import Events
import Foundation
import Synchronization
import TestKit
import Testing
import Transport
@testable import Alerting

@Suite("Webhooks and topics")
struct WebhookTests {
    private final class Answering: HTTPTransport {
        let status: Int
        private let kept = Mutex<[HTTPRequest]>([])
        var requests: [HTTPRequest] { kept.withLock { $0 } }
        init(_ status: Int) { self.status = status }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            kept.withLock { $0.append(request) }
            return HTTPResponse(status: status, headers: HTTPHeaders(), body: [], retryAfter: nil, timings: HTTPTimings())
        }
    }

    @Test("the body has every field of Alertmanager's webhook, version 4")
    func body() async throws {
        let transport = Answering(200)
        let channel = WebhookChannel(name: "chat", url: "http://chat.internal/hook", transport: transport)
        for notice in Sample.story { try await channel.send(notice, insteadOf: nil) }
        let bodies = try transport.requests.map { try #require(try JSONSerialization.jsonObject(with: Data($0.body ?? [])) as? [String: Any]) }
        let fields: Set = ["version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "alerts"]
        #expect(bodies.allSatisfy { Set($0.keys) == fields })
        #expect(bodies.map { $0["status"] as? String } == ["firing", "firing", "resolved"])
        #expect(bodies[0]["version"] as? String == "4")
        let alert = try #require((bodies[0]["alerts"] as? [[String: Any]])?.first)
        #expect(Set(alert.keys) == ["status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"])
        #expect(alert["labels"] as? [String: String] == ["alertname": "many-refused", "pipeline": "متجر بغداد", "severity": "critical"])
        #expect(alert["endsAt"] as? String == "0001-01-01T00:00:00Z")
        #expect(transport.requests[0].headers.map(\.value) == ["application/json"])
    }

    @Test("what is tried again and what is not", arguments: [(400, true), (404, true), (408, false), (429, false), (500, false), (503, false), (302, true)])
    func statuses(status: Int, isFinal: Bool) async {
        let channel = WebhookChannel(name: "chat", url: "https://chat.example/s3cret", transport: Answering(status))
        do throws(DeliveryFailure) {
            try await channel.send(Sample.story[0], insteadOf: nil)
            Issue.record("\(status) was taken for a success")
        } catch {
            #expect(error.isFinal == isFinal)
            #expect(!error.description.contains("s3cret"))
        }
    }

    @Test("attack strings are valid JSON and change no label's name", arguments: Attack.strings)
    func attacks(text: String) throws {
        let body = WebhookBody(Attack.notice(text), receiver: text, insteadOf: text)
        #expect(try JSONDecoder().decode(WebhookBody.self, from: Data(body.json)) == body)
        #expect(Set(body.commonLabels.keys) == ["alertname", "pipeline", "severity"])
        #expect(body.json.count < 256 << 10)
        let message = TopicChannel.message(Attack.notice(text), insteadOf: nil)
        #expect(message.subject.unicodeScalars.count <= TopicChannel.longestSubject && !message.subject.unicodeScalars.contains(where: PlainText.isControl))
        #expect(message.text.utf8.count <= TopicChannel.longestText)
        #expect(message.attributes.map(\.name) == ["pipeline", "rule", "severity", "status"])
    }

    @Test("a topic is told subject, text and attributes; its failure comes back")
    func topic() async throws {
        let kept = Mutex<[TopicChannel.Message]>([])
        let channel = TopicChannel { message in kept.withLock { $0.append(message) } }
        for notice in Sample.story { try await channel.send(notice, insteadOf: nil) }
        let messages = kept.withLock { $0 }
        #expect(messages.map { $0.attributes[3].value } == ["firing", "firing", "resolved"])
        #expect(messages[2].subject == "[vitrine] resolved: متجر بغداد: many-refused")
        let down = TopicChannel { _ throws(DeliveryFailure) in throw ScriptedChannel.down }
        await #expect(throws: ScriptedChannel.down) { try await down.send(Sample.story[0], insteadOf: nil) }
    }

    @Test("a text beyond the limit of a topic is cut between two letters, and says so")
    func cut() {
        let long = String(repeating: "غ", count: TopicChannel.longestText)
        let (text, isCut) = TopicChannel.cut(long)
        #expect(isCut && text.utf8.count == TopicChannel.longestText && text.unicodeScalars.allSatisfy { $0 == "غ" })
        #expect(TopicChannel.cut("short") == ("short", false))
    }

    @Test("Alertmanager takes the alerts of the body, and takes back what is resolved", .enabled(if: Judge.alertmanager.isHere))
    func alertmanager() async throws {
        let server = try AlertmanagerServer()
        defer { server.stop() }
        // Its clock is the real one: what is to be over has to lie in the past.
        let story = Sample.story(at: Timestamp(year: 2020, month: 1, day: 1))
        func post(_ notice: AlertNotice) async throws {
            let data = try JSONEncoder().encode(WebhookBody(notice, receiver: "chat", insteadOf: nil).alerts)
            try await server.post("/api/v2/alerts", data)
        }
        try await post(story[0])
        let open = try await server.alerts()
        #expect(open.map(\.labels) == [["alertname": "many-refused", "pipeline": "متجر بغداد", "severity": "critical"]])
        #expect(open.first?.annotations["summary"] == "items_refused is 30 of 200 items_sent (15 %), above 5 %.")
        try await post(story[1])
        #expect(try await server.alerts().count == 1, "the same labels are the same alert")
        for text in Attack.strings { try await post(Attack.notice(text)) }
        let expected = Set(["many-refused"] + Attack.strings.map { PlainText.line($0, limit: 200) })
        #expect(try await Set(server.alerts().compactMap { $0.labels["alertname"] }) == expected)
        try await post(story[2])
        #expect(try await !server.alerts().contains { $0.labels["alertname"] == "many-refused" })
    }
}
