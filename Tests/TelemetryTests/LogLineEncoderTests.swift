import Events
import Foundation
import Testing

@testable import Telemetry

@Suite struct LogLineEncoderTests {
    @Test("a line is flat, and its keys stand in the order that is documented")
    func golden() {
        var signal = Signal()
        ProbeEvent.full.describe(to: &signal)
        let scope = EventScope(pipeline: "shop", runID: "r-1", stage: "check-handles")
        let golden =
            #"{"time":"2026-11-21T07:55:00.123Z","level":"warning","event":"probe.told","msg":"Row 7 of stock.csv was refused by Meta","#
            + #""pipeline":"shop","run_id":"r-1","stage":"check-handles","file":"stock.csv","row":7,"product_id":"SKU-1","used_ratio":0.25,"#
            + #""outcome":true,"seq":1}"# + "\n"
        #expect(line(signal, scope: scope) == golden)
    }

    @Test("what is not known of the scope is left out")
    func scopeless() {
        #expect(line(message: "m") == #"{"time":"2026-11-21T07:55:00.123Z","level":"info","event":"probe.told","msg":"m","seq":1}"# + "\n")
    }

    static let escapes: [(String, String)] =
        [
            ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\r", #"\r"#), ("\t", #"\t"#), ("\u{0}", #"\u0000"#), ("\u{1B}[31m", #"\u001b[31m"#),
            ("\u{7F}", #"\u007f"#), ("\u{80}", #"\u0080"#), ("\u{85}", #"\u0085"#), ("\u{9B}", #"\u009b"#), ("\u{9F}", #"\u009f"#), ("\u{A0}", "\u{A0}"),
            ("\u{2027}", "\u{2027}"), ("\u{2028}", #"\u2028"#), ("\u{2029}", #"\u2029"#), ("\u{202A}", #"\u202a"#), ("\u{202E}", #"\u202e"#),
            ("\u{202F}", "\u{202F}"), ("\u{2065}", "\u{2065}"), ("\u{2066}", #"\u2066"#), ("\u{2069}", #"\u2069"#), ("\u{200C}", "\u{200C}"),
            ("\u{200F}", "\u{200F}"), ("©", "©"), ("قميص", "قميص"), ("👩‍👧", "👩‍👧"), ("/", "/"),
        ]

    @Test("what could break a line or fool a terminal is escaped, the rest is as it was", arguments: escapes)
    func escape(text: String, escaped: String) {
        // At every place relative to the bytes that are looked at together.
        for before in 0..<33 {
            let padding = String(repeating: "x", count: before)
            #expect(line(message: padding + text + "end").contains("\"msg\":\"\(padding)\(escaped)end\""))
        }
    }

    @Test("any text comes back from the line as it went in")
    func roundTrip() throws {
        var generator = SplitMix(state: 7)
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 0...60, using: &generator)).map { _ in Self.scalar(&generator) }
            let text = String(String.UnicodeScalarView(scalars))
            let object = try JSONSerialization.jsonObject(with: Data(line(message: text).utf8)) as? [String: Any]
            #expect(object?["msg"] as? String == text)
        }
    }

    private static func scalar(_ generator: inout SplitMix) -> Unicode.Scalar {
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0x80...0xFF, 0x600...0x6FF, 0x2000...0x2070, 0x1F600...0x1F64F]
        let range = ranges[Int.random(in: 0..<ranges.count, using: &generator)]
        return Unicode.Scalar(UInt32.random(in: range, using: &generator)) ?? " "
    }

    @Test("bytes that are no UTF-8 are repaired")
    func repair() {
        var buffer = LineBuffer()
        buffer.append(escaping: [0x61, 0xFF, 0xED, 0xA0, 0x80, 0xC2] as [UInt8], limit: 100)
        let text = String(validating: buffer.copy, as: UTF8.self)
        #expect(text?.hasPrefix("a\u{FFFD}") == true)
    }

    @Test("a number that JSON has no word for is null", arguments: [Double.nan, .infinity, -.infinity])
    func noNumber(value: Double) {
        var signal = Signal()
        signal.field(.usedRatio, value)
        #expect(line(signal).contains(#""used_ratio":null,"#))
    }

    @Test(
        "numbers are written so that they read back the same",
        arguments: [(0.0, "0"), (0.1, "0.1"), (-2.5, "-2.5"), (1e21, "1e+21"), (1e-9, "1e-09"), (42, "42"), (0.1 + 0.2, "0.30000000000000004")])
    func numbers(value: Double, text: String) {
        var signal = Signal()
        signal.field(.usedRatio, value)
        #expect(line(signal).contains("\"used_ratio\":\(text),"))
    }

    @Test("integers are written whole", arguments: [0, -1, 9, 10, 99, 100, Int.max, Int.min])
    func integers(value: Int) {
        var signal = Signal()
        signal.field(.rows, value)
        #expect(line(signal).contains("\"rows\":\(value),"))
    }

    @Test("a value at the limit stays whole, one beyond it is cut between two characters and marked")
    func cut() {
        let limit = LogLineEncoder.longestValue
        let whole = String(repeating: "x", count: limit)
        #expect(line(message: whole).contains("\"msg\":\"\(whole)\""))
        #expect(line(message: whole + "y").contains("\"msg\":\"\(whole)…[cut]\""))
        let family = "👩‍👧"
        let before = String(repeating: "x", count: limit - family.utf8.count + 1)
        #expect(line(message: before + family).contains("\"msg\":\"\(before)…[cut]\""))
    }

    @Test("a line stays far below what log services take, whatever its values")
    func longLine() throws {
        var signal = Signal()
        signal.say(.info, String(repeating: "\u{1}", count: 10_000))
        for _ in 0..<100 { signal.field(.value, String(repeating: "\u{1}", count: 10_000)) }
        let text = line(signal)
        #expect(text.utf8.count < 2 * LogLineEncoder.longestLine)
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    }
}

/// Steele, Lea and Flood's SplitMix64: the same numbers for the same seed on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
