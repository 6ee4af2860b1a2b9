import Cryptography
import Events
import Transport

/// A call with its place: URL and headers, and their signature over the very same texts.
struct AWSRequest: Sendable {
    private let call: AWSCall
    private let endpoint: AWSEndpoint
    private let service: AWSService
    /// Decoded for S3, as on the wire for all others.
    private let path: String
    let authority: String

    init(_ call: AWSCall, _ endpoint: AWSEndpoint, _ service: AWSService) {
        self.call = call
        self.endpoint = endpoint
        self.service = service
        guard let bucket = call.bucket else {
            authority = endpoint.authority
            path = endpoint.basePath + call.path
            return
        }
        if Self.canBeHost(bucket), !endpoint.isOverride {
            authority = "\(bucket).\(endpoint.authority)"
            path = call.path
        } else {
            authority = endpoint.authority
            path = endpoint.basePath + "/\(bucket)\(call.path)"
        }
    }

    /// A bucket's name before the host: not with dots, which the certificate does not cover, and not before an emulator or an address, which
    /// has no such names.
    private static func canBeHost(_ bucket: String) -> Bool {
        !bucket.isEmpty && bucket.utf8.allSatisfy { $0 == 0x2d || (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }
    }

    func httpRequest(_ keys: AWSCredentials?, at moment: Timestamp) -> HTTPRequest {
        let query = URIEncoding.query(call.query)
        let wirePath = service == .s3 ? URIEncoding.path(path) : path
        var request = HTTPRequest(
            call.method, "\(endpoint.scheme)://\(authority)\(wirePath)\(query.isEmpty ? "" : "?\(query)")", api: service.api, timeout: call.timeout)
        request.answerLimit = call.answerLimit
        request.answerFile = call.answerFile
        request.stallTimeout = call.stallTimeout
        request.plainHTTP = endpoint.isOverride ? .anyHost : .loopback
        let bodyHash: String
        switch call.body {
        case .bytes(let bytes):
            if call.method == .put || call.method == .post { request.body = bytes }
            bodyHash = sha256Hex(bytes)
        case .file(let range, let hash):
            request.bodyFile = range
            bodyHash = hash
        }
        request.headers = headers(keys, bodyHash: bodyHash, wirePath: wirePath, at: moment)
        return request
    }

    private func headers(_ keys: AWSCredentials?, bodyHash: String, wirePath: String, at moment: Timestamp) -> [(name: String, value: String)] {
        var headers = [(name: "Host", value: authority)] + call.headers
        if service == .s3 { headers.append((name: "x-amz-content-sha256", value: bodyHash)) }
        guard let keys else { return headers }
        let signer = RequestSigner(credentials: keys, region: endpoint.region, service: service.prefix)
        return signer.sign(
            method: call.method.rawValue, path: service == .s3 ? .once(path) : .again(wire: wirePath), query: call.query, headers: headers,
            bodyHash: bodyHash, at: moment
        ).headers
    }
}
