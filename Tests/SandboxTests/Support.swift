import Testing

@testable import Sandbox

/// A sandbox for the length of a test.
func withSandbox(_ configure: (inout SandboxConfiguration) -> Void = { _ in }, _ body: (Sandbox) async throws -> Void) async throws {
    var configuration = SandboxConfiguration()
    configure(&configuration)
    let sandbox = Sandbox(configuration: configuration)
    try await sandbox.start()
    do {
        try await body(sandbox)
    } catch {
        await sandbox.stop()
        throw error
    }
    await sandbox.stop()
}

extension Sandbox {
    var client: RawClient { RawClient(port: port) }

    func path(_ edge: String, version: String = "v26.0") -> String { "/\(version)/\(configuration.catalogID)/\(edge)" }

    var authorized: [String: String] { ["Authorization": "Bearer \(configuration.accessToken)"] }

    func request(_ body: SandboxValue) -> RawClient.Request {
        RawClient.Request(
            target: path("items_batch"), headers: authorized.merging(["Content-Type": "application/json"]) { $1 }, body: Array(body.json.utf8))
    }

    func post(_ records: [SandboxValue]) async -> RawClient.Outcome { await client.send(request(batch(records))) }

    /// Posts records that are expected to be taken.
    func handle(_ records: SandboxValue...) async throws -> String {
        let answer = try #require(await post(records).answer)
        let handle = answer.json["handles"]?.elements.first?.text
        return try #require(handle, "\(answer.json.json)")
    }

    func get(_ edge: String, _ query: String = "") async -> RawClient.Outcome {
        await client.send(.init(method: "GET", target: path(edge) + (query.isEmpty ? "" : "?" + query), headers: authorized))
    }

    func poll(_ handle: String, loadsIDs: Bool = true) async throws -> SandboxValue {
        let query = "handle=\(handle)" + (loadsIDs ? "&load_ids_of_invalid_requests=true" : "")
        let answer = try #require(await get("check_batch_request_status", query).answer)
        return try #require(answer.json["data"]?.elements.first, "\(answer.json.json)")
    }

    /// Polls until the handle says a last word, at most 20 times.
    func verdict(_ handle: String, loadsIDs: Bool = true) async throws -> SandboxValue {
        for _ in 0..<20 {
            let status = try await poll(handle, loadsIDs: loadsIDs)
            if ["finished", "error", "canceled"].contains(status["status"]?.text) { return status }
        }
        throw NeverFinished()
    }

    struct NeverFinished: Error {}
}

extension RawClient.Answer {
    var json: SandboxValue { (try? JSONReader.read(body)) ?? .null }
    var errorCode: Int? { json["error"]?["code"]?.int }
    var errorMessage: String? { json["error"]?["message"]?.text }
}

extension SandboxValue {
    var elements: [SandboxValue] { if case .array(let elements) = self { elements } else { [] } }
    var int: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }
    var texts: [String] { elements.compactMap(\.text) }
    var messages: [String] { elements.compactMap { $0["message"]?.text } }
    var names: [String] { if case .object(let members) = self { members.map(\.name) } else { [] } }

    static func fields(_ fields: [String: SandboxValue]) -> SandboxValue {
        .object(fields.sorted { $0.key < $1.key }.map { Member($0.key, $0.value) })
    }
}

func batch(_ records: [SandboxValue]) -> SandboxValue {
    .object(("item_type", "PRODUCT_ITEM"), ("allow_upsert", .bool(true)), ("requests", .array(records)))
}

/// A product nobody can object to, with changes.
func product(_ id: String, _ changes: [String: SandboxValue?] = [:]) -> [String: SandboxValue] {
    var fields: [String: SandboxValue] = [
        "id": .string(id), "title": "Walnut desk lamp", "description": "Dimmable desk lamp in walnut.", "availability": "in stock",
        "condition": "new", "price": "49.90 EUR", "link": .string("https://shop.example/p/\(id)"), "image_link": "https://cdn.example/a.jpg",
        "brand": "Northlight",
    ]
    for (name, value) in changes { fields[name] = value }
    return fields
}

func record(_ method: String, _ fields: [String: SandboxValue]) -> SandboxValue {
    .object(("method", .string(method)), ("data", .fields(fields)))
}

func update(_ id: String, _ changes: [String: SandboxValue?] = [:]) -> SandboxValue { record("UPDATE", product(id, changes)) }
