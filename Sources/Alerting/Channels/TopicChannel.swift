/// Tells a topic of a notification service: subject, text and attributes. Who publishes it is given, so that this room knows no cloud.
public struct TopicChannel: AlertChannel {
    /// What is published.
    public struct Message: Sendable, Equatable {
        /// At most `longestSubject` characters, no control characters.
        public var subject: String
        /// At most `longestText` bytes of UTF-8.
        public var text: String
        /// `pipeline`, `rule`, `severity`, `status` (`firing` or `resolved`); `truncated` where the text was cut.
        public var attributes: [(name: String, value: String)]

        public static func == (left: Message, right: Message) -> Bool {
            left.subject == right.subject && left.text == right.text && left.attributes.elementsEqual(right.attributes, by: ==)
        }
    }

    /// Amazon SNS: below 100 characters, and 262,144 bytes with the attributes.
    public static let longestSubject = 99
    public static let longestText = 256_000

    private let publish: @Sendable (Message) async throws(DeliveryFailure) -> Void

    /// - Parameter publish: must end within `AlertDesk.attemptTime`.
    public init(publish: @escaping @Sendable (Message) async throws(DeliveryFailure) -> Void) { self.publish = publish }

    public func send(_ notice: AlertNotice, insteadOf: String?) async throws(DeliveryFailure) {
        try await publish(Self.message(notice, insteadOf: insteadOf))
    }

    public func send(_ letter: AlertLetter) async throws(DeliveryFailure) {
        let (text, isCut) = Self.cut(letter.text)
        var attributes = [(name: "status", value: "digest"), (name: "severity", value: AlertSeverity.info.rawValue)]
        if isCut { attributes.append((name: "truncated", value: "true")) }
        try await publish(Message(subject: PlainText.line(letter.subject, limit: Self.longestSubject - 1), text: text, attributes: attributes))
    }

    static func message(_ notice: AlertNotice, insteadOf: String?) -> Message {
        let message = AlertMessage(notice, insteadOf: insteadOf)
        let (text, isCut) = cut(message.text)
        var attributes = [
            (name: "pipeline", value: PlainText.line(notice.incident.pipeline, limit: 200)), (name: "rule", value: PlainText.line(notice.incident.rule, limit: 200)),
            (name: "severity", value: notice.incident.severity.rawValue), (name: "status", value: notice.status),
        ]
        if isCut { attributes.append((name: "truncated", value: "true")) }
        return Message(subject: PlainText.line(message.subject, limit: longestSubject - 1), text: text, attributes: attributes)
    }

    static func cut(_ text: String) -> (text: String, isCut: Bool) {
        guard text.utf8.count > longestText else { return (text, false) }
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > longestText { break }
            kept.append(scalar)
        }
        return (String(kept), true)
    }
}

extension AlertNotice {
    /// As Alertmanager says it.
    var status: String { kind == .resolved ? "resolved" : "firing" }
}
