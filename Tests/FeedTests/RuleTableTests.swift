import Testing

@testable import Feed

/// A change of the good row that a rule must refuse, and one near it that it must let pass.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let rule: RuleID
    let bad: [String: String]
    let good: [String: String]
    var options = FeedOptions()

    init(_ rule: RuleID, bad: [String: String], good: [String: String], _ adjust: (inout FeedOptions) -> Void = { _ in }) {
        self.rule = rule
        self.bad = bad
        self.good = good
        adjust(&options)
    }

    var testDescription: String { "\(rule.rawValue) \(bad)" }
}

private let long = String(repeating: "lamp ", count: 2500)

private func letters(_ count: Int) -> String { String(String(repeating: "Lamp of oak ", count: count / 12 + 1).prefix(count - 1)) + "x" }

let rowRuleCases: [RuleCase] = [
    .init(.f13, bad: ["id": "id", "title": "title"], good: ["id": "idx", "title": "title of a book"]),
    .init(.f13, bad: ["id": "Total", "title": ""], good: ["id": "Total", "title": "Total eclipse poster"]),
    .init(.i01, bad: ["id": "   "], good: ["id": "0"]),
    .init(.i01, bad: ["id": "NULL"], good: ["id": "NULLA"]),
    .init(.i02, bad: ["id": letters(101)], good: ["id": letters(100)]),
    .init(.i03, bad: ["id": letters(51)], good: ["id": letters(50)]),
    .init(.i04, bad: ["id": " sku-1"], good: ["id": "sku 1"]),
    .init(.i04, bad: ["id": "sku\u{7}1"], good: ["id": "sku_1"]),
    .init(.i05, bad: ["id": "1.23E+12"], good: ["id": "1.23E"]),
    .init(.i05, bad: ["id": "123.0"], good: ["id": "123.01"]),
    .init(.i05, bad: ["id": "2026-01-31"], good: ["id": "10-20-30"]),
    .init(.i05, bad: ["id": "31/01/2026"], good: ["id": "31/99/2026"]),
    .init(.i11, bad: ["updated": "yesterday"], good: ["updated": "2026-01-31T08:00:00.123+03:00"]) { $0.versionColumn = "updated" },
    .init(.t01, bad: ["title": "\u{A0} "], good: ["title": "x"]),
    .init(.t02, bad: ["title": letters(201)], good: ["title": letters(200)]),
    .init(.t03, bad: ["title": letters(101)], good: ["title": letters(100)]),
    .init(.t03, bad: ["title": String(repeating: "ك", count: 101)], good: ["title": String(repeating: "ك", count: 100)]),
    .init(.t04, bad: ["title": "DESK LAMP"], good: ["title": "DESK lamp"]),
    .init(.t04, bad: ["title": "LAMP X1"], good: ["title": "مصباح مكتبي NOKIA"]),
    .init(.t05, bad: ["title": "Desk <b>lamp</b>"], good: ["title": "Lamp 3 < 4 and 5 > 2"]),
    .init(.t05, bad: ["title": "Salt &amp; pepper"], good: ["title": "Salt & pepper; R&D;x"]),
    .init(.t06, bad: ["title": "Lamp with Free Shipping"], good: ["title": "Lamp for wholesale, shipping lamp"]),
    .init(.t06, bad: ["title": "Lamp 20% off"], good: ["title": "Lamp 20% officeware"]),
    .init(.t06, bad: ["title": "مصباح شحن مجاني"], good: ["title": "مصباح شحن"]),
    .init(.t07, bad: ["title": "Lamp \u{E000}"], good: ["title": "چرا\u{200C}ی مێز"]),
    .init(.t07, bad: ["title": "Lamp \u{FFFD}"], good: ["title": "Lamp\u{200E} \u{200F}x"]),
    .init(.t07, bad: ["title": "Lamp \u{1} x"], good: ["title": "Lamp\tx"]),
    .init(.t07, bad: ["title": "Lamp \u{85}"], good: ["title": "Lamp ½ é"]),
    .init(.t08, bad: ["title": "Untitled"], good: ["title": "Untitled poem"]),
    .init(.t08, bad: ["title": "sku-1"], good: ["title": "sku-2"]),
    .init(.t09, bad: ["title": "Dimmable lamp for"], good: ["title": "Dimmable lantern"]),
    .init(.t11, bad: ["title": "Lamp!!!"], good: ["title": "Lamp!! !"]),
    .init(.d01, bad: ["description": "nan"], good: ["description": "nano"]),
    .init(.d02, bad: ["description": letters(10_000)], good: ["description": letters(9999)]),
    .init(.d03, bad: ["description": letters(5001)], good: ["description": letters(5000)]),
    .init(.d04, bad: ["description": "A LAMP FOR THE DESK"], good: ["description": "A LAMP for the desk"]),
    .init(.d05, bad: ["description": "<p>Lamp</p>"], good: ["description": "Lamp <3"]),
    .init(.d06, bad: ["description": "Walnut desk lamp"], good: ["description": "Walnut desk lamp."]),
    .init(.d07, bad: ["description": "Lamp \u{F8FF}"], good: ["description": "Lamp\nof\toak"]),
    .init(.d08, bad: ["description": "CafÃ© lamp"], good: ["description": "Café lamp, 20°"]),
    .init(.d08, bad: ["description": "Itâ€™s a lamp"], good: ["description": "It’s a lamp"]),
    .init(.d09, bad: ["description": "Ask lamp@shop.krd"], good: ["description": "Lamp @ home"]),
    .init(.d09, bad: ["description": "See https://shop.krd"], good: ["description": "See shop // home"]),
    .init(.d09, bad: ["description": "Call +964 750 123 4567"], good: ["description": "Model 0123 4567"]),
    .init(.l01, bad: ["link": "\\N"], good: ["link": "https://a.krd"]),
    .init(.l02, bad: ["link": "/p/1"], good: ["link": "HTTPS://shop.krd:8443/p/1"]),
    .init(.l02, bad: ["link": "https://"], good: ["link": "https://user:secret@shop.krd/"]),
    .init(.l02, bad: ["link": "https://shop..krd/"], good: ["link": "https://shop.krd"]),
    .init(.l03, bad: ["link": "http://shop.krd/"], good: ["link": "https://shop.krd/http://"]),
    .init(.l04, bad: ["link": "https://shop.krd/a b"], good: ["link": "https://shop.krd/a%20b"]),
    .init(.l04, bad: ["link": "https://shop.krd/چرا"], good: ["link": "https://shop.krd/%DA%86"]),
    .init(.l05, bad: ["link": "https://localhost/p"], good: ["link": "https://local.krd/p"]),
    .init(.l05, bad: ["link": "https://192.168.1.4/p"], good: ["link": "https://193.168.1.4/p"]),
    .init(.l05, bad: ["link": "https://other.krd/p"], good: ["link": "https://m.shop.krd/p"]) { $0.allowedHosts = ["shop.krd"] },
    .init(.l06, bad: ["link": "https://shop.krd/" + String(repeating: "a", count: 1984)], good: ["link": "https://shop.krd/" + String(repeating: "a", count: 1983)]),
    .init(.l07, bad: ["link": "https://shop.example.com/p"], good: ["link": "https://myexample.com/p"]),
    .init(.m01, bad: ["image_link": ""], good: ["image_link": "https://a.krd/p"]),
    .init(.m02, bad: ["image_link": "1.jpg"], good: ["image_link": "http://a.krd/1.jpg"]),
    .init(.m02, bad: ["image_link": "https://a.krd/1 2.jpg"], good: ["image_link": "https://a.krd/1+2.jpg"]),
    .init(.m03, bad: ["image_link": "https://a.krd/x//1.jpg"], good: ["image_link": "https://a.krd/x/1.jpg?u=a//b"]),
    .init(.m03, bad: ["image_link": "https://a.krd/media/catalog/productlamp.jpg"], good: ["image_link": "https://a.krd/media/catalog/product/l.jpg"]),
    .init(.m03, bad: ["image_link": "https://a.krd/wp-content/uploads1.jpg"], good: ["image_link": "https://a.krd/wp-content/uploads/1.jpg"]),
    .init(.m04, bad: ["image_link": "https://a.krd/No-Image.png"], good: ["image_link": "https://a.krd/image.png"]),
    .init(.m04, bad: ["image_link": "https://a.krd/coming_soon.png"], good: ["image_link": "https://a.krd/soon.png"]),
    .init(.m05, bad: ["image_link": "https://a.krd/1.svg"], good: ["image_link": "https://a.krd/1.JPEG?v=1"]),
    .init(.m07, bad: ["additional_image_link": "https://a.krd/1.jpg, 2.jpg"], good: ["additional_image_link": "https://a.krd/1.jpg, https://a.krd/2.jpg"]),
    .init(
        .m07, bad: ["additional_image_link": Array(repeating: "https://a.krd/1", count: 21).joined(separator: ",")],
        good: ["additional_image_link": Array(repeating: "https://a.krd/1", count: 20).joined(separator: ",")]),
    .init(.p01, bad: ["price": " "], good: ["price": "1 USD"]),
    .init(.p02, bad: ["price": "call us"], good: ["price": "USD 5"]),
    .init(.p02, bad: ["price": "5 USD EUR"], good: ["price": "5 USD USD"]),
    .init(.p03, bad: ["price": "9.99"], good: ["price": "9.99", "currency": "USD"]),
    .init(.p03, bad: ["price": "$9.99"], good: ["price": "€9.99"]),
    .init(.p04, bad: ["price": "9.99 XYZ"], good: ["price": "9.99 IQD"]) { $0.currenciesWithFreeDecimals = ["IQD"] },
    .init(.p05, bad: ["price": "9.99 EUR"], good: ["price": "9.99 USD"]) { $0.catalogCurrency = "USD" },
    .init(.p06, bad: ["price": "0.00 USD"], good: ["price": "0.01 USD"]),
    .init(.p07, bad: ["price": "-5 USD"], good: ["price": "5 USD"]),
    .init(.p07, bad: ["price": "1000.01 USD"], good: ["price": "1000.00 USD"]) { $0.maxAmount = 1000 },
    .init(.p08, bad: ["price": "9.9999 USD"], good: ["price": "9.999 KWD"]),
    .init(.p08, bad: ["price": "100.5 JPY"], good: ["price": "100 JPY"]),
    .init(.p08, bad: ["price": "250.25 IQD"], good: ["price": "250.00 IQD"]),
    .init(.p09, bad: ["price": "1,299 USD"], good: ["price": "1,299.00 USD"]),
    .init(.p09, bad: ["price": "25.000 IQD"], good: ["price": "25.000 KWD"]),
    .init(.p09, bad: ["price": "25,000 IQD"], good: ["price": "1.299.000 IQD"]),
    .init(.p10, bad: ["sale_price": "49.90 USD"], good: ["sale_price": "49.89 USD"]),
    .init(.p11, bad: ["sale_price": "9 EUR"], good: ["sale_price": "9 USD"]),
    .init(
        .p12, bad: ["sale_price_effective_date": "2026-02-01T08:00+03:00/2026-01-01T08:00+03:00"],
        good: ["sale_price_effective_date": "2026-01-01T08:00+03:00/2026-02-01T08:00-0300"]),
    .init(
        .p12, bad: ["sale_price_effective_date": "2026-01-01T08:00Z/2026-01-31T08:00Z"],
        good: ["sale_price_effective_date": "2026-01-01T08:00Z/2026-02-02T08:00Z"]) { $0.now = 1_769_904_000 },  // 2026-02-01
    .init(.v01, bad: ["availability": ""], good: ["availability": "out of stock"]),
    .init(.v02, bad: ["availability": "maybe"], good: ["availability": "In_Stock"]),
    .init(.v03, bad: ["availability": "متوفر"], good: ["availability": "in stock"]),
    .init(.v03, bad: ["availability": "https://schema.org/InStock"], good: ["availability": "discontinued"]),
    .init(.v04, bad: ["availability": "preorder"], good: ["availability": "preorder", "availability_date": "2026-03-01"]),
    .init(.v05, bad: ["quantity_to_sell_on_facebook": "0"], good: ["quantity_to_sell_on_facebook": "7"]),
    .init(.c01, bad: ["condition": ""], good: ["condition": "used"]),
    .init(.c01, bad: ["condition": ""], good: ["condition": "new"]) { $0.defaults.condition = "new" },
    .init(.c02, bad: ["condition": "shiny"], good: ["condition": "مستعمل"]),
    .init(.c03, bad: ["title": "Used lamp"], good: ["title": "Used lamp", "condition": "used"]),
    .init(.c03, bad: ["description": "Refurbished by hand"], good: ["description": "Widely used for reading"]),
    .init(.c03, bad: ["title": "مصباح مستعمل"], good: ["title": "مصباح"]),
    .init(.g01, bad: ["brand": ""], good: ["brand": "", "mpn": "NL-1"]),
    .init(.g01, bad: ["brand": ""], good: [:]) { $0.defaults.brand = "House" },
    .init(.g02, bad: ["brand": letters(101)], good: ["brand": letters(100)]),
    .init(.g03, bad: ["brand": "N/A"], good: ["brand": "Nara"]),
    .init(.g04, bad: ["gtin": "400638133393"  + "11"  + "1"], good: ["gtin": "4006381333931"]),
    .init(.g05, bad: ["gtin": "4006381333932"], good: ["gtin": "4006381333931"]),
    .init(.g06, bad: ["gtin": "2000000000008"], good: ["gtin": "4006381333931"]),
    .init(.g06, bad: ["gtin": "00000000"], good: ["gtin": "96385074"]),
    .init(.g07, bad: ["mpn": "n/a"], good: ["mpn": "na-1"]),
    .init(.g08, bad: ["identifier_exists": "no"], good: ["identifier_exists": "yes"]),
    .init(.k01, bad: ["product_type": ""], good: ["product_type": "x"]),
    .init(.k02, bad: ["product_type": letters(751)], good: ["product_type": letters(750)]),
    .init(.k03, bad: ["product_type": "aa,bb,cc,dd,ee,ff,gg,hh,ii,jj,kk"], good: ["product_type": "aa,bb,cc,dd,ee,ff,gg,hh,ii,jj"]),
    .init(.k04, bad: ["google_product_category": "Lamps"], good: ["google_product_category": "594"]),
    .init(.k04, bad: ["google_product_category": "Home > Lamps"], good: ["google_product_category": "home & garden > Lighting"]),
    .init(.k05, bad: ["google_product_category": "Furniture"], good: ["google_product_category": "Furniture > Chairs"]),
    .init(.k06, bad: ["product_type": "Chairs"], good: ["product_type": "LAMPS"]) {
        $0.category = .table
        $0.categoryTable = ["Lamps": "Home & Garden > Lighting > Lamps"]
    },
    .init(.r01, bad: ["color": "red"], good: ["color": "red", "item_group_id": "LAMP"]),
    .init(.r04, bad: ["size": letters(101)], good: ["material": letters(200)]),
    .init(.r05, bad: ["color": "red/blue/green/black"], good: ["color": "red/blue/green"]),
    .init(.r05, bad: ["color": letters(41)], good: ["color": letters(40)]),
    .init(.r07, bad: ["title": "", "description": "", "price": "", "availability": ""], good: ["title": ""]),
    .init(.r07, bad: ["id": "", "title": ""], good: ["id": ""]),
    .init(.s01, bad: ["custom_number_0": "4294967296"], good: ["custom_number_0": "4294967295"]),
    .init(.s01, bad: ["custom_number_4": "1.5"], good: ["custom_number_4": "7.0"]),
    .init(.s02, bad: ["internal_label": "['a', '\(letters(111))']"], good: ["internal_label": "['a', '\(letters(110))']"]),
    .init(.b05, bad: ["title": ""], good: [:]) { $0.severities[.t01] = .warn },
    .init(.b05, bad: ["price": "-5 USD"], good: ["price": "0 USD"]) { $0.severities = [.p06: .warn, .p07: .warn] },
    .init(.r06, bad: ["age_group": "old"], good: ["age_group": "Adult", "gender": "unisex"]),
]

