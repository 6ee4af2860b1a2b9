internal import CFeedKernels

extension RowEngine {
    /// P01–P12.
    mutating func judgePrice() {
        let text = value(.price)
        put(",\"price\":\"")
        var price: Price?
        if text.isEmpty {
            report(.p01, .price, text)
        } else {
            price = read(.price, text)
        }
        if price == nil { lacking = .price }
        putByte(UInt8(ascii: "\""))
        judgeSalePrice(against: price)
    }

    private mutating func judgeSalePrice(against price: Price?) {
        guard has(.salePrice) else { return }
        let text = value(.salePrice)
        put(",\"sale_price\":\"")
        if !text.isEmpty, let sale = read(.salePrice, text), let price {
            if sale.currency != price.currency {
                report(.p11, .salePrice, text)
            } else if sale.millionths >= price.millionths {
                report(.p10, .salePrice, text)
            }
        }
        putByte(UInt8(ascii: "\""))
    }

    /// Judges an amount and writes it in Meta's form. Nil if a rule has refused it.
    @inline(__always)
    private mutating func read(_ column: Column, _ text: Text) -> Price? {
        if let (amount, price) = quickPrice(text) { return judge(price, amount, column, text) }
        return readSlowly(column, text)
    }

    /// `9.99 USD` and `9.99`: digits, at most two behind a point, perhaps a blank and three capitals.
    @inline(__always)
    private func quickPrice(_ text: Text) -> (Text, Price)? {
        var length = text.count
        var currency: Currency?
        if length > 4, text[length - 4] == 0x20 {
            let (a, b, c) = (text[length - 3], text[length - 2], text[length - 1])
            guard a.isUpper, b.isUpper, c.isUpper else { return nil }
            currency = Currency(a, b, c)
            length -= 4
        }
        let amount = Text(text.base, length)
        guard var price = Price(amount: amount), price.digits.fraction < 3 else { return nil }
        price.currency = currency
        return (amount, price)
    }

    @inline(never)
    private mutating func readSlowly(_ column: Column, _ text: Text) -> Price? {
        guard text.count <= 64 else {
            report(.p02, column, text)
            return nil
        }
        let written = PriceText(text.string, fallback: plan.defaultCurrency, format: plan.options.numberFormat)
        if written.trouble == .ambiguous {
            report(.p09, column, text)
            return nil
        }
        let start = arena
        for byte in written.amount.utf8 { append(byte) }
        let amount = endText(start)
        guard written.trouble == nil, var price = Price(amount: amount) else {
            report(.p02, column, text)
            return nil
        }
        price.isNegative = written.isNegative
        price.currency = written.currency
        if price.currency == nil, written.hasDollarSign, plan.defaultCurrency?.writesDollarSign == false {
            report(.p03, column, text)
            return nil
        }
        return judge(price, amount, column, text)
    }

    @inline(__always)
    private mutating func judge(_ read: Price, _ amount: Text, _ column: Column, _ text: Text) -> Price? {
        var price = read
        if price.currency == nil { price.currency = currencyFromElsewhere(column, text) }
        guard let currency = price.currency else { return nil }
        if !isUsual(currency) { judgeCurrency(currency, column, text) }
        if price.isNegative {
            report(.p07, column, text)
            return nil  // the sign would be lost
        } else if price.millionths == 0 {
            report(.p06, column, text)
        } else if let limit = maxAmount, price.millionths / 1_000_000 >= limit, price.millionths > Int64(limit) * 1_000_000 {
            report(.p07, column, text)
        }
        if price.digits.fraction > 0 { judgeDecimals(price, currency, column, text) }
        putRaw(amount)
        putByte(0x20)
        putByte(UInt8(currency.packed >> 16 & 0xFF))
        putByte(UInt8(currency.packed >> 8 & 0xFF))
        putByte(UInt8(currency.packed & 0xFF))
        return price
    }

    /// From the `currency` column or the default; a default that fills in is noted (P03).
    @inline(never)
    private mutating func currencyFromElsewhere(_ column: Column, _ text: Text) -> Currency? {
        let named = value(.currency)
        if named.count > 0 {
            if let currency = Currency(named.string) { return currency }
            if let sign = PriceText(named.string, fallback: nil, format: .point).currency { return sign }
            report(.p04, .currency, named)
            return nil
        }
        report(.p03, column, text, note: plan.defaultCurrency != nil)
        return plan.defaultCurrency
    }

    /// The currency of the row before needs no second look.
    @inline(__always)
    private func isUsual(_ currency: Currency) -> Bool { currency == usualCurrency }

    @inline(never)
    private mutating func judgeCurrency(_ currency: Currency, _ column: Column, _ text: Text) {
        if !currency.isKnown { return report(.p04, column, text) }
        if let wanted = plan.catalogCurrency, wanted != currency { return report(.p05, column, text) }
        usualCurrency = currency
        usualDecimals = currency.decimals
    }

    /// P08. The dinar of Iraq has three decimals on paper and none in use: zeros are fine, anything else is a thousand times wrong.
    @inline(__always)
    private mutating func judgeDecimals(_ price: Price, _ currency: Currency, _ column: Column, _ text: Text) {
        if isUsual(currency), price.digits.fraction <= usualDecimals, currency != .iraqiDinar { return }
        judgeDecimalsSlowly(price, currency, column, text)
    }

    @inline(never)
    private mutating func judgeDecimalsSlowly(_ price: Price, _ currency: Currency, _ column: Column, _ text: Text) {
        if plan.freeDecimals.contains(currency) { return }
        if price.digits.fraction > currency.decimals || currency == .iraqiDinar && price.hasFraction { report(.p08, column, text) }
    }

    /// P12: malformed, or over where it is known what time it is.
    mutating func judgeSaleDates() {
        guard has(.salePriceEffectiveDate) else { return }
        let text = value(.salePriceEffectiveDate)
        put(",\"sale_price_effective_date\":\"")
        putString(text, text.classes.mask)
        guard !text.isEmpty else { return }
        var middle = 0
        while middle < text.count, text[middle] != UInt8(ascii: "/") { middle += 1 }
        let start = VersionKey.moment(text.prefix(middle).trimmed)
        let end = middle < text.count ? VersionKey.moment(text.dropFirst(middle + 1).trimmed) : nil
        guard let start, let end, start < end, end >= now ?? 0 else { return report(.p12, .salePriceEffectiveDate, text) }
    }
}
