/// The slow road of reading a price: symbols, Arabic digits, grouping marks, codes on either side.
struct PriceText {
    enum Trouble { case notUnderstood, ambiguous }

    /// ASCII digits with at most one point.
    private(set) var amount = ""
    private(set) var isNegative = false
    private(set) var currency: Currency?
    /// `$` was written: the currency must come from elsewhere.
    private(set) var hasDollarSign = false
    private(set) var trouble: Trouble?

    init(_ text: String, fallback: Currency?, format: NumberFormat) {
        var number = ""
        var words: [String] = []
        var word = ""
        func endWord() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        for scalar in text.unicodeScalars {
            if let digit = Self.digit(scalar) {
                endWord()
                number.unicodeScalars.append(digit)
            } else if let mark = Self.mark(scalar), word.isEmpty {
                number.unicodeScalars.append(mark)
            } else if Self.isSpace(scalar) {
                endWord()
                if !number.isEmpty { number += " " }
            } else if !Self.isDirectionMark(scalar) {
                word.unicodeScalars.append(scalar)
            }
        }
        endWord()
        for word in words { take(word: word) }
        guard trouble == nil else { return }
        readNumber(number, decimals: (currency ?? fallback), format: format)
    }

    private mutating func take(word: String) {
        let known: Currency?
        switch word {
        case "-", "−": isNegative = true; return
        case "$": hasDollarSign = true; return
        case "US$": known = Currency("USD")
        case "€": known = Currency("EUR")
        case "£": known = Currency("GBP")
        case "₺": known = Currency("TRY")
        case "₹": known = Currency("INR")
        case "د.ع", "د.ع.", "دع", "دينار", "دینار": known = .iraqiDinar
        default: known = Currency(word)
        }
        guard let known, currency == nil || currency == known else {
            trouble = .notUnderstood
            return
        }
        currency = known
    }

    private mutating func readNumber(_ text: String, decimals currency: Currency?, format: NumberFormat) {
        var number = Substring(text)
        while number.last == " " || number.last == "." || number.last == "," { number.removeLast() }
        if number.first == "-" { isNegative = true; number.removeFirst() }
        // Spaces and Arabic or Swiss thousands marks can only group.
        var groups = number.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if groups.count > 1 {
            guard Self.areGroups(groups.map { Substring($0) }, lastMayHoldDecimals: true) else { trouble = .notUnderstood; return }
            groups = [groups.joined()]
        }
        let plain = groups.first ?? ""
        let points = plain.filter { $0 == "." }.count
        let commas = plain.filter { $0 == "," }.count
        let decimal: Character?
        switch (points, commas) {
        case (0, 0): decimal = nil
        case (1, 0): decimal = singleMark(".", in: plain, currency: currency, format: format)
        case (0, 1): decimal = singleMark(",", in: plain, currency: currency, format: format)
        case (1, _) where plain.lastIndex(of: ".")! > plain.lastIndex(of: ",")!: decimal = "."
        case (_, 1) where points > 0 && plain.lastIndex(of: ",")! > plain.lastIndex(of: ".")!: decimal = ","
        case (_, 0), (0, _): decimal = nil
        default: trouble = .notUnderstood; return
        }
        guard trouble == nil else { return }
        let parts = decimal.map { plain.split(separator: $0, omittingEmptySubsequences: false) } ?? [Substring(plain)]
        let whole = parts[0].split(whereSeparator: { $0 == "." || $0 == "," })
        guard parts[0].first != ",", parts[0].first != ".", Self.areGroups(whole, lastMayHoldDecimals: false) else { trouble = .notUnderstood; return }
        amount = whole.joined() + (parts.count > 1 ? "." + parts[1] : "")
    }

    /// A mark that stands alone: before three digits it may be either.
    private mutating func singleMark(_ mark: Character, in text: String, currency: Currency?, format: NumberFormat) -> Character? {
        switch format {
        case .point: return mark == "." ? "." : nil
        case .comma: return mark == "," ? "," : nil
        case .undecided: break
        }
        let behind = text.split(separator: mark, omittingEmptySubsequences: false).last ?? ""
        let before = text.count - behind.count - 1
        guard behind.count == 3, before <= 3, !text.hasPrefix("0") else { return mark }
        // Three digits behind a point are decimals where the currency has three, but not for the dinar of Iraq, which is used without.
        if mark == ".", let currency, currency.decimals == 3, currency != .iraqiDinar { return mark }
        trouble = .ambiguous
        return nil
    }

    /// The first group has one to three digits, every further one three; a lone group any number.
    private static func areGroups(_ groups: [Substring], lastMayHoldDecimals: Bool) -> Bool {
        guard groups.count > 1 else { return true }
        for (index, group) in groups.enumerated() {
            var length = group.count
            if lastMayHoldDecimals, index == groups.count - 1 { length = group.prefix(while: { $0 != "." && $0 != "," }).count }
            if index == 0 ? !(1...3).contains(length) : length != 3 { return false }
        }
        return true
    }

    private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x30...0x39: scalar
        case 0x660...0x669: Unicode.Scalar(scalar.value - 0x660 + 0x30)  // Arabic-Indic
        case 0x6F0...0x6F9: Unicode.Scalar(scalar.value - 0x6F0 + 0x30)  // extended Arabic-Indic
        default: nil
        }
    }

    /// Marks inside numbers: decimal sign, grouping, minus.
    private static func mark(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0x2E, 0x66B: "."  // Arabic decimal separator
        case 0x2C, 0x60C: ","  // Arabic comma
        case 0x66C, 0x27, 0x2019: " "  // Arabic thousands separator, Swiss apostrophes
        case 0x2D: "-"
        default: nil
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\u{A0}" || scalar == "\u{202F}" || scalar == "\u{2009}" }
    private static func isDirectionMark(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{200E}" || scalar == "\u{200F}" || scalar == "\u{61C}" }
}
