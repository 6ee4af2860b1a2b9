import Foundation
import TestKit

/// A queue of moto's that a test fills and looks at behind the back of the code under test.
struct Queue {
    let moto: MotoServer
    let url: String

    static func make(on moto: MotoServer) async throws -> Queue {
        let name = "files-\(UUID().uuidString.prefix(8).lowercased())"
        let body = #"{"QueueName":"\#(name)"}"#
        let answer = try await moto.ask("sqs", "AmazonSQS.CreateQueue", body, version: "1.0")
        let url = JSON(value: try JSONSerialization.jsonObject(with: Data(answer)))["QueueUrl"].text ?? ""
        return Queue(moto: moto, url: url)
    }

    var arn: String { "arn:aws:sqs:eu-central-1:123456789012:\(url.split(separator: "/").last ?? "")" }

    func send(_ text: String) async throws {
        let body = try JSONSerialization.data(withJSONObject: ["QueueUrl": url, "MessageBody": text])
        _ = try await moto.ask("sqs", "AmazonSQS.SendMessage", String(decoding: body, as: UTF8.self), version: "1.0")
    }

    /// Messages that are in it, hidden or not.
    func count() async throws -> Int { try await count(["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]) }

    /// Those that somebody has received and not deleted.
    func hidden() async throws -> Int { try await count(["ApproximateNumberOfMessagesNotVisible"]) }

    private func count(_ names: [String]) async throws -> Int {
        let body = #"{"QueueUrl":"\#(url)","AttributeNames":["ApproximateNumberOfMessages","ApproximateNumberOfMessagesNotVisible"]}"#
        let answer = try await moto.ask("sqs", "AmazonSQS.GetQueueAttributes", body, version: "1.0")
        let attributes = JSON(value: try JSONSerialization.jsonObject(with: Data(answer)))["Attributes"]
        return names.reduce(0) { $0 + (Int(attributes[$1].text ?? "") ?? 0) }
    }

    /// Until it holds so many, or the process has ended.
    func comes(to count: Int, unless running: Running) async throws -> Bool {
        while try await self.count() != count { if running.hasEnded { return false } }
        return true
    }

    static func created(_ key: String, in bucket: String, event: String = "ObjectCreated:Put") -> String {
        let encoded = key.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "/-._"))) ?? key
        return #"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"\#(event)","s3":{"bucket":{"name":"\#(bucket)"},"object":{"key":"\#(encoded)"}}}]}"#
    }

    /// What time does by itself: hidden messages can be received again.
    func showAll() async throws { try await moto.showMessages(ofQueue: url.split(separator: "/").last.map(String.init) ?? "") }

    /// A topic that tells this queue.
    func topic() async throws -> String {
        let name = "topic-\(UUID().uuidString.prefix(8).lowercased())"
        _ = try await moto.ask("sns", form: "Action=CreateTopic&Version=2010-03-31&Name=\(name)")
        let topic = "arn:aws:sns:eu-central-1:123456789012:\(name)"
        _ = try await moto.ask("sns", form: "Action=Subscribe&Version=2010-03-31&TopicArn=\(topic)&Protocol=sqs&Endpoint=\(arn)")
        return topic
    }

    /// The text of the first message.
    func first() async throws -> String {
        let answer = try await moto.ask("sqs", "AmazonSQS.ReceiveMessage", #"{"QueueUrl":"\#(url)","WaitTimeSeconds":1}"#, version: "1.0")
        return JSON(value: try JSONSerialization.jsonObject(with: Data(answer)))["Messages.0.Body"].text ?? ""
    }
}
