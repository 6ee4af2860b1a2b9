@testable import Feed

/// A file as nobody would wish for, with options to match; the same for the same seed.
struct NastyFeed {
    var bytes: [UInt8]
    var options: FeedOptions

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        options = Self.options(&random)
        var grammar = NastyGrammar(delimiter: options.delimiter, random: random)
        bytes = grammar.file()
        random = grammar.random
        for _ in 0..<(Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 1...4, using: &random) : 0) { Self.mutate(&bytes, &random) }
    }

    init(bytes: [UInt8], options: FeedOptions) {
        self.bytes = bytes
        self.options = options
    }

    private static func options(_ random: inout SeededGenerator) -> FeedOptions {
        var options = FeedOptions()
        func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
        if chance(6) { options.delimiter = [UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")].randomElement(using: &random)! }
        if chance(3) { options.defaults = FieldDefaults(brand: "Häuser \"& Söhne\"", currency: "USD", condition: "new") }
        if chance(4) { options.maxFieldBytes = Int.random(in: 20...400, using: &random) }
        if chance(5) { options.maxRecordBytes = Int.random(in: 100...2000, using: &random) }
        if chance(4) { options.versionColumn = "version" }
        if chance(4) { options.fingerprintBits = Int.random(in: 0...6, using: &random) }
        if chance(5) { options.category = .auto }
        if chance(3) { options.numberFormat = NumberFormat.allCases.randomElement(using: &random)! }
        if chance(5) { options.allowedHosts = ["shop.krd"] }
        if chance(5) { options.columns = [.id: "sku"] }
        // Lenient severities let nasty values reach the encoder.
        if chance(2) {
            for rule in RuleID.allCases where rule != .f07 && chance(2) {
                options.severities[rule] = [Severity.off, .info, .warn].randomElement(using: &random)!
            }
        }
        return options
    }

    /// What happens to files on their way: a byte lost, doubled or changed; the end cut off.
    private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(NastyGrammar.bytes.randomElement(using: &random)!, at: place)
        case 2: bytes.remove(at: place)
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
        case 5: bytes[place] = UInt8(ascii: "\"")
        default: bytes.insert(contentsOf: NastyGrammar.pieces.randomElement(using: &random)!.utf8, at: place)
        }
    }
}

/// A grammar of files, most of them nearly right.
struct NastyGrammar {
    let delimiter: UInt8
    var random: SeededGenerator

    static let bytes: [UInt8] = [0, 0x0A, 0x0D, 0x22, 0x2C, 0x3B, 0x5C, 0x7F, 0x80, 0xC0, 0xC2, 0xED, 0xEF, 0xF4, 0xFF]
    static let pieces: [String] = [
        "a", "Walnut lamp", "x y", "  ", "\"", "\"\"", ",", ";", "\n", "\r\n", "\r", "\t", "\\", "/", "<br>", "<b>", "</p", "&amp;", "&#x41;", "&#0;", "&nbsp;", "&",
        "é", "e\u{301}", "سعر", "سـٓ", "ا\u{653}", "ئاڵا", "\u{200C}", "\u{200F}", "\u{202E}", "\u{FEFF}", "\u{FFFD}", "\u{E000}", "\u{85}", "\u{1}", "\u{7F}",
        "\u{1D160}", "\u{FB2C}", "\u{958}", "\u{0344}", "\u{1F82}", "한", "\u{1112}\u{1161}\u{11AB}", "👩‍👩‍👧", "𝄞", "\u{2028}", "\u{A0}", "ß", "İ", "NULL", "\\N", "nan",
        "...", "!!!", "FREE SHIPPING", "TOTAL", "used", "Ã©", "www.shop.krd", "a@b.krd", "0770 123 4567",
    ]
    private static let prices = [
        "49.90 USD", "1,299.00 USD", "1.299,99 EUR", "25,000 IQD", "٢٥٬٠٠٠ د.ع", "$5", "5", "-5 USD", "0 USD", "1e5 USD", "999999999999.99 USD", "0000000000000001 USD",
        "1.2.3 USD", "1 2 3 USD", ".5 USD", "5. USD", "12.3456789 USD", "USD 5 USD", "USD EUR 5", "5 XYZ", "۱۲٫۵ USD", "1'299.00 CHF", "--5 USD", "5 usd", "５ USD", "",
    ]
    private static let links = [
        "https://shop.krd/p/1", "http://shop.krd/p/1", "https://shop.krd/چرا/1?q=é#ü", "https://متجر.krd/p", "https://user:x@shop.krd:8080/p", "https://", "http:///x",
        "shop.krd/p", "HTTPS://SHOP.KRD/P", "https://shop..krd/", "https://localhost/p", "https://shop.krd/a b", "https://shop.krd//a//b.jpg", "https://shop.krd:x/",
        "https://example.com/1.jpg", "https://10.0.0.1/1.JPG", "https://é.é.é/1.png", "https://shop.krd/\"x\\", "ftp://shop.krd/p", "https://e\u{301}.krd/x", "https://shop.krd?x=1",
    ]
    private static let extras: [(String, [String])] = [
        ("sale_price", prices), ("sale_price_effective_date", ["2026-01-01T00:00Z/2026-02-01T00:00Z", "2026-01-01/2025-01-01", "/", "x", ""]),
        ("gtin", ["4006381333931", "00000000", "12345", "2000000000008", ""]), ("mpn", ["M-1", "n/a", ""]), ("color", ["red", "", "NULL"]), ("item_group_id", ["g1", ""]),
        ("additional_image_link", ["https://a.krd/1.jpg, https://a.krd/é.jpg", "x", "", ",,;|", "https://a.krd/1.jpg https://"]),
        ("quantity_to_sell_on_facebook", ["5", "0", "5.0", "-1", "99999999999999999999", "", "x"]), ("custom_label_0", ["a", ""]),
        ("google_product_category", ["222", "Home > Lamps", ""]), ("age_group", ["adult", "old"]), ("gender", ["female", "x"]), ("currency", ["USD", "IQD", "x", ""]),
        ("availability_date", ["2026-01-01", ""]), ("identifier_exists", ["no", "yes"]), ("colour", ["x"]), ("_airbyte_raw_id", ["1"]),
        ("version", ["1", "2", "2026-01-02T08:00:00Z", "2026-01-02", "x", "", "999999999999999999"]),
    ]

