import Events
public import Transport

/// The calls we make on one bucket. Keys are as they are: any UTF-8 of 1 to 1,024 bytes.
public struct S3Bucket: Sendable {
    public let name: String
    let client: AWSClient

    /// The most an object may have that is put, or copied, in one call: 5 GiB and 5 GB. Source: S3 User Guide.
    public static let largestCopy = 5_000_000_000
    /// The smallest size of a part that is not the last one.
    public static let smallestPart = 5 << 20
    public static let mostParts = 10_000
    public static let longestKey = 1_024

    /// A body as large as a part over a slow line; a stall ends it earlier.
    private static let transferTimeout = Duration.seconds(6 * 3600)
    private static let stall = Duration.seconds(30)
    /// The server copies up to 5 GB before it answers.
    private static let copyTimeout = Duration.seconds(600)

    public init(_ name: String, in session: AWSSession) {
        self.name = name
        client = session.client(.s3)
    }

    /// One page of the objects whose key starts with `prefix`.
    public func list(prefix: String, continuation: String? = nil, pageSize: Int = 1_000) async throws(AWSError) -> S3Page {
        var call = AWSCall(.listObjectsV2, .s3)
        call.subject = "s3://\(name)/\(prefix)"
        call.method = .get
        call.bucket = name
        call.query = [
            (name: "list-type", value: "2"), (name: "encoding-type", value: "url"), (name: "max-keys", value: String(pageSize)), (name: "prefix", value: prefix),
        ]
        if let continuation { call.query.append((name: "continuation-token", value: continuation)) }
        return try S3Answers.page(try await client.send(call).body, call)
    }

    /// Nil where there is no such object.
    public func head(_ key: String) async throws(AWSError) -> S3Object? {
        var call = call(.headObject, key)
        call.method = .head
        do {
            return try S3Answers.object(try await client.send(call), key, call)
        } catch {
            if error.reason == .notFound { return nil }
            throw error
        }
    }

    /// The whole object.
    /// - Parameter limit: bytes; a larger object is `.transport(.tooLarge)`.
    public func get(_ key: String, limit: Int) async throws(AWSError) -> (object: S3Object, body: [UInt8]) {
        var call = call(.getObject, key)
        call.method = .get
        call.timeout = Self.transferTimeout
        call.stallTimeout = Self.stall
        call.answerLimit = max(limit, AWSCall.usualAnswerLimit)
        let response = try await client.send(call)
        return (try S3Answers.object(response, key, call), response.body)
    }

    /// Writes the object, or what is left of it from `offset` on, into the file at the same place.
    /// - Parameter etag: only this version; `.preconditionFailed` where it is another by now.
    /// - Returns: the object; its size is the whole size.
    public func get(_ key: String, into file: OpenFile, from offset: Int = 0, limit: Int, ifMatch etag: String? = nil) async throws(AWSError) -> S3Object {
        var call = call(.getObject, key)
        call.method = .get
        call.timeout = Self.transferTimeout
        call.stallTimeout = Self.stall
        if let etag { call.headers.append((name: "If-Match", value: S3ETag.quoted(etag))) }
        if offset > 0 { call.headers.append((name: "Range", value: "bytes=\(offset)-")) }
        call.answerFile = AnswerFile(FileRange(file, offset: offset, count: limit - offset), status: offset > 0 ? 206 : 200)
        let response = try await client.send(call)
        var object = try S3Answers.object(response, key, call)
        guard response.status == (offset > 0 ? 206 : 200) else { throw .malformed("s3 GetObject \(call.subject)", "is no part of the object") }
        object.size = offset + response.storedBytes
        return object
    }

    /// - Returns: the ETag of what was stored.
    public func put(
        _ key: String, _ body: S3Body, _ condition: S3Condition = .always, metadata: [(name: String, value: String)] = []
    ) async throws(AWSError) -> String {
        var call = call(.putObject, key)
        call.method = .put
        call.body = body.call
        call.timeout = Self.transferTimeout
        call.stallTimeout = Self.stall
        call.headers = Self.contentHeaders(metadata) + condition.headers
        return try S3Answers.etag(try await client.send(call), call)
    }

    /// Copies within the bucket, up to `largestCopy`.
    /// - Parameter etag: only this version of the source.
    public func copy(_ source: String, ifMatch etag: String, to key: String) async throws(AWSError) -> String {
        var call = call(.copyObject, key)
        call.method = .put
        call.timeout = Self.copyTimeout
        call.mayFailWithin200 = true
        call.headers = copyHeaders(source, etag)
        return try S3Answers.copied(try await client.send(call).body, call)
    }

