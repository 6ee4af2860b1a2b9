import Testing

@testable import Sandbox

@Suite("What becomes of records")
struct IngestTests {
    @Test("The old form with retailer_id beside data is answered 200 without a handle, and nothing is ingested")
    func oldForm() async throws {
        try await withSandbox { sandbox in
            var fields = product("a")
            fields["id"] = nil
            let old = SandboxValue.object(("method", "UPDATE"), ("retailer_id", "a"), ("data", .fields(fields)))
            let answer = try #require(await sandbox.post([update("b"), old]).answer)
            #expect(answer.status == 200)
            #expect(answer.json.names == ["validation_status"])
            let entry = try #require(answer.json["validation_status"]?.elements.first)
            #expect(entry["retailer_id"] == nil)
            #expect(entry["errors"]?.messages == ["Can not find required field id"])
            #expect(sandbox.catalog().isEmpty)
        }
    }

    @Test("An id twice in one call is named, and by default the whole call is refused")
    func duplicates() async throws {
        try await withSandbox { sandbox in
            let answer = try #require(await sandbox.post([update("a"), update("b"), update("a")]).answer)
            #expect(answer.status == 200)
            #expect(answer.json["handles"] == nil)
            #expect(answer.json["validation_status"]?.elements.first?["errors"]?.messages == ["Duplicate retailer_id in batch api call - a."])
            #expect(sandbox.catalog().isEmpty)
        }
    }

    @Test("If set, only the repeated id is refused")
    func duplicatesOnly() async throws {
        try await withSandbox { $0.duplicates = .refuseRepeatedItems } _: { sandbox in
            let answer = try #require(await sandbox.post([update("a"), update("b"), update("a")]).answer)
            #expect(answer.json["handles"]?.elements.count == 1)
            #expect(answer.json["validation_status"]?.elements.map { $0["retailer_id"]?.text } == ["a"])
            #expect(sandbox.catalog().keys.sorted() == ["b"])
        }
    }

    @Test("An unknown field is an inline warning and the item is stored without it")
    func unknownField() async throws {
        try await withSandbox { sandbox in
            let answer = try #require(await sandbox.post([update("a", ["colour": "red"]), update("b")]).answer)
            let entries = answer.json["validation_status"]?.elements ?? []
            #expect(entries.map { $0["retailer_id"]?.text } == ["a"])
            #expect(entries.first?["warnings"]?.messages.first?.contains("unrecognised field: 'colour'") == true)
            #expect(entries.first?["errors"] == nil)
            #expect(sandbox.catalog()["a"]?.fields["colour"] == nil)
        }
    }

    @Test("UPDATE replaces what it names, clears what it empties, and leaves the rest alone")
    func partialUpdate() async throws {
        try await withSandbox { sandbox in
            _ = try await sandbox.handle(update("a", ["sale_price": "40.00 EUR", "color": "walnut", "video": .array([.object(("url", "https://cdn.example/v.mp4"))])]))
            let second = try await sandbox.handle(record("UPDATE", ["id": "a", "price": "45.00 EUR", "sale_price": "", "video": .array([])]))
            let item = try #require(sandbox.catalog()["a"])
            #expect(item["price"] == "45.00 EUR")
            #expect(item["color"] == "walnut")
            #expect(item["title"] == "Walnut desk lamp")
            #expect(item.fields["sale_price"] == nil)
            #expect(item.fields["video"] == nil)
            #expect(item.timesWritten == 2)
            #expect(item.handle == second)
        }
    }

    @Test("UPDATE cannot clear a required field")
    func clearingRequired() async throws {
        try await withSandbox { sandbox in
            _ = try await sandbox.handle(update("a"))
            let verdict = try await sandbox.verdict(sandbox.handle(record("UPDATE", ["id": "a", "title": ""])))
            #expect(verdict["ids_of_invalid_requests"]?.texts == ["a"])
            #expect(sandbox.catalog()["a"]?["title"] == "Walnut desk lamp")
        }
    }

