/// ISO 4217, as far as prices need it.
struct Currency: Equatable {
    /// Three capital letters, the first in the highest byte.
    let packed: UInt32

    @inline(__always)
    init(_ first: UInt8, _ second: UInt8, _ third: UInt8) { packed = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third) }

    init?(_ code: String) {
        let bytes = Array(code.utf8)
        guard bytes.count == 3, bytes.allSatisfy(\.isASCIILetter) else { return nil }
        self.init(bytes[0] & 0xDF, bytes[1] & 0xDF, bytes[2] & 0xDF)
    }

    var code: String { String(decoding: [UInt8(packed >> 16 & 0xFF), UInt8(packed >> 8 & 0xFF), UInt8(packed & 0xFF)], as: UTF8.self) }

    var isKnown: Bool { Self.known.contains(packed) }

    /// Digits behind the decimal sign that the currency has. Source: ISO 4217, list one.
    var decimals: Int {
        if Self.withoutDecimals.contains(packed) { return 0 }
        return Self.withThreeDecimals.contains(packed) ? 3 : 2
    }

    /// Currencies that write `$`.
    var writesDollarSign: Bool { Self.dollars.contains(packed) }

    static let iraqiDinar = Currency(0x49, 0x51, 0x44)

    private static func set(_ codes: String) -> Set<UInt32> { Set(codes.split(separator: " ").compactMap { Currency(String($0))?.packed }) }

    private static let withoutDecimals = set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF")
    private static let withThreeDecimals = set("BHD IQD JOD KWD LYD OMR TND")
    private static let dollars = set("USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD")
    private static let known = set(
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC \
        CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD \
        JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
        NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP \
        SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
        """)
}
