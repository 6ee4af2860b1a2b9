import Foundation

@testable import Feed

/// Reads an item with a reader that is not ours, and holds it against the fields of its row.
struct ItemCheck {
    private let header: Header
    private let options: FeedOptions
    private let fields: [[UInt8]]

    init(_ header: Header, _ options: FeedOptions, _ fields: [[UInt8]]) {
        self.header = header
        self.options = options
        self.fields = fields
    }

    func complaints(_ json: [UInt8]) -> [String] {
        guard let item = try? JSONDecoder().decode([String: ItemValue].self, from: Data(json)) else { return ["not JSON: \(String(decoding: json, as: UTF8.self))"] }
        var found: [String] = []
        if Self.keys(of: json) != item.count { found.append("a key twice: \(String(decoding: json, as: UTF8.self))") }
        func expect(_ key: String, _ wanted: String?) {
            let got = item[key]?.text
            if got.map({ Array($0.utf8) }) != wanted.map({ Array($0.utf8) }) { found.append("\(key) is \(String(reflecting: got)), not \(String(reflecting: wanted))") }
        }
        expect("id", header.positions[.id].map { String(decoding: fields[$0], as: UTF8.self) })
        for column in [Column.itemGroupID, .color, .size, .material, .pattern, .customLabel0, .gtin, .mpn, .ageGroup, .gender] where header.positions[column] != nil {
            expect(column.rawValue, text(column))
        }
        let brand = text(.brand)
        expect("brand", brand.isEmpty ? options.defaults.brand : brand)
        expectTexts(expect)
        expectCategory(expect)
        found += price("price", .price, item) + price("sale_price", .salePrice, item) + links(item)
        return found
    }

    private func expectTexts(_ expect: (String, String?) -> Void) {
        let (title, description) = (text(.title), text(.description))
        // What tags and entities become is told by tests of their own.
        if !title.utf8.contains(where: { "<&".utf8.contains($0) }) {
            let words = title.unicodeScalars.split { [" ", "\t", "\n", "\r"].contains($0) }.map { String($0) }
            expect("title", words.joined(separator: " ").precomposedStringWithCanonicalMapping)
        }
        if !description.utf8.contains(where: { "<&".utf8.contains($0) }) { expect("description", description.precomposedStringWithCanonicalMapping) }
    }

    private func expectCategory(_ expect: (String, String?) -> Void) {
        let (type, category) = (text(.productType), text(.googleProductCategory))
        if !category.isEmpty {
            expect("google_product_category", category)
            expect("product_type", type)
        } else if options.category == .asIs {
            expect("google_product_category", type)
        }
    }

    /// `12.50 USD`: the digits are those of the file, in their order.
    private func price(_ key: String, _ column: Column, _ item: [String: ItemValue]) -> [String] {
        guard let sent = item[key]?.text, !sent.isEmpty, !written(column).isEmpty else { return [] }
        let parts = sent.split(separator: " ", omittingEmptySubsequences: false)
        let isAmount = parts[0].allSatisfy { $0.isASCII && $0.isNumber || $0 == "." } && parts[0].first != "." && parts[0].last != "."
        let isCode = parts.count == 2 && parts[1].count == 3 && parts[1].allSatisfy { $0.isASCII && $0.isUppercase }
        var found = isAmount && isCode ? [] : ["\(key) is \(String(reflecting: sent))"]
        if Self.digits(sent) != Self.digits(text(column)) { found.append("\(key) \(sent) has other digits than \(text(column))") }
        return found
    }

    private func links(_ item: [String: ItemValue]) -> [String] {
        var found: [String] = []
        for column in [Column.link, .imageLink] {
            let written = text(column)
            guard let sent = item[column.rawValue]?.text, !written.isEmpty else { continue }
            if written.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) {
                if sent != written { found.append("\(column.rawValue) is \(sent), not \(written)") }
            } else if !written.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }), written.lowercased().hasPrefix("http"), options.severity(of: column == .link ? .l02 : .m02) >= .error, !sent.utf8.allSatisfy({ $0 < 0x80 }) {
                found.append("\(column.rawValue) is \(sent): not ASCII")
            }
        }
        return found
    }

    /// An address that holds a blank or a control is percent-encoded, if L04 lets it pass.
    private static func withoutBlanks(_ address: String) -> String {
        guard address.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return address }
        return address.utf8.map { byte in
            let isPlain = byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (hex.count < 2 ? "0" : "") + hex
        }.joined()
    }

    private func written(_ column: Column) -> String { header.positions[column].map { String(decoding: fields[$0], as: UTF8.self) } ?? "" }

    /// Trimmed, and empty where a word says that nothing is there.
    private func text(_ column: Column) -> String {
        var scalars = Array(written(column).unicodeScalars)
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r", "\u{A0}"]
        while let first = scalars.first, blanks.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, blanks.contains(last) { scalars.removeLast() }
        let text = String(String.UnicodeScalarView(scalars))
        return ["NULL", "null", "nan", "NaN", "NAN", "\\N"].contains(text) ? "" : text
    }

    private static func digits(_ text: String) -> [Int] {
        text.unicodeScalars.compactMap { scalar in
            switch scalar.value {
            case 0x30...0x39: Int(scalar.value) - 0x30
            case 0x660...0x669: Int(scalar.value) - 0x660
            case 0x6F0...0x6F9: Int(scalar.value) - 0x6F0
            default: nil
            }
        }
    }

    /// Keys of the outermost object, counted without a reader: strings before a colon, outside arrays.
    private static func keys(of json: [UInt8]) -> Int {
        var count = 0
        var isInside = false
        var isEscaped = false
        for (index, byte) in json.enumerated() {
            if isEscaped {
                isEscaped = false
            } else if isInside, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInside.toggle()
                if !isInside, index + 1 < json.count, json[index + 1] == UInt8(ascii: ":") { count += 1 }
            }
        }
        return count
    }
}

/// The kinds of values that items hold.
enum ItemValue: Decodable {
    case string(String), number(Int), list([String])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .list(try container.decode([String].self))
        }
    }

    var text: String? {
        if case .string(let text) = self { return text }
        return nil
    }
}
