/// `9.99 USD`: digits, at most one point with digits on both sides, one space, a currency of ISO 4217. No comma, no symbol, no sign.
struct PriceText {
    /// Amount in millionths, so that comparing needs no floating point.
    let millionths: Int
    let currency: String

    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.currencies.contains(String(parts[1])) else { return nil }
        let sides = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(sides.count), sides.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
        let fraction = sides.count > 1 ? String(sides[1]) : ""
        guard fraction.utf8.count <= 6, sides[0].utf8.count <= 12, let whole = Int(sides[0]),
            let rest = Int(fraction + String(repeating: "0", count: 6 - fraction.utf8.count))
        else { return nil }
        millionths = whole * 1_000_000 + rest
        currency = String(parts[1])
    }

    /// Active codes of ISO 4217 without funds and metals.
    private static let currencies = Set(
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF \
        DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW \
        KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN \
        PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES \
        VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
        """.split(separator: " ").map(String.init))
}
