import Testing

@testable import MetaCatalog

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test("values", arguments: [
        ("null", JSONValue.null), (" true ", .flag(true)), ("false", .flag(false)), ("-0.5e+10", .number("-0.5e+10")), ("0", .number("0")),
        ("[]", .array([])), ("{ }", .object([:])), (#"[1,"a",[null]]"#, .array([.number("1"), .text("a"), .array([.null])])),
        (#"{"a":{"b":1},"a":2}"#, .object(["a": .number("2")])), (#""\"\\\/\b\f\n\r\t""#, .text("\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u0645\u00e9\ud83d\uDE00""#, .text("مé😀")), ("\"مصباح 😀\"", .text("مصباح 😀")), (#""a\u0000b""#, .text("a\u{0}b")),
    ])
    func values(text: String, value: JSONValue) throws {
        #expect(try JSONReader.read(text) == value)
    }

    @Test("what is no JSON, and why", arguments: [
        ("", JSONError.Problem.endsEarly), ("{\"a\":", .endsEarly), ("[1,", .endsEarly), ("\"abc", .endsEarly), ("\"ab\\", .endsEarly),
        ("tru", .endsEarly), ("-", .endsEarly), ("1.", .endsEarly), ("[", .endsEarly), ("\"\\ud83d", .endsEarly), ("1e", .endsEarly),
        ("<html>", .unexpectedByte), ("[1,]", .unexpectedByte), ("{a:1}", .unexpectedByte), ("{\"a\" 1}", .unexpectedByte),
        ("01", .unexpectedByte), ("+1", .unexpectedByte), ("NaN", .unexpectedByte), ("1 2", .unexpectedByte), ("\"a\nb\"", .unexpectedByte),
        ("\"\\x\"", .unexpectedByte), ("{,}", .unexpectedByte), ("trux", .unexpectedByte), ("\u{feff}{}", .unexpectedByte),
        ("\"\\ud83dx\"", .unexpectedByte), ("\"\\udc00\"", .badText), ("\"\\ud83d\\u0041\"", .badText), ("\"\\u00g0\"", .badText),
        (String(repeating: "[", count: 40), .tooDeep), (String(repeating: "{\"a\":", count: 40), .tooDeep),
    ])
    func problems(text: String, problem: JSONError.Problem) {
        let error = #expect(throws: JSONError.self) { try JSONReader.read(text) }
        #expect(error?.problem == problem)
    }

    @Test("bytes that are no UTF-8 are refused")
    func brokenText() {
        let error = #expect(throws: JSONError.self) { try JSONReader.read([0x22, 0xff, 0x22]) }
        #expect(error?.problem == .badText)
    }

    @Test("every cut of a document ends early or is no document")
    func cuts() throws {
        let text = Array(#"{"handles":["Ac\u0041x"],"n":[-1.5e3,true,null]}"#.utf8)
        for length in 0..<text.count {
            let error = #expect(throws: JSONError.self) { try JSONReader.read(Array(text.prefix(length))) }
            #expect(error?.problem == .endsEarly, "cut at \(length)")
        }
        _ = try JSONReader.read(text)
    }

    @Test("whole numbers are read from numbers and texts, others not", arguments: [
        ("7", 7), ("\"7\"", 7), ("7.0", 7), ("7.5", nil), ("1e300", nil), ("\"x\"", nil), ("null", nil),
    ] as [(String, Int?)])
    func integers(text: String, integer: Int?) throws {
        #expect(try JSONReader.read(text).integer == integer)
    }
}
