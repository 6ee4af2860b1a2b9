import Transport

/// One call as a service describes it, before it has an endpoint, a date and a signature.
struct AWSCall: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        /// Hexadecimal SHA-256 of the range, computed by who made the call.
        case file(FileRange, sha256: String)
    }

    /// How errors look.
    enum Form: Sendable { case s3, query, json }

    /// AWS's name of it, such as `PutObject`.
    var operation: String
    /// What it is about, for messages, such as `s3://bucket/key`; empty where the operation says all.
    var subject = ""
    var form: Form
    var method: HTTPRequest.Method = .post
    /// Decoded, beginning with a slash. For S3 the key, after the bucket where the path names it.
    var path = "/"
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = Body.bytes([])
    var bucket: String?
    var isSigned = true
    /// Sent again also where the peer may have acted on it. False for what must not count twice.
    var mayRepeat = true
    /// S3 answers some calls 200 and fails afterwards: the body says so.
    var mayFailWithin200 = false
    var timeout = Self.usualTimeout
    var stallTimeout: Duration?
    var answerLimit = Self.usualAnswerLimit
    var answerFile: AnswerFile?

    static let usualTimeout = Duration.seconds(20)
    /// An answer to a list of 1,000 keys of 1,024 bytes, each byte written `%xx`, has less than 5 MB.
    static let usualAnswerLimit = 8 << 20

    init(_ operation: AWSOperation, _ form: Form) {
        self.operation = operation.rawValue
        self.form = form
    }
}
