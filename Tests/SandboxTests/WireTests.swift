import Testing

@testable import Sandbox

@Suite("Reading and writing")
struct WireTests {
    @Test("JSON text is written as it is read", arguments: [
        "{}", "[]", "\"\"", "0", "-1.50e+3", "{\"a\":[1,true,null,{\"b\":\"c\"}]}", "\"\\u0643\\ud83d\\ude00\\\"\\\\\\/\\n\"",
    ])
    func roundTrip(_ text: String) throws {
        #expect(try JSONReader.read(Array(text.utf8)).json == text)
    }

    @Test("What is not JSON is refused", arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "1e", "+1", "tru", "\"\n\"", "\"\\x\"", "\"\\ud800\"", "\"\\ude00\"", "1 2", "\"\\u12G4\"", "'a'",
        "NaN", String(repeating: "[", count: 100) + String(repeating: "]", count: 100),
    ])
    func refused(_ text: String) {
        #expect(throws: JSONReader.Fault.self) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test("Text that is not UTF-8 is refused")
    func invalidUTF8() {
        #expect(throws: JSONReader.Fault.self) { try JSONReader.read([0x22, 0xC3, 0x22]) }
    }

    @Test("HMAC-SHA256 gives the results of RFC 4231", arguments: [
        ("Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (String(repeating: "\u{b}", count: 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    ])
    func hmac(_ key: String, _ message: String, _ hex: String) {
        #expect(SHA256.hexHMAC(key: key, message: message) == hex)
    }

    @Test("Prices are an amount and a currency and nothing else", arguments: [
        ("9.99 USD", 9_990_000), ("14 GBP", 14_000_000), ("25000 IQD", 25_000_000_000), ("0.5 EUR", 500_000), ("12,50 EUR", nil), ("9.99", nil), ("USD 9.99", nil),
        ("9.99  USD", nil), ("9.99 usd", nil), ("-1 USD", nil), ("€9.99", nil), ("9. USD", nil), (".5 USD", nil), ("1e3 USD", nil), ("1 XXY", nil), ("٥ USD", nil),
    ] as [(String, Int?)])
    func prices(_ text: String, _ millionths: Int?) {
        #expect(PriceText(text)?.millionths == millionths)
    }

    @Test("Links are absolute web addresses in ASCII", arguments: [
        ("https://shop.example/p?a=1#x", true), ("http://shop.example", true), ("ftp://shop.example/a", false), ("//shop.example/a", false), ("shop.example/a", false),
        ("https:///a", false), ("https://shop.example/a b", false), ("https://shop.example/ك", false), ("https://localhost/a", false),
    ])
    func links(_ text: String, _ isGood: Bool) {
        #expect((LinkText.problem(text) == nil) == isGood)
    }
}
