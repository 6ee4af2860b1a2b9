import Foundation
import Testing

@testable import CatalogSync

@Suite("The style of pages")
struct PageStyleTests {
    /// Colours by name, from the first `:root{…}` (light) or the second (dark).
    private static func palette(dark: Bool) throws -> [String: [Double]] {
        let roots = PageStyle.sheet.matches(of: #/:root\{([^}]*)\}/#)
        #expect(roots.count == 2)
        var colours: [String: [Double]] = [:]
        for match in String(roots[dark ? 1 : 0].output.1).matches(of: #/--([a-z-]+):#([0-9a-f]+)/#) {
            let digits = match.output.2.count == 3 ? match.output.2.flatMap { [$0, $0] } : Array(match.output.2)
            colours[String(match.output.1)] = stride(from: 0, to: 6, by: 2).map { Double(Int(String(digits[$0...$0 + 1]), radix: 16) ?? 0) / 255 }
        }
        return colours
    }

    /// WCAG 2.1, "relative luminance" and "contrast ratio".
    private static func contrast(_ one: [Double], _ other: [Double]) -> Double {
        func luminance(_ colour: [Double]) -> Double {
            let linear = colour.map { $0 <= 0.03928 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        }
        let (high, low) = (max(luminance(one), luminance(other)), min(luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)
    }

    static let pairs: [(String, String)] =
        ["ink", "soft", "link", "good", "warn", "bad"].flatMap { ink in [(ink, "paper"), (ink, "card")] }
        + [("good", "good-bg"), ("warn", "warn-bg"), ("bad", "bad-bg"), ("ink", "quiet-bg"), ("ink", "mark"), ("card", "link")]

    @Test("every ink can be read on its ground, by day and by night", arguments: pairs, [false, true])
    func readable(pair: (ink: String, ground: String), dark: Bool) throws {
        let palette = try Self.palette(dark: dark)
        let ratio = Self.contrast(try #require(palette[pair.ink]), try #require(palette[pair.ground]))
        #expect(ratio >= 4.5, "\(pair.ink) on \(pair.ground): \(ratio)")
    }

    @Test("every colour of a chart stands out from its ground, by day and by night", arguments: ["a", "b", "c", "d", "e", "f"], [false, true])
    func visible(colour: String, dark: Bool) throws {
        let palette = try Self.palette(dark: dark)
        #expect(Self.contrast(try #require(palette["s-" + colour]), try #require(palette["card"])) >= 3)
    }

    @Test("nothing is loaded from anywhere, and no element has a style or a script of its own")
    func alone() {
        let page = String(decoding: hostileReport("x").html(), as: UTF8.self)
        for word in ["<script", " style=", "<link", "<img", "<iframe", "@import", "url(", " onclick"] { #expect(!page.contains(word), "\(word)") }
        #expect(page.contains("default-src &#39;none&#39;; style-src &#39;sha256-"))
    }
}
