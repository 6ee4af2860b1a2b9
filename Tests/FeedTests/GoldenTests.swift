import Foundation
import Testing

@testable import Feed

/// A small file as shops have them: Arabic and Kurdish titles, dinars, HTML, duplicates, mistakes. What is found in it is read in review.
private let mixed = #"""
    id,title,description,link,image_link,availability,price,brand,condition,product_type,sale_price,additional_image_link
    K-1,چرای مێزی دار,"چرایەکی جوان، بۆ خوێندنەوە",https://shop.krd/چرا/1,https://cdn.shop.krd/1.jpg,متوفر,"٢٥٬٠٠٠ د.ع",Northlight,جديد,مال > چرا,,
    A-2,مصباح مكتبي,"<p>مصباح &amp; قاعدة</p>",https://متجر.krd/p/2,https://cdn.shop.krd/2.jpg,in stock,"$1,999.00",,new,Home > Lamps,"1,499.50 USD","https://a.krd/1.jpg, https://a.krd/2.jpg"
    ,No id here,Text.,https://shop.krd/3,https://cdn.shop.krd/3.jpg,in stock,5 USD,N,new,Home,,
    E-4,GREAT LAMP!!! FREE SHIPPING,"Line one
    line ""two""",http://shop.krd/4,https://cdn.shop.krd/a//noimage.png,maybe,"1,299 USD",n/a,old,,6 USD,
    A-2,مصباح مكتبي,Other text.,https://shop.krd/2,https://cdn.shop.krd/2.jpg,in stock,5.00 USD,N,new,Home,5.00 USD,NULL
    R-6,too,few
    W-7,Cafe\#u{301}  lamp,Tab\#there \ slash.,https://shop.krd/7,https://cdn.shop.krd/7.webp,OUT_OF_STOCK,7.5 USD,N,used,Home,,
    W-7,Cafe\#u{301}  lamp,Tab\#there \ slash.,https://shop.krd/7,https://cdn.shop.krd/7.webp,OUT_OF_STOCK,7.5 USD,N,used,Home,,

    """#

@Suite("A mixed file")
struct GoldenTests {
    private var options: FeedOptions {
        var options = FeedOptions()
        options.defaults = FieldDefaults(brand: "House", currency: "USD")
        return options
    }

    @Test("has these findings and these items")
    func findings() async throws {
        let source = MemoryByteSource(mixed)
        let found = try await scan(mixed, options: options)
        var reader = RowReader(scan: found, source: source, options: options)
        var text = ""
        for row in 0..<found.rows.count {
            let detail = try reader.detail(row)
            text += "line \(detail.line) \(detail.productID.isEmpty ? "-" : detail.productID): \(detail.isRejected ? "rejected" : "valid")\n"
            for finding in detail.findings { text += "  \(finding.rule.rawValue) \(finding.severity.rawValue) \(finding.column): \(finding.value)\n" }
            guard !detail.isRejected else { continue }
            var json: [UInt8] = []
            _ = try reader.encode(row, into: &json)
            text += "  \(String(decoding: json, as: UTF8.self))\n"
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
            #expect(object["id"] as? String == detail.productID)
        }
        for entry in try await resolve([found], sources: [source], options: options).tally.entries {
            for example in entry.examples { text += "\(entry.rule.rawValue) \(entry.severity.rawValue) line \(example.row) \(example.productID): \(example.value)\n" }
        }
        try expectGolden("mixed.txt", text)
    }

    @Test("counts in the scan what the reader tells row by row")
    func counts() async throws {
        let found = try await scan(mixed, options: options)
        var reader = RowReader(scan: found, source: MemoryByteSource(mixed), options: options)
        var tally = found.tally
        var told = FindingTally()
        for row in 0..<found.rows.count { for finding in try reader.detail(row).findings { told.add(finding) } }
        #expect(tally == told)
        tally.merge(told)
        #expect(tally.count(of: .f07) == 2)
    }

    @Test("strings reach JSON unharmed", arguments: ["\"", "\\", "\u{1F}x", "a\nb", "\u{2028}", "𝄞", "é", "/"])
    func escapes(_ text: String) async throws {
        var options = FeedOptions()
        options.severities[.d07] = .warn
        let (_, item) = try await firstRow(file(["description": "x\(text)y"]), options: options)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(item.utf8)) as? [String: Any])
        #expect(object["description"] as? String == "x\(text)y")
    }

    @Test("a changed file is noticed by whoever reads a row again")
    func changed() async throws {
        let text = file([:])
        let found = try await scan(text)
        var reader = RowReader(scan: found, source: MemoryByteSource(text.replacing("Walnut", with: "Walled")), options: FeedOptions())
        #expect(throws: RowReadError.self) { try reader.detail(0) }
    }

    @Test("present and empty clears, missing says nothing")
    func clearing() async throws {
        let (_, item) = try await firstRow(file(["sale_price": "", "additional_image_link": "NULL", "color": "\\N"]))
        #expect(item.contains(##""sale_price":"""##) && item.contains(#""additional_image_link":[]"#) && item.contains(##""color":"""##))
        #expect(!item.contains("item_group_id"))
    }

    @Test(
        "prices are cleaned, never changed",
        arguments: [
            ("1,999.00 USD", "1999.00 USD"), ("$5", "5 USD"), ("€49,90", "49.90 EUR"), ("1.299,99 EUR", "1299.99 EUR"), ("٢٥٬٠٠٠ د.ع", "25000 IQD"),
            ("۱۲٫۵ USD", "12.5 USD"), ("USD 007.10", "007.10 USD"), ("12 500 IQD", "12500 IQD"), ("1'299.00 CHF", "1299.00 CHF"), ("9.990 KWD", "9.990 KWD"),
        ])
    func prices(_ written: String, _ sent: String) async throws {
        let (row, item) = try await firstRow(file(["price": written]), options: options)
        #expect(item.contains("\"price\":\"\(sent)\""), "\(row.findings) \(item)")
    }

    @Test("real files", arguments: [("eshop", 101, 0), ("aws-retail-demo", 2465, 2465)])
    func real(_ set: String, _ rows: Int, _ withoutBrand: Int) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appending(path: "../shared/data/\(set)/landing.csv")
        guard let data = try? Data(contentsOf: path) else { return print("skipped: no shared/data beside the checkout") }
        let found = try await scan(Array(data), workers: 2)
        #expect(found.refusal == nil && found.rowCount == rows)
        #expect(found.tally.count(of: .g01) == withoutBrand)
        let filled = try await scan(Array(data), options: options, workers: 2)
        #expect(filled.tally.count(of: .g01, severity: .info) == withoutBrand)
        #expect(filled.rejectedCount == 0, "\(filled.tally.entries.filter { $0.severity >= .error })")
    }
}

/// Compares with a file beside the tests. `RECORD_GOLDEN=1` writes it anew, to be read in review.
func expectGolden(_ name: String, _ text: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil { try Data(text.utf8).write(to: file) }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
}