    private static func good(_ column: String) -> [String] {
        switch column {
        case "id": ["sku-1", "sku-2", "sku-3", "SKU-1", "é-1", "1.23E+12", "2026-01-31", "", " x", "id", "Total", "NULL"]
        case "price": prices
        case "link", "image_link": links
        case "availability": ["in stock", "out of stock", "preorder", "OutOfStock", "متوفر", "1", "maybe", "", "https://schema.org/InStock"]
        case "condition": ["new", "used", "جديد", "old", "", "Refurbished"]
        case "brand": ["Northlight", "", "n/a", "NULL", "Café"]
        case "product_type": ["Home > Lamps", "222", "", "a,b,c,d,e,f,g,h,i,j,k,l"]
        case "title": ["Walnut desk lamp", "GREAT LAMP", "test", "Untitled", "Total", "title", "چرای مێز"]
        default: ["Dimmable lamp for quiet evenings.", "Line one\nline two", "Walnut desk lamp", "Walnut desk lamp and more", ""]
        }
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

    mutating func file() -> [UInt8] {
        var columns = requiredHeader.split(separator: ",").map { (String($0), Self.good(String($0))) }
        for extra in Self.extras where chance(4) { columns.append(extra) }
        if chance(4) { columns.shuffle(using: &random) }
        var text: [UInt8] = chance(6) ? [0xEF, 0xBB, 0xBF] : []
        let end: [UInt8] = chance(3) ? [0x0D, 0x0A] : [0x0A]
        if chance(20) { text += end }
        text += line(columns.map { header($0.0) }) + end
        var lines: [[UInt8]] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            if chance(12), let old = lines.randomElement(using: &random) {
                lines.append(old)
            } else if chance(25) {
                lines.append([])
            } else {
                lines.append(row(columns))
            }
        }
        for (number, line) in lines.enumerated() {
            text += line
            if number + 1 < lines.count || !chance(5) { text += chance(30) ? [0x0D] : (chance(20) ? [0x0A] : end) }
        }
        return text
    }

    private mutating func header(_ name: String) -> String {
        if name == "id", chance(8) { return "sku" }
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return name.uppercased()
        case 1: return " \(name) "
        case 2: return name.replacing("_", with: " ")
        default: return name
        }
    }

    private mutating func row(_ columns: [(String, [String])]) -> [UInt8] {
        var fields = columns.map { column in chance(4) ? nasty() : (chance(2) ? column.1[0] : column.1.randomElement(using: &random)!) }
        if chance(20) { fields.removeLast() }
        if chance(20) { fields.append(nasty()) }
        return line(fields)
    }

    private mutating func nasty() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...6, using: &random) { text += Self.pieces.randomElement(using: &random)! }
        if chance(12) { text = String(repeating: text + "x", count: Int.random(in: 1...60, using: &random)) }
        return text
    }

    /// Nearly always quoted where it must be.
    private mutating func line(_ fields: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (place, field) in fields.enumerated() {
            if place > 0 { bytes.append(delimiter) }
            let needs = field.utf8.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            let isQuoted = needs ? !chance(40) : chance(8)
            bytes += Array((isQuoted ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field).utf8)
        }
        return bytes
    }
}
