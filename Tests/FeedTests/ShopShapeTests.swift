import Foundation
import Testing

@testable import Feed

@Suite("Shapes that shops have")
struct ShopShapeTests {
    private func options(_ adjust: (inout FeedOptions) -> Void) -> FeedOptions {
        var options = FeedOptions()
        adjust(&options)
        return options
    }

    private func object(_ item: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(item.utf8)) as? [String: Any], "\(item)")
    }

    // MARK: Templates

    private let shop = """
        sku,name,text,path,img,stock,amount,brand,condition,kind
        "A ""1""/2",Walnut lamp,A dimmable lamp.,lamps,1.jpg,in stock,25,N,new,Home
        B-2,Oak lamp,A tall lamp.,,2.jpg,in stock,,N,new,Home

        """

    private func mapped() -> FeedOptions {
        options {
            $0.columns = [
                .id: "sku", .title: "name", .description: "text", .link: "https://shop.krd/{path}/{sku}?a=1", .imageLink: "https://cdn.krd/{img}",
                .availability: "stock", .price: "{amount} USD", .productType: "kind",
            ]
        }
    }

    @Test("a column is made of others, encoded inside addresses") func template() async throws {
        let found = try await scan(shop, options: mapped())
        #expect(found.refusal == nil && found.header.unknown.isEmpty && found.tally.count(of: .f06) == 0)
        let (row, item) = try await firstRow(shop, options: mapped())
        #expect(!row.isRejected, "\(row.findings)")
        let data = try object(item)
        #expect(data["link"] as? String == "https://shop.krd/lamps/A%20%221%22%2F2?a=1")
        #expect(data["image_link"] as? String == "https://cdn.krd/1.jpg" && data["price"] as? String == "25 USD")
    }

    @Test("a template with an empty part is empty") func empty() async throws {
        let found = try await scan(shop, options: mapped())
        var reader = RowReader(scan: found, source: MemoryByteSource(shop), options: mapped())
        #expect(try reader.detail(1).findings.filter { $0.severity == .error }.map(\.rule) == [.p01, .l01])
        #expect(try reader.detail(1).findings.first { $0.rule == .p01 }?.column == "amount")
    }

    @Test("a name in braces that the header lacks is named") func lacking() async throws {
        var options = mapped()
        options.columns[.link] = "https://shop.krd/{slug}/{sku}"
        let refusal = try #require(try await scan(shop, options: options).refusal)
        #expect(refusal.rule == .f03 && refusal.value == "slug (for link)")
    }

    @Test("an id is never made of other columns") func id() async throws {
        var options = mapped()
        options.columns[.id] = "{sku}-{stock}"
        #expect(try await scan(shop, options: options).refusal?.value == "{sku}-{stock}")
    }

    @Test("a template may begin with the address itself") func base() async throws {
        var options = mapped()
        options.columns[.imageLink] = "{img}?v={stock}"
        let text = shop.replacing("1.jpg", with: "https://cdn.krd/a/1.jpg")
        let (_, item) = try await firstRow(text, options: options)
        #expect(try object(item)["image_link"] as? String == "https://cdn.krd/a/1.jpg?v=in%20stock")
    }

    @Test("long values and many names fit") func long() async throws {
        var options = mapped()
        options.columns[.description] = "{text} {text} {text} {text}"
        options.columns[.link] = "https://shop.krd/{text}"
        options.severities[.l06] = .warn
        let text = shop.replacing("A dimmable lamp.", with: String(repeating: "ک", count: 1500))
        let (row, item) = try await firstRow(text, options: options)
        #expect(!row.isRejected, "\(row.findings)")
        let data = try object(item)
        #expect((data["description"] as? String)?.unicodeScalars.count == 6003)
        #expect((data["link"] as? String)?.utf8.count == 17 + 9000)
    }

    @Test("what is no template stays a name", arguments: ["sku", "{sku", "sku}", "}{"]) func name(_ text: String) {
        #expect(ColumnTemplate(text) == nil)
    }

    // MARK: Words

    @Test("words of the settings are translated, whatever their case") func words() async throws {
        let options = options {
            $0.translations.availability = ["auf Lager": "in stock", "1": "out of stock"]
            $0.translations.condition = ["wie_neu": "refurbished"]
        }
        let (row, item) = try await firstRow(file(["availability": "AUF-LAGER", "condition": "Wie neu"]), options: options)
        #expect(!row.isRejected && item.contains(#""availability":"in stock","condition":"refurbished""#))
        let (_, own) = try await firstRow(file(["availability": "1"]), options: options)
        #expect(own.contains(#""availability":"out of stock""#))
    }

    @Test(
        "words of three languages are built in",
        arguments: [
            ("متوفر", "in stock"), ("بەردەستە", "in stock"), ("InStock", "in stock"), ("غير متوفر", "out of stock"), ("نەماوە", "out of stock"),
            ("sold-out", "out of stock"), ("طلب مسبق", "preorder"), ("Backorder", "available for order"),
        ])
    func builtIn(_ word: String, _ ours: String) async throws {
        let (_, item) = try await firstRow(file(["availability": word, "availability_date": "2026-03-01"]))
        #expect(item.contains("\"availability\":\"\(ours)\""))
    }

    // MARK: Categories

    @Test("a mapping table sends the taxonomy's path beside the shop's words") func table() async throws {
        let options = options {
            $0.category = .table
            $0.categoryTable = ["مصابيح": "Home & Garden > Lighting > Lamps", "Chairs": "443"]
        }
        let (_, lamp) = try await firstRow(file(["product_type": "مصابيح"]), options: options)
        #expect(lamp.contains(#""google_product_category":"Home & Garden > Lighting > Lamps","product_type":"مصابيح""#))
        let (_, chair) = try await firstRow(file(["product_type": "chairs "]), options: options)
        #expect(chair.contains(#""google_product_category":"443","product_type":"chairs""#))
        let (row, other) = try await firstRow(file(["product_type": "Desks"]), options: options)
        #expect(row.findings.map(\.rule) == [.k06] && !other.contains("google_product_category") && other.contains(#""product_type":"Desks""#))
    }

    @Test("`auto` knows Google's taxonomy from the shop's own paths") func auto() async throws {
        for (type, isGoogle) in [("Home & Garden > Lighting", true), ("594", true), ("Home > Lamps", false), ("Furniture", false)] {
            let (_, item) = try await firstRow(file(["product_type": type]), options: options { $0.category = .auto })
            #expect(item.contains(isGoogle ? "\"google_product_category\":\"\(type)\"" : "\"product_type\":\"\(type)\""))
        }
    }

    // MARK: Optional columns

    @Test("optional columns take the shape that the batch wants") func optional() async throws {
        let (row, item) = try await firstRow(
            file([
                "additional_image_link": "https://a.krd/1.jpg https://a.krd/2.jpg", "custom_number_0": "7", "custom_number_1": "",
                "quantity_to_sell_on_facebook": "12", "internal_label": "['summer', \"new in\", نوێ]", "status": "active",
                "rich_text_description": "<p>Lamp</p>", "fb_product_category": "furniture", "shipping": "IQ::Ground:5 USD", "sale_price": "",
                "sale_price_effective_date": "", "origin_country": "IQ", "mobile_link": "https://m.a.krd/1", "vendor_id": "V-1", "expiration_date": "2027-01-31",
                "importer_name": "Ana Import", "visibility": "published", "shipping_weight": "2 kg", "additional_variant_attribute": "Scent:Fruity",
            ]))
        #expect(!row.isRejected, "\(row.findings)")
        let data = try object(item)
        #expect(data["additional_image_link"] as? [String] == ["https://a.krd/1.jpg", "https://a.krd/2.jpg"])
        #expect(item.contains(#""custom_number_0":7,"#) && item.contains(#""custom_number_1":"""#) && item.contains(#""quantity_to_sell_on_facebook":12"#))
        #expect(data["internal_label"] as? [String] == ["summer", "new in", "نوێ"])
        #expect(data["rich_text_description"] as? String == "<p>Lamp</p>" && data["status"] as? String == "active")
        #expect(data["fb_product_category"] as? String == "furniture" && data["shipping"] as? String == "IQ::Ground:5 USD")
        #expect(data["mobile_link"] as? String == "https://m.a.krd/1" && data["vendor_id"] as? String == "V-1")
        #expect(data["expiration_date"] as? String == "2027-01-31" && data["importer_name"] as? String == "Ana Import")
        #expect(data["sale_price"] as? String == "" && data["sale_price_effective_date"] as? String == "")
        #expect(data["color"] == nil && data["custom_number_2"] == nil)
    }

    @Test("emptied columns clear what was sent before") func cleared() async throws {
        let (_, item) = try await firstRow(
            file(["quantity_to_sell_on_facebook": "", "custom_number_0": "NULL", "internal_label": "", "status": "", "google_product_category": ""]),
            options: options { $0.category = .auto })
        for part in [
            #""quantity_to_sell_on_facebook":"""#, #""custom_number_0":"""#, #""internal_label":[]"#, #""status":"""#, #""google_product_category":"""#,
        ] { #expect(item.contains(part), "\(item)") }
    }

    @Test("pictures in Meta's own columns go out as its array") func pictures() async throws {
        let header = requiredHeader.replacing("image_link", with: "image[0].url,image[0].tag[0],image[1].url,image[1].tag[0],image[1].tag[1]")
        let text = header + "\n1,Lamp,A lamp.,https://a.krd/1,https://c.krd/1.jpg,front,https://c.krd/2.jpg,,back,in stock,5 USD,N,new,Home\n"
        let found = try await scan(text)
        #expect(found.refusal == nil && found.header.unknown.isEmpty && found.tally.isEmpty)
        let (_, item) = try await firstRow(text)
        #expect(item.contains(#""image":[{"url":"https://c.krd/1.jpg","tag":["front"]},{"url":"https://c.krd/2.jpg","tag":["back"]}]"#), "\(item)")
        _ = try object(item)
        let (bad, _) = try await firstRow(text.replacing("https://c.krd/1.jpg", with: "").replacing("https://c.krd/2.jpg", with: "2.jpg"))
        #expect(bad.findings.map(\.rule) == [.m01, .m07])
    }

    // MARK: Airbyte

    @Test("Airbyte's time of extraction orders rows where nothing else is configured") func extractionTime() async throws {
        let header = requiredHeader + ",_airbyte_extracted_at,_airbyte_raw_id"
        let row = "a,Lamp,A lamp.,https://a.krd/1,https://a.krd/1.jpg,in stock,5 USD,N,new,Home"
        let text = header + "\n" + row + ",2026-01-02 08:00:00.123+00,x\n" + row + ",2026-01-01T08:00:00Z,y\n"
        let found = try await scan(text)
        let resolution = try await resolve([found], sources: [MemoryByteSource(text)], options: FeedOptions())
        #expect(Array(resolution.winners) == [RowRef(file: 0, row: 0)] && found.tally.isEmpty)
    }

    @Test("raw Airbyte records are refused with the way out", arguments: ["_airbyte_data", "_airbyte_raw_id,_airbyte_extracted_at,_airbyte_data"])
    func rawAirbyte(_ header: String) async throws {
        var options = FeedOptions()
        options.defaults = FieldDefaults(brand: "N", currency: "USD", condition: "new")
        let refusal = try #require(try await scan(header + "\n" + header + "\n", options: options).refusal)
        #expect(refusal.rule == .f03 && refusal.value == "_airbyte_data" && refusal.remedy.contains("flattening"))
    }
}
