import Cryptography
import Events
import Synchronization
import Testing
import Transport

@testable import MetaCatalog

@Suite("What goes on the wire")
struct RequestTests {
    private func requests(appSecret: Secret? = nil, bodyForm: CatalogEndpoint.BodyForm = .json) -> CatalogRequests {
        CatalogRequests(endpoint: endpoint(appSecret: appSecret, bodyForm: bodyForm))
    }

    private func header(_ name: String, _ request: HTTPRequest) -> String? { request.headers.first { $0.name == name }?.value }

    @Test("a batch as JSON holds the items as a native array")
    func jsonBatch() throws {
        let request = requests().batch(oneItem)
        #expect(request.method == .post)
        #expect(request.url == "https://graph.facebook.com/v26.0/1234567890/items_batch?locale=en_US")
        #expect(header("Content-Type", request) == "application/json")
        #expect(request.api == "meta-batch")
        #expect(request.timeout == .seconds(120))
        let body = try JSONReader.read(try #require(request.body))
        #expect(body["item_type"] == .text("PRODUCT_ITEM"))
        #expect(body["allow_upsert"] == .flag(true))
        #expect(body["requests"]?.array?.first?["data"]?["title"] == .text("مصباح & co"))
    }

    @Test("a batch as a form holds the items as percent-encoded JSON text")
    func formBatch() throws {
        let request = requests(bodyForm: .form).batch(Array(#"[{"a b":"ä&+=~"}]"#.utf8))
        #expect(header("Content-Type", request) == "application/x-www-form-urlencoded")
        #expect(
            String(decoding: try #require(request.body), as: UTF8.self)
                == "item_type=PRODUCT_ITEM&allow_upsert=true&requests=%5B%7B%22a%20b%22%3A%22%C3%A4%26%2B%3D~%22%7D%5D")
    }

    @Test("the status of a handle is asked with the ids of invalid requests")
    func status() {
        let request = requests().status(of: "Ac/x+=&é")
        #expect(request.method == .get)
        #expect(
            request.url
                == "https://graph.facebook.com/v26.0/1234567890/check_batch_request_status?handle=Ac%2Fx%2B%3D%26%C3%A9&load_ids_of_invalid_requests=true&locale=en_US"
        )
        #expect(request.body == nil)
        #expect(request.api == "meta-status")
    }

    @Test("the catalogue is asked for id, name and product count")
    func catalog() {
        let request = requests().catalog()
        #expect(request.url == "https://graph.facebook.com/v26.0/1234567890?fields=id%2Cname%2Cproduct_count&locale=en_US")
        #expect(request.api == "meta-catalog")
    }

    @Test("with an app secret each call carries the proof")
    func proof() {
        // `printf %s EAABtokenThatNobodyMaySee | openssl dgst -sha256 -hmac appSecretThatNobodyMaySee`
        let proof = "e45fc2793625f33b1e7fe9d8d15f2b047b5f789cb17242c9b69a630dcfcd4ff4"
        let requests = requests(appSecret: Secret(appSecret))
        for request in [requests.batch(oneItem), requests.status(of: "h"), requests.catalog()] {
            #expect(request.url.hasSuffix("&appsecret_proof=\(proof)"))
        }
    }

    @Test("token and secret are in the Authorization header and nowhere else", arguments: CatalogEndpoint.BodyForm.allCases)
    func tokenPlace(form: CatalogEndpoint.BodyForm) throws {
        let requests = requests(appSecret: Secret(appSecret), bodyForm: form)
        for request in [requests.batch(oneItem), requests.status(of: "h"), requests.catalog()] {
            #expect(header("Authorization", request) == "Bearer \(token)")
            let rest =
                request.url + String(decoding: request.body ?? [], as: UTF8.self)
                + request.headers.filter { $0.name != "Authorization" }.map { $0.name + $0.value }.joined()
            #expect(!rest.contains(token))
            #expect(!request.headers.map(\.value).joined().contains(appSecret))
            #expect(!rest.contains(appSecret))
        }
    }

    @Test("nothing that prints an endpoint or a client shows token or secret")
    func descriptions() {
        let endpoint = endpoint(appSecret: Secret(appSecret))
        var dumped = ""
        dump(endpoint, to: &dumped)
        for text in ["\(endpoint)", String(reflecting: endpoint), dumped] {
            #expect(!text.contains(token) && !text.contains(appSecret))
        }
    }
}
