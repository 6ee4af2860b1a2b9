import FoundationEssentials

/// What a message tells that S3 has sent: to the queue itself, through a topic, or through EventBridge.
public enum S3Notice: Sendable, Equatable {
    public struct Object: Sendable, Equatable {
        public var bucket: String
        /// As it is, not encoded.
        public var key: String
        /// Stored anew, by whatever call; false for what was deleted, restored, tagged, …
        public var isNew: Bool

        public init(bucket: String, key: String, isNew: Bool) {
            self.bucket = bucket
            self.key = key
            self.isNew = isNew
        }
    }

    case objects([Object])
    /// `s3:TestEvent`, which S3 sends when the notifications of this bucket are set up; nil where the message names none.
    case test(bucket: String?)
    /// No notice of S3, in these words.
    case strange(String)

    /// A topic's letter around a notice, and nothing deeper.
    private static let mostLetters = 2

    public static func read(_ body: String) -> S3Notice { read(body, letters: 0) }

    /// All shapes at once: which keys are there says which one it is. Sources: S3 User Guide, "Event message structure" and "EventBridge event message
    /// structure"; SNS Developer Guide, "Parsing message formats".
    private struct Shape: Decodable {
        struct Record: Decodable {
            struct Place: Decodable {
                struct Bucket: Decodable { let name: String }
                struct Key: Decodable { let key: String }
                let bucket: Bucket
                let object: Key
            }

            var eventSource: String?
            var eventName: String?
            var s3: Place?
        }

        var Records: [Record]?
        // The test.
        var Event: String?
        var Bucket: String?
        // A topic's letter.
        var TopicArn: String?
        var Message: String?
        // EventBridge.
        var source: String?
        var detailType: String?
        var detail: Record.Place?

        enum CodingKeys: String, CodingKey {
            case Records, Event, Bucket, TopicArn, Message, source, detail
            case detailType = "detail-type"
        }
    }

    private static func read(_ body: String, letters: Int) -> S3Notice {
        guard let shape = try? JSONDecoder().decode(Shape.self, from: Data(body.utf8)) else { return .strange("it is no JSON of a shape that S3 sends") }
        if shape.Event == "s3:TestEvent" { return .test(bucket: shape.Bucket) }
        if let records = shape.Records { return objects(records) }
        if shape.source == "aws.s3", let place = shape.detail {
            return .objects([Object(bucket: place.bucket.name, key: place.object.key, isNew: shape.detailType == "Object Created")])
        }
        if shape.TopicArn != nil, let message = shape.Message {
            return letters < mostLetters ? read(message, letters: letters + 1) : .strange("it is a letter within letters")
        }
        return .strange("it is JSON, and no notice of S3")
    }

    private static func objects(_ records: [Shape.Record]) -> S3Notice {
        var found: [Object] = []
        for record in records {
            guard record.eventSource == "aws:s3" || record.eventSource == nil, let name = record.eventName, let place = record.s3 else {
                return .strange("it has a record that is not S3's")
            }
            guard let key = URIEncoding.decode(place.object.key, plusIsSpace: true) else { return .strange("it names a key that cannot be read") }
            found.append(Object(bucket: place.bucket.name, key: key, isNew: name.hasPrefix("ObjectCreated:") || name.hasPrefix("s3:ObjectCreated:")))
        }
        return found.isEmpty ? .strange("it has no records") : .objects(found)
    }
}
