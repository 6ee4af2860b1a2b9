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

    private let call: JSONCall

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
        return try await call.send("ReceiveMessage", input, subject: queue, giving: Received.self) { $0.timeout = wait + Self.margin }.Messages ?? []
    }

    private struct Delete: Encodable { let QueueUrl, ReceiptHandle: String }

    public func delete(_ queue: String, receipt: String) async throws(AWSError) {
        _ = try await call.send("DeleteMessage", Delete(QueueUrl: queue, ReceiptHandle: receipt), subject: queue)
    }

    private struct Change: Encodable {
        let QueueUrl, ReceiptHandle: String
        let VisibilityTimeout: Int
    }

    /// - Parameter visibility: from now on; zero gives the message back at once.
    public func changeVisibility(_ queue: String, receipt: String, to visibility: Duration) async throws(AWSError) {
        let input = Change(QueueUrl: queue, ReceiptHandle: receipt, VisibilityTimeout: Self.seconds(visibility))
        _ = try await call.send("ChangeMessageVisibility", input, subject: queue)
    }

    private static func seconds(_ duration: Duration) -> Int { Int(min(max(duration, .zero), longestVisibility).components.seconds) }
}
