import Testing

@testable import Sandbox

@Suite("The body of items_batch")
struct BodyTests {
    private let text = "[{\"method\":\"UPDATE\",\"data\":\(SandboxValue.fields(product("ك-1", ["title": "مصباح & مكتب + 100%", "link": "https://shop.example/p/1"])).json)}]"

    @Test("is taken as JSON with a native array, JSON with JSON text, a form, and multipart", arguments: ["native", "text", "form", "multipart"])
    func encodings(_ encoding: String) async throws {
        try await withSandbox { sandbox in
            var request = RawClient.Request(target: sandbox.path("items_batch"), headers: sandbox.authorized)
            switch encoding {
            case "native":
                request.headers["Content-Type"] = "application/json"
                request.body = Array("{\"item_type\":\"PRODUCT_ITEM\",\"requests\":\(text)}".utf8)
            case "text":
                request.headers["Content-Type"] = "application/json; charset=utf-8"
                request.body = Array(SandboxValue.object(("item_type", "PRODUCT_ITEM"), ("requests", .string(text))).json.utf8)
            case "form":
                request.headers["Content-Type"] = "application/x-www-form-urlencoded"
                let unreserved = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
                let encoded = text.utf8.map { unreserved.contains($0) ? String(Unicode.Scalar($0)) : "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }
                request.body = Array("item_type=PRODUCT_ITEM&allow_upsert=true&requests=\(encoded.joined())".utf8)
            default:
                request.headers["Content-Type"] = "multipart/form-data; boundary=\"xyz\""
                let part = "--xyz\r\nContent-Disposition: form-data; name="
                request.body = Array("\(part)\"item_type\"\r\n\r\nPRODUCT_ITEM\r\n\(part)\"requests\"\r\n\r\n\(text)\r\n--xyz--\r\n".utf8)
            }
            let answer = try #require(await sandbox.client.send(request).answer)
            #expect(answer.status == 200)
            #expect(answer.json["handles"]?.elements.count == 1)
            #expect(sandbox.catalog()["ك-1"]?["title"] == "مصباح & مكتب + 100%")
        }
    }

    @Test("is refused with code 100 if its shape is wrong", arguments: [
        "{\"item_type\":\"PRODUCT_ITEM\"}",
        "{\"requests\":[{\"method\":\"DELETE\",\"data\":{\"id\":\"a\"}}]}",
        "{\"item_type\":\"HOTEL\",\"requests\":[{\"method\":\"DELETE\",\"data\":{\"id\":\"a\"}}]}",
        "{\"item_type\":\"PRODUCT_ITEM\",\"requests\":[]}",
        "{\"item_type\":\"PRODUCT_ITEM\",\"requests\":{}}",
        "{\"item_type\":\"PRODUCT_ITEM\",\"requests\":\"[{]\"}",
        "{\"item_type\":\"PRODUCT_ITEM\",\"requests\":[{\"method\":\"UPSERT\",\"data\":{\"id\":\"a\"}}]}",
        "{\"item_type\":\"PRODUCT_ITEM\",\"requests\":[{\"method\":\"UPDATE\"}]}",
        "{\"item_type\":\"PRODUCT_ITEM\",\"requests\":[{\"method\":\"UPDATE\",\"data\":{\"id\":\"a\"},\"id\":\"a\"}]}",
        "{\"item_type\":\"PRODUCT_ITEM\",\"requests\":[{\"method\":\"DELETE\",\"data\":{\"id\":\"a\"}}]} trailing",
        "[]", "", "not json",
    ])
    func wrongShapes(_ body: String) async throws {
        try await withSandbox { sandbox in
            var request = sandbox.request(.null)
            request.body = Array(body.utf8)
            let answer = try #require(await sandbox.client.send(request).answer)
            #expect(answer.status == 400)
            #expect(answer.errorCode == 100, "\(answer.json.json)")
            #expect(answer.json["error"]?["fbtrace_id"]?.text?.isEmpty == false)
        }
    }

    @Test("with requests in the query is refused")
    func queryIsNoPlace() async throws {
        try await withSandbox { sandbox in
            var request = sandbox.request(batch([update("a")]))
            request.target += "?requests=%5B%5D"
            #expect(await sandbox.client.send(request).answer?.errorCode == 100)
        }
    }

    @Test("may hold 5,000 records, and one more is told to reduce the amount of data")
    func recordLimit() async throws {
        try await withSandbox { sandbox in
            let records = (1...5000).map { record("DELETE", ["id": .string("sku-\($0)")]) }
            #expect(await sandbox.post(records).answer?.status == 200)
            let answer = try #require(await sandbox.post(records + [update("one-more")]).answer)
            #expect(answer.errorCode == 1)
            #expect(answer.errorMessage?.contains("reduce the amount of data") == true)
            #expect(sandbox.catalog().isEmpty)
        }
    }

    @Test("may have as many bytes as the limit, and one more is told to reduce the amount of data")
    func byteLimit() async throws {
        try await withSandbox { $0.byteLimit = 1000 } _: { sandbox in
            var request = sandbox.request(batch([record("DELETE", ["id": "sku"])]))
            request.body += Array(repeating: 0x20, count: 1000 - request.body.count)
            #expect(await sandbox.client.send(request).answer?.status == 200)
            request.body.append(0x20)
            let answer = try #require(await sandbox.client.send(request).answer)
            #expect(answer.errorCode == 1)
            #expect(answer.errorMessage?.contains("reduce the amount of data") == true)
            #expect(sandbox.calls().map(\.bodyBytes) == [1000, 1001])
        }
    }

    @Test("may have 28,000,000 bytes in all")
    func realByteLimit() async throws {
        try await withSandbox { sandbox in
            var request = sandbox.request(.null)
            request.body = Array(repeating: 0x20, count: 28_000_001)
            #expect(await sandbox.client.send(request).answer?.errorCode == 1)
            #expect(sandbox.configuration.byteLimit == 28_000_000)
        }
    }
}
