import Gzip

/// One row of a small feed. Its content is told by its title, which names id and revision.
struct FeedRow: Sendable, Equatable {
    enum Flaw: Sendable, Equatable {
        /// P02: a price that is none.
        case price
        /// F07: a field is missing.
        case ragged
        /// I01: no id.
        case noID
    }

    var id: String
    var revision: Int
    var flaw: Flaw?
    /// A word in the title, for faults that look for one.
    var word = ""
    /// Nil: one that follows the revision.
    var price: String?
    var availability = "in stock"
    /// Nil: one of the shop.
    var link: String?

    init(_ id: String, _ revision: Int = 1, flaw: Flaw? = nil, word: String = "") {
        self.id = id
        self.revision = revision
        self.flaw = flaw
        self.word = word
    }

    var title: String { "Walnut lamp \(id) revision \(revision)" + (word.isEmpty ? "" : " \(word)") }

    static let columns = "id,title,description,link,image_link,availability,price,brand,condition,product_type"

    var line: String {
        let price = flaw == .price ? "ask us" : price ?? "\(10 + revision).90 USD"
        let fields = [
            flaw == .noID ? "" : id, title, "Dimmable lamp for quiet evenings.", link ?? "https://shop.krd/p/\(id)", "https://cdn.shop.krd/\(id).jpg",
            availability, price, "Northlight", "new", "Home > Lamps",
        ]
        return fields.dropLast(flaw == .ragged ? 2 : 0).joined(separator: ",")
    }
}

/// A file for the landing zone.
struct FeedFile: Sendable {
    var name: String
    var rows: [FeedRow]
    /// The header lacks a column: the whole file is refused.
    var isRefused = false

    init(_ name: String, _ rows: [FeedRow], isRefused: Bool = false) {
        self.name = name
        self.rows = rows
        self.isRefused = isRefused
    }

    var text: String {
        let header = isRefused ? FeedRow.columns.replacing(",price", with: ",cost") : FeedRow.columns
        return header + "\n" + rows.map { $0.line + "\n" }.joined()
    }

    var bytes: [UInt8] {
        get throws { name.hasSuffix(".gz") ? try gzip(Array(text.utf8)) : Array(text.utf8) }
    }

    /// The row at a physical line: the header is line 1.
    subscript(line line: Int) -> FeedRow? { rows.indices.contains(line - 2) ? rows[line - 2] : nil }
}

extension [FeedRow] {
    /// `prefix-1`, `prefix-2`, …
    static func numbered(_ range: ClosedRange<Int>, prefix: String = "sku", revision: Int = 1) -> [FeedRow] {
        range.map { FeedRow("\(prefix)-\($0)", revision) }
    }
}
