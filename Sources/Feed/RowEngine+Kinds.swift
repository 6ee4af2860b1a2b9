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
                lacking = .brand
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
            putCategory(category, from: .googleProductCategory)
        } else if isMapped {
            if type.isEmpty {
                clearCategory()
            } else if let mapped = categories.target(of: type) {
                putCategory(mapped, from: .productType)
            } else {
                report(.k06, .productType, type)
                clearCategory()
            }
        } else if sendsTypeAsCategory || isTaxonomy(type) {
            put(",\"google_product_category\":\"")
            return putString(type, classes.mask)
        } else {
            clearCategory()
        }
        put(",\"product_type\":\"")
        putString(type, classes.mask)
    }

    /// K04, K05.
    @inline(never)
    private mutating func putCategory(_ category: Text, from column: Column) {
        put(",\"google_product_category\":\"")
        putString(category, category.classes.mask)
        switch Taxonomy.judge(category) {
        case .number, .path: break
        case .topOnly: report(.k05, column, category)
        case .foreign: report(.k04, column, category)
        }
    }

    private mutating func clearCategory() {
        if has(.googleProductCategory) { put(",\"google_product_category\":\"\"") }
    }

    private func isTaxonomy(_ type: Text) -> Bool {
        switch Taxonomy.judge(type) {
        case .number, .path: true
        case .topOnly, .foreign: false
        }
    }

    /// Columns that may be there: sent if the file has them, empty to clear what was sent before.
    mutating func judgeOptional() {
        judgeSaleDates()
        judgeAdditionalPictures()
        putQuantity()
        var hasVariant = false
        for number in 0..<plainCount {
            let column = plainColumns[number]
            let text = value(column.column)
            let classes = text.classes
            put(column.key)
            putString(text, classes.mask)
            if column.variantLimit > 0, !text.isEmpty {
                hasVariant = true
                if classes.scalars > column.variantLimit { report(.r04, column.column, text) }
                if column.column == .color { judgeColors(text) }
            }
        }
        if hasVariant, value(.itemGroupID).isEmpty { report(.r01, .itemGroupID, value(.itemGroupID)) }
        judgeWords(.ageGroup, ",\"age_group\":\"", ["newborn", "infant", "toddler", "kids", "adult", "all ages", "teen"])
        judgeWords(.gender, ",\"gender\":\"", ["female", "male", "unisex"])
        putLabels()
        for (column, key) in customNumbers where has(column) { putNumber(column, key) }
    }

    /// R05. Colours are parted by `/` or a comma.
    private mutating func judgeColors(_ text: Text) {
        var colors = 0
        var longest = 0
        for part in text.string.split(whereSeparator: { $0 == "/" || $0 == "," || $0 == "،" }) {
            colors += 1
            longest = max(longest, part.unicodeScalars.count)
        }
        if colors > 3 || longest > 40 { report(.r05, .color, text) }
    }

    /// A whole number as JSON's (S01), or `""` to clear what was sent before.
    private mutating func putNumber(_ column: Column, _ key: StaticString) {
        let text = value(column)
        put(key)
        guard !text.isEmpty else { return put("\"\"") }
        let digits = text.count > 2 && text.dropFirst(text.count - 2).equals(".0") ? text.prefix(text.count - 2) : text
        guard digits.count <= 10, digits.buffer.allSatisfy(\.isDigit), let number = UInt32(digits.string) else {
            put("\"\"")
            return report(.s01, column, text)
        }
        putText(String(number))
    }

    /// `internal_label` as an array: `['a', 'b']`, `["a", "b"]`, `a, b` or `a|b`. At most 5,000 labels of 110 characters (S02).
    private mutating func putLabels() {
        guard has(.internalLabel) else { return }
        var text = value(.internalLabel)
        put(",\"internal_label\":[")
        if text.count > 1, text[0] == UInt8(ascii: "["), text[text.count - 1] == UInt8(ascii: "]") { text = text.dropFirst(1).prefix(text.count - 2) }
        var labels = 0
        var isLong = false
        var start = 0
        for end in 0...text.count {
            guard end == text.count || text[end] == UInt8(ascii: ",") || text[end] == UInt8(ascii: "|") else { continue }
            let label = Self.unquoted(Text(text.base + start, end - start).trimmed)
            start = end + 1
            guard !label.isEmpty else { continue }
            let classes = label.classes
            isLong = isLong || classes.scalars > 110
            if labels > 0 { putByte(UInt8(ascii: ",")) }
            putByte(UInt8(ascii: "\""))
            putString(label, classes.mask)
            labels += 1
        }
        putByte(UInt8(ascii: "]"))
        if isLong || labels > 5000 { report(.s02, .internalLabel, value(.internalLabel)) }
    }

    private static func unquoted(_ text: Text) -> Text {
        guard text.count > 1, text[0] == UInt8(ascii: "'") || text[0] == UInt8(ascii: "\""), text[text.count - 1] == text[0] else { return text }
        return text.dropFirst(1).prefix(text.count - 2).trimmed
    }

    private mutating func judgeWords(_ column: Column, _ key: StaticString, _ words: [StaticString]) {
        guard has(column) else { return }
        let text = value(column)
        put(key)
        putString(text, text.classes.mask)
        if !text.isEmpty, !words.contains(where: { text.equalsFolded($0) }) { report(.r06, column, text) }
    }
}

/// A column that goes out as it is.
struct PlainColumn {
    let column: Column
    let key: StaticString
    /// In scalars, of a column that makes variants; 0 for the others.
    let variantLimit: UInt32

    private init(_ column: Column, _ key: StaticString, _ variantLimit: UInt32 = 0) {
        self.column = column
        self.key = key
        self.variantLimit = variantLimit
    }

    static let all = [
        PlainColumn(.itemGroupID, ",\"item_group_id\":\""), PlainColumn(.color, ",\"color\":\"", 100), PlainColumn(.size, ",\"size\":\"", 100),
        PlainColumn(.material, ",\"material\":\"", 200), PlainColumn(.pattern, ",\"pattern\":\"", 100),
        PlainColumn(.customLabel0, ",\"custom_label_0\":\""), PlainColumn(.customLabel1, ",\"custom_label_1\":\""),
        PlainColumn(.customLabel2, ",\"custom_label_2\":\""), PlainColumn(.customLabel3, ",\"custom_label_3\":\""),
        PlainColumn(.customLabel4, ",\"custom_label_4\":\""), PlainColumn(.status, ",\"status\":\""),
        PlainColumn(.richTextDescription, ",\"rich_text_description\":\""), PlainColumn(.fbProductCategory, ",\"fb_product_category\":\""),
        PlainColumn(.shipping, ",\"shipping\":\""), PlainColumn(.shippingWeight, ",\"shipping_weight\":\""),
        PlainColumn(.additionalVariantAttribute, ",\"additional_variant_attribute\":\""), PlainColumn(.originCountry, ",\"origin_country\":\""),
        PlainColumn(.mobileLink, ",\"mobile_link\":\""), PlainColumn(.vendorID, ",\"vendor_id\":\""),
        PlainColumn(.expirationDate, ",\"expiration_date\":\""), PlainColumn(.importerName, ",\"importer_name\":\""),
        PlainColumn(.visibility, ",\"visibility\":\""),
    ]
}

private let customNumbers: [(Column, StaticString)] = [
    (.customNumber0, ",\"custom_number_0\":"), (.customNumber1, ",\"custom_number_1\":"), (.customNumber2, ",\"custom_number_2\":"),
    (.customNumber3, ",\"custom_number_3\":"), (.customNumber4, ",\"custom_number_4\":"),
]
