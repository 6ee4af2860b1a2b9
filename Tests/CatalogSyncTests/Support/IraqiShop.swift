import Gzip
import TestKit

/// A shop in Sulaymaniyah: 5,000 products in Arabic and Kurdish, prices in dinar, exported by Airbyte. And the model that the tests hold Vitrine
/// against: what the catalogue must hold after each export, by rules that this file states on its own. Seeded.
struct IraqiShop {
    /// What a row says of a product.
    struct Product: Equatable {
        var title: String
        /// Whole dinar.
        var price: Int
        /// Nil: no sale.
        var sale: Int?
        var isInStock: Bool
    }

    struct Row {
        var id: String
        var product: Product
        /// Milliseconds since 1970, the column that orders rows.
        var extractedAt: Int
        /// Its price is a sentence.
        var isBroken = false
    }

    struct File {
        var name: String
        var rows: [Row]
    }

    /// What one run must report.
    struct Expected: Equatable {
        var read = 0, rejected = 0, superseded = 0, unchanged = 0, sent = 0
    }

    private var dice: SeededGenerator
    private(set) var hour = 0
    /// What the catalogue must hold: the newest valid row of each product.
    private(set) var newest: [String: (product: Product, extractedAt: Int)] = [:]
    /// Products that had a sale which has ended.
    private(set) var endedSales: Set<String> = []
    private let ids: [String]

    init(seed: UInt64, products: Int) {
        dice = SeededGenerator(seed: seed)
        ids = (1...products).map { "KRD-\(10_000 + $0)" }
    }

    // MARK: Exports

    /// Everything, in three files.
    mutating func fullLoad() -> [File] {
        let rows = ids.enumerated().map { number, id in
            let price = Int.random(in: 4...400, using: &dice) * 250
            let product = Product(
                title: Self.title(number), price: price, sale: number % 10 == 0 ? price / 1000 * 750 : nil, isInStock: !dice.chance(0.1))
            return Row(id: id, product: product, extractedAt: moment(number))
        }
        let third = rows.count / 3
        return [Array(rows[..<third]), Array(rows[third..<2 * third]), Array(rows[(2 * third)...])].enumerated().map { part, rows in
            File(name: name(part), rows: rows)
        }
    }

    /// What changed within an hour, with what such exports have in them: repeated rows, rows that come late, broken ones, a sale that has ended.
    mutating func delta() -> [File] {
        hour += 1
        var rows: [Row] = []
        for (number, id) in some(120).enumerated() { rows.append(Row(id: id, product: changed(id), extractedAt: moment(number))) }
        for (number, id) in some(60).enumerated() { rows.append(repeated(id, at: moment(500 + number))) }  // the same once more, later
        rows += rows.prefix(15)  // the very same rows twice in a file
        for (number, id) in some(12).enumerated() {
            rows.append(Row(id: id, product: changed(id), extractedAt: moment(700 + number), isBroken: true))
        }
        rows.append(contentsOf: endSales())
        rows.shuffle(using: &dice)
        return [File(name: name(0), rows: rows), File(name: name(1), rows: late())]
    }

    /// Rows from between two hours: some fell behind long ago, some bring a product that changed nowhere else.
    private mutating func late() -> [Row] {
        some(40).enumerated().map { number, id in Row(id: id, product: changed(id), extractedAt: moment(number) - 5_400_000) }
    }

    private mutating func endSales() -> [Row] {
        let onSale = newest.filter { $0.value.product.sale != nil }.map(\.key).sorted().prefix(8)
        return onSale.enumerated().map { number, id in
            var product = newest[id]?.product ?? changed(id)
            product.sale = nil
            return Row(id: id, product: product, extractedAt: moment(900 + number))
        }
    }

    private mutating func some(_ count: Int) -> [String] { (0..<count).compactMap { _ in ids.randomElement(using: &dice) } }

    private mutating func changed(_ id: String) -> Product {
        var product = newest[id]?.product ?? Product(title: id, price: 1000, sale: nil, isInStock: true)
        product.price = Int.random(in: 4...400, using: &dice) * 250
        if let sale = product.sale, sale >= product.price { product.sale = product.price / 500 * 250 }
        if dice.chance(0.3) { product.isInStock.toggle() }
        return product
    }

    private func repeated(_ id: String, at moment: Int) -> Row {
        Row(id: id, product: newest[id]?.product ?? Product(title: id, price: 1000, sale: nil, isInStock: true), extractedAt: moment)
    }

    /// Within the hour, rising.
    private func moment(_ number: Int) -> Int { 1_795_248_000_000 + hour * 3_600_000 + number }
    private func name(_ part: Int) -> String { "raw/shop_db/products/2026_11_21_\(moment(0))_\(part).csv\(part % 2 == 0 ? ".gz" : "")" }

    private static func title(_ number: Int) -> String {
        let kinds = ["قميص قطن", "مصباح طاولة", "إبريق شاي", "کراسی لۆکە", "چرای مێز", "قۆری چا"]
        let colors = ["أزرق", "أحمر", "أخضر", "شین", "سوور", "سەوز"]
        return "\(kinds[number % kinds.count]) \(colors[number / 7 % colors.count]) رقم \(number)"
    }

    // MARK: The model

    /// Takes in the files of one run, oldest first: of every product the valid row with the latest moment wins, of equal moments the later row; it
    /// is sent if it says something else than what the catalogue has, and not if it is older than that.
    mutating func take(_ files: [File]) -> Expected {
        var expected = Expected()
        var winners: [String: Row] = [:]
        for row in files.flatMap(\.rows) {
            expected.read += 1
            if row.isBroken {
                expected.rejected += 1
            } else if let other = winners[row.id] {
                expected.superseded += 1
                if row.extractedAt >= other.extractedAt { winners[row.id] = row }
            } else {
                winners[row.id] = row
            }
        }
        for (id, row) in winners {
            let before = newest[id]
            if let before, row.extractedAt < before.extractedAt {
                expected.superseded += 1
                continue
            }
            if before?.product == row.product { expected.unchanged += 1 } else { expected.sent += 1 }
            if before?.product.sale != nil, row.product.sale == nil { endedSales.insert(id) }
            newest[id] = (row.product, row.extractedAt)
        }
        return expected
    }
}

extension IraqiShop.File {
    private static let header =
        "_airbyte_raw_id,_airbyte_extracted_at,_airbyte_meta,_airbyte_generation_id,sku,name,details,photo,stock,price_iqd,price_after_discount,brand,kind\n"

    var bytes: [UInt8] {
        get throws {
            let text = Self.header + rows.map(\.line).joined()
            return name.hasSuffix(".gz") ? try gzip(Array(text.utf8)) : Array(text.utf8)
        }
    }
}

extension IraqiShop.Row {
    fileprivate var line: String {
        let price = isBroken ? "اتصل بنا" : Self.dinar(product.price)
        let stock = product.isInStock ? "متوفر" : "غير متوفر"
        return #"3fa85f64-\#(extractedAt),\#(extractedAt),"{""sync_id"": 7, ""changes"": []}",0,\#(id),\#(product.title),"# + "\""
            + #"وصف كامل للمنتج، مناسب للبيت والهدية.",\#(id).jpg,\#(stock),"\#(price)",\#(product.sale.map { "\"\(Self.dinar($0))\"" } ?? ""),باوان,بيت > إنارة"#
            + "\n"
    }

    /// `25,000 د.ع`
    private static func dinar(_ amount: Int) -> String {
        let digits = String(amount)
        return (digits.count > 3 ? digits.dropLast(3) + "," + digits.suffix(3) : Substring(digits)) + " د.ع"
    }
}