    /// - Parameter etag: only this version; `.preconditionFailed` where it is another by now. Deleting what is not there is no error.
    public func delete(_ key: String, ifMatch etag: String? = nil) async throws(AWSError) {
        var call = call(.deleteObject, key)
        call.method = .delete
        if let etag { call.headers.append((name: "If-Match", value: S3ETag.forWrite(etag))) }
        do {
            _ = try await client.send(call)
        } catch {
            guard error.reason == .notFound, error.code != "NoSuchBucket" else { throw error }
        }
    }

    private func call(_ operation: AWSOperation, _ key: String) -> AWSCall {
        var call = AWSCall(operation, .s3)
        call.subject = "s3://\(name)/\(key)"
        call.bucket = name
        call.path = "/\(key)"
        return call
    }

    /// A content type always, since some servers take a body without one for a form.
    private static func contentHeaders(_ metadata: [(name: String, value: String)]) -> [(name: String, value: String)] {
        [(name: "Content-Type", value: "application/octet-stream")] + metadata.map { (name: "x-amz-meta-\($0.name)", value: $0.value) }
    }

    private func copyHeaders(_ source: String, _ etag: String) -> [(name: String, value: String)] {
        [
            (name: "x-amz-copy-source", value: URIEncoding.path("/\(name)/\(source)")),
            (name: "x-amz-copy-source-if-match", value: S3ETag.quoted(etag)),
        ]
    }
}

// MARK: - In parts

extension S3Bucket {
    /// - Returns: the id of the upload.
    public func createUpload(_ key: String, metadata: [(name: String, value: String)] = []) async throws(AWSError) -> String {
        var call = call(.createMultipartUpload, key)
        call.query = [(name: "uploads", value: "")]
        call.headers = Self.contentHeaders(metadata)
        return try S3Answers.uploadID(try await client.send(call).body, call)
    }

    /// - Parameter number: 1...10,000.
    public func uploadPart(_ key: String, upload: String, number: Int, _ body: S3Body) async throws(AWSError) -> S3Part {
        var call = partCall(.uploadPart, key, upload, number)
        call.body = body.call
        call.timeout = Self.transferTimeout
        call.stallTimeout = Self.stall
        call.headers = Self.contentHeaders([])
        return S3Part(number: number, etag: try S3Answers.etag(try await client.send(call), call))
    }

    /// - Parameter range: bytes of the source.
    public func copyPart(
        _ key: String, upload: String, number: Int, from source: String, ifMatch etag: String, range: Range<Int>
    ) async throws(AWSError) -> S3Part {
        var call = partCall(.uploadPartCopy, key, upload, number)
        call.timeout = Self.copyTimeout
        call.mayFailWithin200 = true
        call.headers = copyHeaders(source, etag) + [(name: "x-amz-copy-source-range", value: "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
        return S3Part(number: number, etag: try S3Answers.copied(try await client.send(call).body, call))
    }

    public func completeUpload(_ key: String, upload: String, _ parts: [S3Part], _ condition: S3Condition = .always) async throws(AWSError) -> String {
        var call = call(.completeMultipartUpload, key)
        call.query = [(name: "uploadId", value: upload)]
        call.timeout = Self.copyTimeout
        call.mayFailWithin200 = true
        call.headers = [(name: "Content-Type", value: "application/xml")] + condition.headers
        let entries = parts.sorted { $0.number < $1.number }.map {
            "<Part><PartNumber>\($0.number)</PartNumber><ETag>&quot;\($0.etag)&quot;</ETag></Part>"
        }
        call.body = .bytes(
            Array("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\(entries.joined())</CompleteMultipartUpload>".utf8))
        if let etag = try S3Answers.completed(try await client.send(call).body, call) { return etag }
        guard let there = try await head(key) else { throw .malformed("s3 CompleteMultipartUpload \(call.subject)", "says done, and there is no object") }
        return there.etag
    }

    /// Gives up an upload; one that is not there any more is no error.
    public func abortUpload(_ key: String, upload: String) async throws(AWSError) {
        var call = call(.abortMultipartUpload, key)
        call.method = .delete
        call.query = [(name: "uploadId", value: upload)]
        do {
            _ = try await client.send(call)
        } catch {
            guard error.reason == .notFound else { throw error }
        }
    }

    private func partCall(_ operation: AWSOperation, _ key: String, _ upload: String, _ number: Int) -> AWSCall {
        var call = call(operation, key)
        call.method = .put
        call.query = [(name: "partNumber", value: String(number)), (name: "uploadId", value: upload)]
        return call
    }
}
