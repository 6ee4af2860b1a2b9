import Events
import Transport

/// S3's good answers, read.
enum S3Answers {
    static func page(_ body: [UInt8], _ call: AWSCall) throws(AWSError) -> S3Page {
        let root = try root(body, call)
        var page = S3Page(objects: [])
        page.objects.reserveCapacity(root.children.count)
        for entry in root.all("Contents") { page.objects.append(try listed(entry, call)) }
        if root["IsTruncated"]?.text == "true" {
            guard let next = root.filled("NextContinuationToken") else { throw malformed(call, "is cut and names no next page") }
            page.continuation = next
        }
        return page
    }

    /// Keys come percent-encoded, since they may hold what XML cannot; a blank as `+`, as botocore reads it.
    private static func listed(_ entry: XMLElement, _ call: AWSCall) throws(AWSError) -> S3Object {
        guard let raw = entry.filled("Key"), let key = URIEncoding.decode(raw, plusIsSpace: true), let size = entry["Size"].flatMap({ Int($0.text) }),
            let modified = entry["LastModified"].flatMap({ Timestamp(rfc3339: $0.text) }), let etag = entry.filled("ETag")
        else { throw malformed(call, "names an object without key, size, time or ETag") }
        return S3Object(key: key, size: size, modified: modified.wholeSeconds, etag: S3ETag.bare(etag))
    }

    /// From the headers of GetObject and HeadObject.
    static func object(_ response: HTTPResponse, _ key: String, _ call: AWSCall) throws(AWSError) -> S3Object {
        guard let etag = response.headers["etag"], let modified = response.headers["last-modified"].flatMap(HTTPDate.parse),
            let size = response.headers["content-length"].flatMap({ Int($0) })
        else { throw malformed(call, "has no ETag, Last-Modified or Content-Length") }
        var object = S3Object(key: key, size: size, modified: modified, etag: S3ETag.bare(etag))
        object.answeredAt = response.headers["date"].flatMap(HTTPDate.parse)
        for (name, value) in response.headers.fields where name.lowercased().hasPrefix("x-amz-meta-") {
            object.metadata[String(name.lowercased().dropFirst("x-amz-meta-".count))] = value
        }
        return object
    }

    static func etag(_ response: HTTPResponse, _ call: AWSCall) throws(AWSError) -> String {
        guard let etag = response.headers["etag"] else { throw malformed(call, "has no ETag") }
        return S3ETag.bare(etag)
    }

    /// CopyObject, UploadPartCopy and CompleteMultipartUpload name the ETag in the body.
    static func copied(_ body: [UInt8], _ call: AWSCall) throws(AWSError) -> String {
        guard let etag = try root(body, call).filled("ETag") else { throw malformed(call, "has no ETag") }
        return S3ETag.bare(etag)
    }

    /// Of a completed upload; nil where the server leaves it empty, as Ceph's gateway does to who completes a second time.
    static func completed(_ body: [UInt8], _ call: AWSCall) throws(AWSError) -> String? {
        let root = try root(body, call)
        guard root.name == "CompleteMultipartUploadResult" else { throw malformed(call, "is no result of an upload") }
        return root.filled("ETag").map(S3ETag.bare)
    }

    static func uploadID(_ body: [UInt8], _ call: AWSCall) throws(AWSError) -> String {
        guard let id = try root(body, call).filled("UploadId") else { throw malformed(call, "has no UploadId") }
        return id
    }

    static func root(_ body: [UInt8], _ call: AWSCall) throws(AWSError) -> XMLElement {
        do {
            return try XMLElement.read(body)
        } catch {
            throw malformed(call, "\(error.problem.rawValue), at byte \(error.offset)")
        }
    }

    private static func malformed(_ call: AWSCall, _ what: String) -> AWSError { .malformed("s3 \(call.operation) \(call.subject)", what) }
}

extension Timestamp {
    var wholeSeconds: Timestamp { Timestamp(nanoseconds: nanoseconds - nanoseconds % 1_000_000_000) }
}