@Suite("Rules that look at one row")
struct RuleTableTests {
    @Test("finds what it is for, with its severity, and lets its neighbour pass", arguments: rowRuleCases)
    func rule(_ test: RuleCase) async throws {
        let (bad, _) = try await firstRow(file(test.bad), options: test.options)
        #expect(bad.findings.contains { $0.rule == test.rule }, "found only \(bad.findings.map(\.rule))")
        let (good, _) = try await firstRow(file(test.good), options: test.options)
        #expect(!good.findings.contains { $0.rule == test.rule }, "found \(good.findings)")
        #expect(bad.isRejected == bad.findings.contains { $0.severity >= .error })
    }

    @Test("is silent when switched off", arguments: rowRuleCases)
    func off(_ test: RuleCase) async throws {
        var options = test.options
        options.severities[test.rule] = .off
        let (row, _) = try await firstRow(file(test.bad), options: options)
        #expect(!row.findings.contains { $0.rule == test.rule })
    }

    @Test("every row rule but F07 has its pair here")
    func complete() {
        let crossRow: Set<RuleID> = [.i06, .i07, .i08, .i12]
        let tested = Set(rowRuleCases.map(\.rule))
        #expect(RuleID.allCases.filter { $0.kind == .row && !tested.contains($0) && !crossRow.contains($0) } == [.f07])
    }

    @Test("the good row has no finding at all")
    func clean() async throws {
        let (row, item) = try await firstRow(file([:]))
        #expect(row.findings == [])
        #expect(
            item == """
                {"id":"sku-1","title":"Walnut desk lamp","description":"Dimmable lamp for quiet evenings.","availability":"in stock","condition":"new",\
                "price":"49.90 USD","link":"https://shop.krd/p/1","image_link":"https://cdn.shop.krd/1.jpg","brand":"Northlight",\
                "google_product_category":"Home > Lamps"}
                """)
    }

    @Test("ordinals are places in the list")
    func ordinals() {
        #expect(RuleID.allCases.map(\.ordinal) == Array(RuleID.allCases.indices))
        #expect(Column.allCases.map(\.ordinal) == Array(Column.allCases.indices))
    }

    @Test("every rule is in the reference, with words for people")
    func reference() {
        let page = ruleReferenceMarkdown()
        for rule in RuleID.allCases {
            #expect(page.contains("## \(rule.rawValue) \(rule.title)\n"))
            #expect(!rule.checks.isEmpty && !rule.why.isEmpty && !rule.hint.isEmpty)
        }
    }
}
