/// The queue that S3 tells of new objects.
public struct SQS: Sendable {
    public struct Message: Sendable, Equatable, Decodable {
        public let id: String
        /// Names this receipt of the message; the next one has another.
        public let receipt: String
        public let body: String

        enum CodingKeys: String, CodingKey {
            case id = "MessageId"
            case receipt = "ReceiptHandle"
            case body = "Body"
        }
    }

    /// The most messages of one call.
    public static let mostMessages = 10
    /// The longest that a call waits for a message.
    public static let longestWait = Duration.seconds(20)
    /// From the first receipt on.
    public static let longestVisibility = Duration.seconds(43_200)
    /// The answer may come this much after the wait has ended.
    private static let margin = Duration.seconds(10)

    let call: JSONCall

    public init(in session: AWSSession) { call = JSONCall(client: session.client(.sqs), target: "AmazonSQS", version: "1.0") }

    private struct Receive: Encodable {
        let QueueUrl: String
        let MaxNumberOfMessages: Int
        let WaitTimeSeconds: Int
        let VisibilityTimeout: Int?
    }

    private struct Received: Decodable { var Messages: [Message]? }

    /// - Parameters:
    ///   - wait: up to `longestWait`, for the first message.
    ///   - visibility: for so long nobody else gets them; nil: as the queue is set.
    public func receive(_ queue: String, most: Int = mostMessages, wait: Duration = longestWait, visibility: Duration? = nil) async throws(AWSError) -> [Message] {
        let wait = min(max(wait, .zero), Self.longestWait)
        let input = Receive(
            QueueUrl: queue, MaxNumberOfMessages: min(max(most, 1), Self.mostMessages), WaitTimeSeconds: Int(wait.components.seconds),
            VisibilityTimeout: visibility.map(Self.seconds))
        return try await call.send(.receiveMessage, input, subject: queue, giving: Received.self) { $0.timeout = wait + Self.margin }.Messages ?? []
    }

    private struct Entry: Encodable {
        let Id: String
        let ReceiptHandle: String
        var VisibilityTimeout: Int?
    }

    private struct Batch: Encodable {
        let QueueUrl: String
        let Entries: [Entry]
    }

    private struct BatchAnswer: Decodable {
        struct Refused: Decodable {
            let Id: String
            var Code: String?
        }

        var Failed: [Refused]?
    }

    /// - Parameter receipts: at most `mostMessages`.
    /// - Returns: how many were not deleted: AWS says so beside a 200.
    public func delete(_ queue: String, receipts: [String]) async throws(AWSError) -> Int {
        let entries = receipts.enumerated().map { Entry(Id: "m\($0.offset)", ReceiptHandle: $0.element) }
        return try await call.send(.deleteMessageBatch, Batch(QueueUrl: queue, Entries: entries), subject: queue, giving: BatchAnswer.self).Failed?.count ?? 0
    }

    /// What AWS did not do of a `changeVisibility`: it says so beside a 200.
    public struct Unchanged: Sendable, Equatable {
        /// The places in `receipts` of those that are not ours any more.
        public var gone: Set<Int> = []
        /// The codes of others, which may be ours still: `InternalError`.
        public var refused: [String] = []
    }

    /// The receipt is another's by now, the message is gone, or it was held for `longestVisibility` in all. Older answers put `AWS.SimpleQueueService.`
    /// before them.
    private static let goneCodes: Set = ["ReceiptHandleIsInvalid", "MessageNotInflight", "InvalidParameterValue"]

    /// - Parameters:
    ///   - receipts: at most `mostMessages`.
    ///   - visibility: from now on; zero gives the messages back at once.
    public func changeVisibility(_ queue: String, receipts: [String], to visibility: Duration) async throws(AWSError) -> Unchanged {
        let seconds = Self.seconds(visibility)
        let entries = receipts.enumerated().map { Entry(Id: "m\($0.offset)", ReceiptHandle: $0.element, VisibilityTimeout: seconds) }
        let answer = try await call.send(.changeMessageVisibilityBatch, Batch(QueueUrl: queue, Entries: entries), subject: queue, giving: BatchAnswer.self)
        var unchanged = Unchanged()
        for failed in answer.Failed ?? [] {
            let code = failed.Code ?? "no code"
            if Self.goneCodes.contains(String(code.split(separator: ".").last ?? "")), let place = Int(failed.Id.dropFirst()) {
                unchanged.gone.insert(place)
            } else {
                unchanged.refused.append(code)
            }
        }
        return unchanged
    }

    private static func seconds(_ duration: Duration) -> Int { Int(min(max(duration, .zero), longestVisibility).components.seconds) }
}
