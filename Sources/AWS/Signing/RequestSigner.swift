import Cryptography
import Events

/// Signature Version 4 in the `Authorization` header. Pure: the moment is a parameter, so that a test knows the answer.
///
/// By hand and not libcurl's CURLOPT_AWS_SIGV4, whose older versions sign another text than they send for many paths and queries.
struct RequestSigner: Sendable {
    static let algorithm = "AWS4-HMAC-SHA256"

    let credentials: AWSCredentials
    let region: String
    /// The signing name, such as `s3` or `monitoring`.
    let service: String

    struct Signed: Sendable {
        let canonical: CanonicalRequest
        let stringToSign: String
        let signature: String
        /// All headers to send, `Authorization` the last.
        let headers: [(name: String, value: String)]
    }

    /// - Parameter headers: all that go on the wire and shall be signed, `host` among them; the date and the session token are added here.
    func sign(
        method: String, path: CanonicalRequest.Path, query: [(name: String, value: String)], headers: [(name: String, value: String)],
        bodyHash: String, at moment: Timestamp
    ) -> Signed {
        let time = Self.time(moment)
        let day = String(time.prefix(8))
        var headers = headers + [(name: "X-Amz-Date", value: time)]
        if let token = credentials.sessionToken { headers.append((name: "X-Amz-Security-Token", value: token.reveal())) }
        let canonical = CanonicalRequest(method: method, path: path, query: query, headers: headers, bodyHash: bodyHash)
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let stringToSign = [Self.algorithm, time, scope, canonical.hash].joined(separator: "\n")
        let signature = hex(hmacSHA256(key: key(day: day), message: Array(stringToSign.utf8)))
        let authorization =
            "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
        return Signed(
            canonical: canonical, stringToSign: stringToSign, signature: signature,
            headers: headers + [(name: "Authorization", value: authorization)])
    }

    private func key(day: String) -> [UInt8] {
        [day, region, service, "aws4_request"].reduce(Array("AWS4\(credentials.secretAccessKey.reveal())".utf8)) { key, part in
            hmacSHA256(key: key, message: Array(part.utf8))
        }
    }

    /// `20150830T123600Z`.
    static func time(_ moment: Timestamp) -> String {
        String(moment.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
