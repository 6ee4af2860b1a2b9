internal import CFeedKernels

extension RowEngine {
    /// V01–V05.
    mutating func judgeAvailability() {
        let text = value(.availability)
        put(",\"availability\":\"")
        let word: Availability
        if text.equals("in stock") {
            word = .inStock
            putRaw(text)
        } else if text.equals("out of stock") {
            word = .outOfStock
            putRaw(text)
        } else {
            word = translateAvailability(text)
        }
        putByte(UInt8(ascii: "\""))
        if word == .preorder, value(.availabilityDate).isEmpty { report(.v04, .availability, text) }
        if has(.quantity) { judgeQuantity(word) }
    }

    @inline(never)
    private mutating func translateAvailability(_ text: Text) -> Availability {
        if text.isEmpty {
            lacking = .availability
            report(.v01, .availability, text)
            return .unknown
        }
        let word = availabilityWords.meaning(of: text) { text in
            let theirs = availabilities.isEmpty ? nil : availabilities.target(of: text)
            return theirs.map { Availability(rawValue: $0.string) ?? .unknown } ?? (text.count <= 64 ? Availability(text.string) : .unknown)
        }
        if word == .unknown {
            lacking = .availability
            report(.v02, .availability, text)
        } else {
            put(word.spelling)
            if !text.equals(word.spelling) { report(.v03, .availability, text) }
        }
        return word
    }

    private mutating func judgeQuantity(_ word: Availability) {
        let text = value(.quantity)
        guard !text.isEmpty else { return }
        let digits = text.count > 2 && text.dropFirst(text.count - 2).equals(".0") ? text.prefix(text.count - 2) : text
        guard digits.count <= 9, digits.buffer.allSatisfy(\.isDigit) else { return report(.v05, .quantity, text) }
        let quantity = digits.buffer.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        if word == .inStock && quantity == 0 || word == .outOfStock && quantity > 0 { report(.v05, .quantity, text) }
        quantityToSend = quantity
    }

    /// A whole number, or `""` to clear what was sent before.
    mutating func putQuantity() {
        guard has(.quantity) else { return }
        if let quantityToSend {
            put(",\"quantity_to_sell_on_facebook\":")
            putText(String(quantityToSend))
        } else if value(.quantity).isEmpty {
            put(",\"quantity_to_sell_on_facebook\":\"\"")
        }
    }

    /// C01–C03.
    mutating func judgeCondition() {
        var text = value(.condition)
        put(",\"condition\":\"")
        if text.equals("new") {
            putRaw(text)
            putByte(UInt8(ascii: "\""))
            return judgeConditionWords()
        }
        if text.isEmpty {
            report(.c01, .condition, text, note: defaultCondition != nil)
            guard let defaultCondition else {
                lacking = .condition
                return putByte(UInt8(ascii: "\""))
            }
            text = defaultCondition
        }
        let word = conditionWords.meaning(of: text) { text in
            let theirs = conditions.isEmpty ? nil : conditions.target(of: text)
            return theirs.map { Condition(rawValue: $0.string) ?? .unknown } ?? (text.count <= 64 ? Condition(text.string) : .unknown)
        }
        if word == .unknown {
            lacking = .condition
            report(.c02, .condition, text)
        } else {
            put(word.spelling)
        }
        putByte(UInt8(ascii: "\""))
        if word == .new { judgeConditionWords() }
    }
}

/// Meta's words for availability, and what shops write instead.
enum Availability: String {
    case inStock = "in stock"
    case outOfStock = "out of stock"
    case preorder
    case availableForOrder = "available for order"
    case discontinued
    case unknown = ""

    /// As Meta writes it, for the row path.
    var spelling: StaticString {
        switch self {
        case .inStock: "in stock"
        case .outOfStock: "out of stock"
        case .preorder: "preorder"
        case .availableForOrder: "available for order"
        case .discontinued: "discontinued"
        case .unknown: ""
        }
    }

    init(_ text: String) {
        var word = text.lowercased()
        for prefix in ["https://schema.org/", "http://schema.org/"] where word.hasPrefix(prefix) { word.removeFirst(prefix.count) }
        word = String(word.map { $0 == "_" || $0 == "-" ? " " : $0 })
        // A number says how many there are.
        let isCount = !word.isEmpty && word.utf8.allSatisfy(\.isDigit)
        self = isCount ? (word.utf8.allSatisfy { $0 == 0x30 } ? .outOfStock : .inStock) : Self.synonyms[word] ?? .unknown
    }

    private static let synonyms: [String: Availability] = {
        var table: [String: Availability] = [:]
        for word in ["in stock", "instock", "available", "yes", "true", "y", "متوفر", "متاح", "موجود", "بەردەستە", "هەیە"] { table[word] = .inStock }
        for word in [
            "out of stock", "outofstock", "soldout", "sold out", "unavailable", "not available", "no", "false", "n", "غير متوفر", "غير متاح",
            "نفد", "نفذ", "نفدت الكمية", "بەردەست نییە", "نەماوە",
        ] { table[word] = .outOfStock }
        for word in ["preorder", "pre order", "presale", "طلب مسبق"] { table[word] = .preorder }
        for word in ["available for order", "backorder", "back order", "on order", "onbackorder", "madetoorder", "made to order", "حسب الطلب"] {
            table[word] = .availableForOrder
        }
        for word in ["discontinued", "متوقف"] { table[word] = .discontinued }
        return table
    }()
}

/// Meta's words for the condition, and what shops write instead.
enum Condition: String {
    case new, refurbished, used
    case unknown = ""

    /// As Meta writes it, for the row path.
    var spelling: StaticString {
        switch self {
        case .new: "new"
        case .refurbished: "refurbished"
        case .used: "used"
        case .unknown: ""
        }
    }

    init(_ text: String) {
        var word = text.lowercased()
        for prefix in ["https://schema.org/", "http://schema.org/"] where word.hasPrefix(prefix) { word.removeFirst(prefix.count) }
        word = String(word.map { $0 == "_" || $0 == "-" ? " " : $0 })
        self = Self.synonyms[word] ?? .unknown
    }

    private static let synonyms: [String: Condition] = {
        var table: [String: Condition] = [:]
        for word in ["new", "brand new", "newcondition", "جديد", "جدید", "نوێ", "تازە"] { table[word] = .new }
        for word in ["refurbished", "refurbishedcondition", "renewed", "reconditioned", "مجدد", "نوێکراوە"] { table[word] = .refurbished }
        for word in ["used", "usedcondition", "second hand", "secondhand", "pre owned", "preowned", "مستعمل", "بەکارهاتوو"] { table[word] = .used }
        return table
    }()
}
