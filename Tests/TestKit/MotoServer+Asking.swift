import Foundation
public import Transport

/// What a test does behind the back of the code under test: makes what must be there, reads what has arrived. Signed by nobody, since moto
/// only looks at which service is meant.
extension MotoServer {
    public struct Refused: Error { public let status: Int, text: String }

    public static let transport = Result { try CurlTransport() }

    public func makeBucket(_ name: String) async throws {
        let body = "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>"
        _ = try await ask(.put, "/\(name)", service: "s3", body: body)
    }

    public func put(_ key: String, in bucket: String, _ text: String) async throws {
        _ = try await ask(.put, "/\(bucket)/\(key)", service: "s3", body: text)
    }

    public func putBytes(_ key: String, in bucket: String, _ bytes: [UInt8]) async throws {
        _ = try await ask(.put, "/\(bucket)/\(key)", service: "s3", bytes: bytes)
    }

    public func bytes(_ key: String, in bucket: String) async throws -> [UInt8] { try await ask(.get, "/\(bucket)/\(key)", service: "s3") }

    public func delete(_ key: String, in bucket: String) async throws { _ = try await ask(.delete, "/\(bucket)/\(key)", service: "s3") }

    public func object(_ key: String, in bucket: String) async throws -> String {
        String(decoding: try await bytes(key, in: bucket), as: UTF8.self)
    }

    /// The first thousand.
    public func keys(in bucket: String) async throws -> [String] {
        let text = String(decoding: try await ask(.get, "/\(bucket)?list-type=2", service: "s3"), as: UTF8.self)
        return text.matches(of: #/<Key>([^<]*)</Key>/#).map { String($0.1) }
    }

    /// A call of the JSON protocols.
    public func ask(_ service: String, _ target: String, _ body: String, version: String = "1.1") async throws -> [UInt8] {
        try await ask(
            .post, "/", service: service, body: body,
            headers: [(name: "X-Amz-Target", value: target), (name: "Content-Type", value: "application/x-amz-json-\(version)")])
    }

    /// A call of the form protocol.
    public func ask(_ service: String, form: String) async throws -> [UInt8] {
        try await ask(.post, "/", service: service, body: form, headers: [(name: "Content-Type", value: "application/x-www-form-urlencoded")])
    }

    public func ask(
        _ method: HTTPRequest.Method, _ path: String, service: String, body: String = "", headers: [(name: String, value: String)] = []
    ) async throws -> [UInt8] {
        try await ask(method, path, service: service, bytes: Array(body.utf8), headers: headers)
    }

    private func ask(
        _ method: HTTPRequest.Method, _ path: String, service: String, bytes: [UInt8], headers: [(name: String, value: String)] = []
    ) async throws -> [UInt8] {
        let scope = "AWS4-HMAC-SHA256 Credential=testing/20260101/eu-central-1/\(service)/aws4_request, SignedHeaders=host, Signature=0"
        let request = HTTPRequest(
            method, url + path, api: "test", headers: headers + [(name: "Authorization", value: scope)], body: method == .get ? nil : bytes)
        let response = try await Self.transport.get().send(request)
        guard (200..<300).contains(response.status) else { throw Refused(status: response.status, text: String(decoding: response.body, as: UTF8.self)) }
        return response.body
    }
}
