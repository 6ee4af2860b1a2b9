internal import CFeedKernels

extension RowEngine {
    /// G01–G08. Brand, gtin and mpn.
    mutating func judgeBrandAndCodes() {
        var brand = value(.brand)
        let gtin = value(.gtin)
        let mpn = value(.mpn)
        if brand.isEmpty {
            if let defaultBrand {
                report(.g01, .brand, brand, note: true)
                brand = defaultBrand
            } else if gtin.isEmpty, mpn.isEmpty {
                report(.g01, .brand, brand)
            }
        }
        if !brand.isEmpty { judgeBrand(brand) }
        if has(.gtin) { judgeGTIN(gtin) }
        if has(.mpn) {
            put(",\"mpn\":\"")
            putString(mpn, mpn.classes.mask)
            if !mpn.isEmpty, mpn.classes.scalars > 70 || Self.isPlaceholderWord(mpn) { report(.g07, .mpn, mpn) }
        }
        if has(.identifierExists) {
            let exists = value(.identifierExists)
            if exists.equalsFolded("no") || exists.equalsFolded("false"), !(brand.isEmpty && gtin.isEmpty && mpn.isEmpty) {
                report(.g08, .identifierExists, exists)
            }
        }
    }

    @inline(__always)
    private mutating func judgeBrand(_ brand: Text) {
        let classes = brand.classes
        put(",\"brand\":\"")
        putString(brand, classes.mask)
        if classes.scalars > 100 { report(.g02, .brand, brand) }
        if brand.count <= 12, Self.isPlaceholderWord(brand) { report(.g03, .brand, brand) }
    }

    private mutating func judgeGTIN(_ gtin: Text) {
        put(",\"gtin\":\"")
        putString(gtin, gtin.classes.mask)
        guard !gtin.isEmpty else { return }
        guard [8, 12, 13, 14].contains(gtin.count), gtin.buffer.allSatisfy(\.isDigit) else { return report(.g04, .gtin, gtin) }
        var sum = 0
        for index in 0..<gtin.count { sum += Int(gtin[gtin.count - 1 - index] &- 0x30) * (index % 2 == 0 ? 1 : 3) }
        if gtin.buffer.allSatisfy({ $0 == gtin[0] }) || Self.isInternalGTIN(gtin) { report(.g06, .gtin, gtin) }
        if sum % 10 != 0 { report(.g05, .gtin, gtin) }
    }

    /// Prefixes 02, 04 and 2 of a 13-digit number are for use within a shop. Source: GS1 General Specifications, prefix list.
    private static func isInternalGTIN(_ gtin: Text) -> Bool {
        guard gtin.count >= 12 else { return false }
        let digits = gtin.count == 14 ? gtin.dropFirst(1) : gtin
        if digits.count == 12 { return digits[0] == 0x32 || digits[0] == 0x34 }
        return digits[0] == 0x32 || digits[0] == 0x30 && (digits[1] == 0x32 || digits[1] == 0x34)
    }

    private static func isPlaceholderWord(_ text: Text) -> Bool {
        switch text[0].lowered {
        case UInt8(ascii: "n"):
            text.equalsFolded("n/a") || text.equalsFolded("na") || text.equalsFolded("none") || text.equalsFolded("no brand") || text.equalsFolded("nobrand")
        case UInt8(ascii: "u"): text.equalsFolded("unknown") || text.equalsFolded("unbranded")
        case UInt8(ascii: "g"): text.equalsFolded("generic")
        case UInt8(ascii: "o"): text.equalsFolded("other")
        case UInt8(ascii: "-"): text.count == 1
        case 0xD8, 0xD9, 0xDB: text.equals("غير معروف") || text.equals("بدون ماركة") || text.equals("أخرى")
        default: false
        }
    }

    /// K01–K03, and where the product type goes.
    mutating func judgeCategory() {
        let type = value(.productType)
        let classes = type.classes
        if type.isEmpty { report(.k01, .productType, type) }
        if classes.scalars > 750 { report(.k02, .productType, type) }
        if type.count > 20, type.buffer.reduce(1, { $0 + ($1 == UInt8(ascii: ",") ? 1 : 0) }) > 10 { report(.k03, .productType, type) }
        let category = value(.googleProductCategory)
        if !category.isEmpty {
            put(",\"google_product_category\":\"")
            putString(category, category.classes.mask)
            put(",\"product_type\":\"")
        } else if sendsTypeAsCategory || isTaxonomy(type) {
            put(",\"google_product_category\":\"")
        } else {
            put(",\"product_type\":\"")
        }
        putString(type, classes.mask)
    }

    /// A number, or a path with ` > `.
    private func isTaxonomy(_ type: Text) -> Bool {
        guard !type.isEmpty else { return false }
        if type.buffer.allSatisfy(\.isDigit) { return true }
        guard type.count > 4 else { return false }
        for index in 1..<(type.count - 1) where type[index] == UInt8(ascii: ">") && type[index - 1] == 0x20 && type[index + 1] == 0x20 { return true }
        return false
    }

    /// Columns that may be there: sent if the file has them, empty to clear what was sent before.
    mutating func judgeOptional() {
        judgeSaleDates()
        judgeAdditionalPictures()
        putQuantity()
        var hasVariant = false
        for (column, key, limit) in Self.plainColumns where has(column) {
            let text = value(column)
            let classes = text.classes
            put(key)
            putString(text, classes.mask)
            if limit > 0, !text.isEmpty {
                hasVariant = true
                if classes.scalars > limit { report(.r04, column, text) }
            }
        }
        if hasVariant, value(.itemGroupID).isEmpty { report(.r01, .itemGroupID, value(.itemGroupID)) }
        judgeWords(.ageGroup, ",\"age_group\":\"", ["newborn", "infant", "toddler", "kids", "adult", "all ages", "teen"])
        judgeWords(.gender, ",\"gender\":\"", ["female", "male", "unisex"])
    }

    /// Column, key, and the limit in scalars of a column that makes variants.
    private static var plainColumns: [(Column, StaticString, UInt32)] { plainColumnTable }

    private mutating func judgeWords(_ column: Column, _ key: StaticString, _ words: [StaticString]) {
        guard has(column) else { return }
        let text = value(column)
        put(key)
        putString(text, text.classes.mask)
        if !text.isEmpty, !words.contains(where: { text.equalsFolded($0) }) { report(.r06, column, text) }
    }
}

private let plainColumnTable: [(Column, StaticString, UInt32)] = [
    (.itemGroupID, ",\"item_group_id\":\"", 0), (.color, ",\"color\":\"", 100), (.size, ",\"size\":\"", 100), (.material, ",\"material\":\"", 200),
    (.pattern, ",\"pattern\":\"", 100), (.customLabel0, ",\"custom_label_0\":\"", 0), (.customLabel1, ",\"custom_label_1\":\"", 0),
    (.customLabel2, ",\"custom_label_2\":\"", 0), (.customLabel3, ",\"custom_label_3\":\"", 0), (.customLabel4, ",\"custom_label_4\":\"", 0),
]
