import Cryptography
public import Events
public import Transport

/// What S3 says of an object.
public struct S3Object: Sendable, Equatable {
    public var key: String
    /// Bytes.
    public var size: Int
    /// Whole seconds: all that the header `Last-Modified` can say.
    public var modified: Timestamp
    /// Without the quotes that some answers have around it. Of an object put in parts it is no MD5.
    public var etag: String
    /// `x-amz-meta-…`, names in lower case without that beginning. Empty in lists.
    public var metadata: [String: String] = [:]
    /// S3's own time when it answered.
    public var answeredAt: Timestamp?

    public init(key: String, size: Int, modified: Timestamp, etag: String) {
        self.key = key
        self.size = size
        self.modified = modified
        self.etag = etag
    }
}

/// One page of a list.
public struct S3Page: Sendable, Equatable {
    public var objects: [S3Object]
    /// Asks for the next page; nil on the last one.
    public var continuation: String?
}

/// Conditions of a write.
public enum S3Condition: Sendable, Equatable {
    case always
    /// `If-None-Match: *`
    case ifAbsent
    /// `If-Match`
    case ifMatch(etag: String)

    var headers: [(name: String, value: String)] {
        switch self {
        case .always: []
        case .ifAbsent: [(name: "If-None-Match", value: "*")]
        case .ifMatch(let etag): [(name: "If-Match", value: S3ETag.forWrite(etag))]
        }
    }
}

/// What to store.
public enum S3Body: Sendable {
    case bytes([UInt8])
    /// A part of a file, with the hexadecimal SHA-256 of its bytes.
    case file(FileRange, sha256: String)

    var call: AWSCall.Body {
        switch self {
        case .bytes(let bytes): .bytes(bytes)
        case .file(let range, let hash): .file(range, sha256: hash)
        }
    }

    /// Reads the range once, to know its hash: S3 refuses a body that is not what was signed.
    /// - Throws: where the file cannot be read, or is shorter.
    public init(hashing range: FileRange) throws(AWSError) {
        var hasher = SHA256Hasher()
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 16)
        defer { block.deallocate() }
        var done = 0
        while done < range.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: block[..<min(block.count, range.count - done)])
            guard range.file.read(into: part, at: range.offset + done) == part.count else {
                throw AWSError(
                    .transport(.localFile), culprit: "the file to send cannot be read, or is shorter than it was", remedy: "Check the disk of the spool folder.")
            }
            hasher.update(UnsafeRawBufferPointer(part))
            done += part.count
        }
        self = .file(range, sha256: hasher.finish())
    }

    private static let blockBytes = 1 << 20
}

/// One part of an upload, as it is named when the upload is completed.
public struct S3Part: Sendable, Equatable {
    /// 1...10,000.
    public let number: Int
    public let etag: String

    public init(number: Int, etag: String) {
        self.number = number
        self.etag = etag
    }
}

enum S3ETag {
    static func bare(_ text: String) -> String {
        var text = text[...]
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        if text.hasPrefix("\"") { text = text.dropFirst() }
        if text.hasSuffix("\"") { text = text.dropLast() }
        return String(text)
    }

    /// As HTTP has it, for reading.
    static func quoted(_ etag: String) -> String { "\"\(etag)\"" }

    /// For writing and deleting, without the quotes: so AWS's own examples of `--if-match` send it, and so Ceph's gateway, which compares
    /// letter by letter, takes it.
    static func forWrite(_ etag: String) -> String { etag }
}
