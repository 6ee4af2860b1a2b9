import Testing

@testable import AWS

@Suite("Messages that tell of objects")
struct NoticeTests {
    static let record = #"{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-central-1","eventTime":"2026-11-21T08:00:00.000Z","eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0","bucket":{"name":"shop","arn":"arn:aws:s3:::shop"},"object":{"key":"zone/data/a+b%2Bc+%C3%A9.csv","size":12,"eTag":"d41d","sequencer":"00"}}}"#
    static let plain = #"{"Records":[\#(record)]}"#
    static let bridge = #"{"version":"0","id":"17793124","detail-type":"Object Created","source":"aws.s3","account":"123456789012","detail":{"version":"0","bucket":{"name":"shop"},"object":{"key":"zone/data/a b+c é.csv","size":12},"reason":"PutObject"}}"#

    private static func quoted(_ text: String) -> String { "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"" }

    static func letter(_ text: String) -> String {
        #"{"Type":"Notification","MessageId":"1","TopicArn":"arn:aws:sns:eu-central-1:123456789012:t","Subject":"Amazon S3 Notification","Message":\#(quoted(text)),"Signature":"x"}"#
    }

    static let key = "zone/data/a b+c é.csv"

    @Test("of all ways they can come are read alike, with the key as it is", arguments: [plain, bridge, letter(plain), letter(bridge)])
    func ways(body: String) { #expect(S3Notice.read(body) == .objects([.init(bucket: "shop", key: Self.key, isNew: true)])) }

    @Test("of something else than a new object are told apart", arguments: [
        (plain.replacing("ObjectCreated:Put", with: "ObjectRemoved:Delete"), S3Notice.objects([.init(bucket: "shop", key: key, isNew: false)])),
        (bridge.replacing("Object Created", with: "Object Deleted"), .objects([.init(bucket: "shop", key: key, isNew: false)])),
        (#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-21T08:00:00.000Z","Bucket":"shop","RequestId":"R"}"#, .test(bucket: "shop")),
        (letter(#"{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"shop"}"#), .test(bucket: "shop")),
    ])
    func others(body: String, notice: S3Notice) { #expect(S3Notice.read(body) == notice) }

    @Test("that are none of S3's are said to be strange", arguments: [
        "", "hello", "[]", "{}", "null", #"{"Records":[]}"#, #"{"Records":{}}"#, #"{"Records":[{"eventSource":"aws:ses","eventName":"x"}]}"#,
        #"{"source":"aws.ec2","detail":{"state":"stopped"}}"#, #"{"TopicArn":"t","Message":"hello"}"#, letter(letter(letter(plain))), "{\"Records\":",
        String(repeating: "[", count: 10_000),
    ])
    func strange(body: String) {
        guard case .strange = S3Notice.read(body) else { return #expect(Bool(false), "\(S3Notice.read(body))") }
    }
}
