/// The notification service: tells people through a topic.
public struct SNS: Sendable {
    /// Bytes of UTF-8.
    public static let longestMessage = 262_144
    /// Characters, below 100.
    public static let longestSubject = 99

    let call: FormCall

    public init(in session: AWSSession) { call = FormCall(client: session.client(.sns), version: "2010-03-31") }

    /// Sent again where the answer was lost: an alert told twice is better than one that nobody heard.
    /// - Parameters:
    ///   - subject: cut to `longestSubject`; control characters become blanks, since SNS refuses them.
    ///   - attributes: texts by name.
    /// - Returns: the message id.
    public func publish(topic: String, subject: String, message: String, attributes: [(name: String, value: String)] = []) async throws(AWSError) -> String {
        var parameters = [(name: "TopicArn", value: topic), (name: "Message", value: message)]
        let cleaned = Self.cleaned(subject)
        if !cleaned.isEmpty { parameters.append((name: "Subject", value: cleaned)) }
        for (index, attribute) in attributes.filter({ !$0.value.isEmpty }).enumerated() {
            let entry = "MessageAttributes.entry.\(index + 1)"
            parameters += [
                (name: "\(entry).Name", value: attribute.name), (name: "\(entry).Value.DataType", value: "String"),
                (name: "\(entry).Value.StringValue", value: attribute.value),
            ]
        }
        let answer = try await call.send(.publish, parameters, subject: topic)
        guard let id = answer["PublishResult"]?.filled("MessageId") else { throw .malformed("sns Publish \(topic)", "names no message id") }
        return id
    }

    static func cleaned(_ subject: String) -> String {
        let scalars = subject.unicodeScalars.map { scalar in
            scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029 ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars.prefix(longestSubject))).trimmed
    }
}
