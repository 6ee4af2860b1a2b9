import Cryptography
import Events
import Transport

/// Writes the three requests. The token goes into the `Authorization` header and nowhere else.
struct CatalogRequests: Sendable {
    /// Most bytes of an answer: ids and messages of 5,000 items fit many times.
    static let answerLimit = 32 << 20
    /// A poll or a look at the catalogue is answered in a second or two; waiting as long as for a batch would stall the polling.
    static let longestReadTimeout = Duration.seconds(30)

    let endpoint: CatalogEndpoint

    /// - Parameter requests: bytes of a JSON array of `{"method","data"}` objects.
    func batch(_ requests: [UInt8]) -> HTTPRequest {
        let body: [UInt8]
        let contentType: String
        switch endpoint.bodyForm {
        case .json:
            contentType = "application/json"
            body = Self.joined(#"{"item_type":"PRODUCT_ITEM","allow_upsert":true,"requests":"#, requests, "}")
        case .form:
            contentType = "application/x-www-form-urlencoded"
            body = Self.joined("item_type=PRODUCT_ITEM&allow_upsert=true&requests=", PercentEncoding.encode(requests), "")
        }
        var request = request(.post, edge: "/items_batch", api: "meta-batch")
        request.headers.append((name: "Content-Type", value: contentType))
        request.body = body
        request.timeout = endpoint.requestTimeout
        return request
    }

    func status(of handle: String) -> HTTPRequest {
        request(
            .get, edge: "/check_batch_request_status", api: "meta-status",
            parameters: [("handle", handle), ("load_ids_of_invalid_requests", "true")])
    }

    func catalog() -> HTTPRequest {
        request(.get, edge: "", api: "meta-catalog", parameters: [("fields", "id,name,product_count")])
    }

    private func request(
        _ method: HTTPRequest.Method, edge: String, api: String, parameters: [(name: String, value: String)] = []
    ) -> HTTPRequest {
        var parameters = parameters + [(name: "locale", value: endpoint.locale)]
        if let proof = appSecretProof { parameters.append((name: "appsecret_proof", value: proof)) }
        let query = parameters.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        return HTTPRequest(
            method, "\(endpoint.graphURL)/\(PercentEncoding.encode(endpoint.catalogID))\(edge)?\(query)", api: api,
            headers: [
                (name: "Authorization", value: "Bearer \(endpoint.accessToken.reveal())"), (name: "Accept", value: "application/json"),
            ],
            timeout: min(endpoint.requestTimeout, Self.longestReadTimeout), answerLimit: Self.answerLimit)
    }

    /// Lower-case hex of HMAC-SHA256 over the token. Source: Meta's Python Business SDK 26, `api.py`.
    var appSecretProof: String? {
        endpoint.appSecret.map { hex(hmacSHA256(key: $0.reveal(), message: endpoint.accessToken.reveal())) }
    }

    /// What must not be seen in any text: token, app secret and proof.
    var secrets: [String] {
        [endpoint.accessToken.reveal(), endpoint.appSecret?.reveal(), appSecretProof].compactMap(\.self)
    }

    /// One allocation: a body can have 28 MB.
    private static func joined(_ head: String, _ middle: [UInt8], _ tail: String) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(head.utf8.count + middle.count + tail.utf8.count)
        body += head.utf8
        body += middle
        body += tail.utf8
        return body
    }
}