    @Test("DELETE takes an item away, CREATE writes it anew, and without upsert an unknown id is refused")
    func methods() async throws {
        try await withSandbox { $0.existingItems = [SandboxItem(id: "a"), SandboxItem(id: "b", fields: ["color": "red"])] } _: { sandbox in
            let good = try await sandbox.verdict(sandbox.handle(record("DELETE", ["id": "a"]), record("CREATE", product("b"))))
            #expect(good["errors_total_count"] == .count(0))
            #expect(sandbox.catalog().keys.sorted() == ["b"])
            #expect(sandbox.catalog()["b"]?.fields["color"] == nil)
            let body = SandboxValue.object(("item_type", "PRODUCT_ITEM"), ("allow_upsert", .bool(false)), ("requests", .array([update("c"), update("b")])))
            let answer = try #require(await sandbox.client.send(sandbox.request(body)).answer)
            let verdict = try await sandbox.verdict(#require(answer.json["handles"]?.texts.first))
            #expect(verdict["ids_of_invalid_requests"]?.texts == ["c"])
            #expect(sandbox.catalog().keys.sorted() == ["b"])
        }
    }

    @Test("A field that breaks a rule blocks its item and no other", arguments: [
        ("price", "12,50"), ("price", "0.00 EUR"), ("price", "€12"), ("sale_price", "60.00 EUR"), ("sale_price", "10.00 USD"), ("availability", "in_stock"),
        ("condition", "New"), ("link", "shop.example/p"), ("image_link", "ftp://cdn.example/a.jpg"), ("description", "HANDMADE LAMP IN WALNUT"),
        ("title", SandboxValue.string(String(repeating: "a", count: 201))), ("description", .string(String(repeating: "a", count: 10_000))),
        ("title", .null), ("title", .number("7")), ("title", "   "), ("brand", .string(String(repeating: "b", count: 101))),
        ("additional_image_link", "https://cdn.example/b.jpg"), ("custom_number_0", "7"), ("quantity_to_sell_on_facebook", .count(0)),
    ] as [(String, SandboxValue)])
    func blocked(_ field: String, _ value: SandboxValue) async throws {
        try await withSandbox { sandbox in
            let verdict = try await sandbox.verdict(sandbox.handle(update("bad", [field: value]), update("good")))
            #expect(verdict["status"] == "finished")
            #expect(verdict["errors_total_count"] == .count(1))
            #expect(verdict["ids_of_invalid_requests"]?.texts == ["bad"])
            #expect(sandbox.catalog().keys.sorted() == ["good"])
        }
    }

    @Test("Every required field is missed on create", arguments: ["title", "description", "availability", "condition", "price", "link", "image_link", "brand"])
    func missing(_ field: String) async throws {
        try await withSandbox { sandbox in
            let verdict = try await sandbox.verdict(sandbox.handle(update("a", [field: nil])))
            let messages = (verdict["errors"]?.messages ?? []) + (verdict["warnings"]?.messages ?? [])
            #expect(messages == ["A required field is missing: \(field) (id=a)"])
            #expect(verdict["ids_of_invalid_requests"]?.texts == ["a"])
            #expect(sandbox.catalog().isEmpty)
        }
    }

    @Test("Advice warns and the item is stored", arguments: [
        ("title", SandboxValue.string(String(repeating: "a", count: 101))), ("title", "WALNUT DESK LAMP"), ("link", "http://shop.example/p/1"), ("link", "https://shop.example/"),
        ("google_product_category", "Lamps"), ("description", "<b>Lamp</b>"),
    ] as [(String, SandboxValue)])
    func warned(_ field: String, _ value: SandboxValue) async throws {
        try await withSandbox { sandbox in
            let verdict = try await sandbox.verdict(sandbox.handle(update("a", [field: value])))
            #expect(verdict["warnings_total_count"] == .count(1))
            #expect(verdict["warnings"]?.elements.first?["id"] == "a")
            #expect(verdict["errors_total_count"] == .count(0))
            #expect(sandbox.catalog().keys.sorted() == ["a"])
        }
    }

    @Test("Arabic and Kurdish text is no shouting, and three decimals are no fault")
    func scripts() async throws {
        try await withSandbox { sandbox in
            let verdict = try await sandbox.verdict(
                sandbox.handle(update("a", ["title": "مصباح مكتب", "description": "چرای مێز لە دار", "price": "25000 IQD"]), update("b", ["price": "1.250 KWD"])))
            #expect(verdict["errors_total_count"] == .count(0))
            #expect(verdict["warnings_total_count"] == .count(0))
        }
    }
}
