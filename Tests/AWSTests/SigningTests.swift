import Cryptography
import Events
import Foundation
import Testing
import Transport

@testable import AWS

/// The table of a file in `Cases`.
struct CaseFile<Case: Decodable & Sendable>: Decodable, Sendable {
    let cases: [Case]

    static func load(_ name: String) throws -> [Case] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Cases")
        return try JSONDecoder().decode(CaseFile.self, from: Data(contentsOf: folder.appending(path: name))).cases
    }
}

struct PublicCase: Decodable, Sendable, CustomTestStringConvertible {
    let name, method, path, query, body, token: String
    let headers: [[String]]
    let normalize, sign_body: Bool
    let canonical_sha256, signature: String
    var testDescription: String { name }
}

struct KeyCase: Decodable, Sendable, CustomTestStringConvertible {
    let method, key, wire_path, body, signature: String
    let query, headers: [[String]]
    var testDescription: String { "\(method) \(key)" }
}

@Suite("Signature Version 4")
struct SigningTests {
    private static let secret = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

    @Test("is that of the public suite", arguments: try CaseFile<PublicCase>.load("sigv4.json"))
    func publicSuite(_ given: PublicCase) throws {
        var headers = given.headers.map { (name: $0[0], value: $0[1]) }
        let hash = sha256Hex(Array(given.body.utf8))
        if given.sign_body { headers.append((name: "x-amz-content-sha256", value: hash)) }
        let signer = RequestSigner(
            credentials: AWSCredentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: Self.secret, sessionToken: given.token.isEmpty ? nil : Secret(given.token)),
            region: "us-east-1", service: "service")
        let query = given.query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: URIEncoding.decode(String(parts[0]), plusIsSpace: false) ?? "", value: parts.count > 1 ? URIEncoding.decode(String(parts[1]), plusIsSpace: false) ?? "" : "")
        }
        let signed = signer.sign(
            method: given.method, path: given.normalize ? .again(wire: given.path) : .once(given.path), query: query, headers: headers, bodyHash: hash,
            at: Timestamp(year: 2015, month: 8, day: 30, hour: 12, minute: 36))
        #expect(signed.canonical.hash == given.canonical_sha256, "\(signed.canonical.text)")
        #expect(signed.signature == given.signature)
    }

    @Test("has all 38 of its cases") func count() throws {
        #expect(try CaseFile<PublicCase>.load("sigv4.json").count == 38)
    }

    @Test("of S3 is what botocore signs, and the URL is what was signed", arguments: try CaseFile<KeyCase>.load("s3-keys.json"))
    func keys(_ given: KeyCase) throws {
        var call = AWSCall(.getObject, .s3)
        call.method = try #require(HTTPRequest.Method(rawValue: given.method))
        call.bucket = "shop"
        call.path = "/\(given.key)"
        call.query = given.query.map { (name: $0[0], value: $0[1]) }
        call.headers = given.headers.map { (name: $0[0], value: $0[1]) }
        call.body = .bytes(Array(given.body.utf8))
        let configuration = AWSConfiguration(region: "eu-central-1", attempts: 1, caFile: nil)
        let request = AWSRequest(call, try AWSEndpoint(.s3, configuration), .s3).httpRequest(
            AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Self.secret),
            at: Timestamp(year: 2026, month: 11, day: 21, hour: 7, minute: 55))
        let path = request.url.dropFirst("https://shop.s3.eu-central-1.amazonaws.com".count).prefix { $0 != "?" }
        #expect(path == given.wire_path)
        #expect(request.header("authorization")?.hasSuffix("Signature=\(given.signature)") == true)
        #expect(request.header("host") == "shop.s3.eu-central-1.amazonaws.com")
    }
}
