import Testing

@testable import Feed

/// A small file that a shop could really send, and what must become of it.
struct TortureCase: Sendable, CustomTestStringConvertible {
    /// A chapter of the page about bad input.
    enum Chapter: String, CaseIterable, Sendable {
        case file = "The file"
        case encoding = "Encoding"
        case header = "The header"
        case quotes = "Quotes and line ends"
        case rows = "Rows"
        case identity = "Product ids"
        case texts = "Titles and descriptions"
        case links = "Links and pictures"
        case prices = "Prices"
        case words = "Availability, condition, brand, codes"
        case right = "Odd, but read right"
    }

    enum Expectation: Sendable {
        /// The whole file, by this rule, on this line; the message or the value shown holds this text. Lines before it are rows all the same.
        case refused(RuleID, line: Int, saying: String)
        /// The rows on these lines, by these rules; all others are valid.
        case rejected([Int: [RuleID]])
        /// Every row is valid; these rules have something to say.
        case warned([RuleID])
        /// Every row is valid; the items hold these values.
        case read([[String: String]])
    }

    let chapter: Chapter
    let name: String
    /// The part of the file that matters, as the page shows it.
    let example: String
    let bytes: [UInt8]
    let options: FeedOptions
    let expectation: Expectation
    var testDescription: String { "\(chapter.rawValue): \(name)" }

    init(
        _ chapter: Chapter, _ name: String, shown example: String, _ bytes: [UInt8], _ expectation: Expectation,
        options adjust: (inout FeedOptions) -> Void = { _ in }
    ) {
        var options = FeedOptions()
        adjust(&options)
        (self.chapter, self.name, self.example, self.bytes, self.options, self.expectation) = (chapter, name, example, bytes, options, expectation)
    }

    init(
        _ chapter: Chapter, _ name: String, shown example: String, _ text: String, _ expectation: Expectation,
        options adjust: (inout FeedOptions) -> Void = { _ in }
    ) {
        self.init(chapter, name, shown: example, Array(text.utf8), expectation, options: adjust)
    }

    /// The good row with these fields instead.
    init(
        _ chapter: Chapter, _ name: String, _ fields: [String: String], _ expectation: Expectation, options adjust: (inout FeedOptions) -> Void = { _ in }
    ) {
        let shown = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.isEmpty ? "(empty)" : $0.value)" }.joined(separator: "; ")
        self.init(chapter, name, shown: shown, file(fields), expectation, options: adjust)
    }

    /// The good row with these fields, rejected by these rules.
    static func bad(
        _ chapter: Chapter, _ name: String, _ fields: [String: String], _ rules: RuleID..., options: (inout FeedOptions) -> Void = { _ in }
    ) -> TortureCase { TortureCase(chapter, name, fields, .rejected([2: rules]), options: options) }

    /// The good row with these fields, sent although these rules have something to say.
    static func odd(
        _ chapter: Chapter, _ name: String, _ fields: [String: String], _ rules: RuleID..., options: (inout FeedOptions) -> Void = { _ in }
    ) -> TortureCase { TortureCase(chapter, name, fields, .warned(rules), options: options) }

    /// The good row with one field, sent as this.
    static func read(
        _ name: String, _ column: String, _ written: String, as sent: String, options: (inout FeedOptions) -> Void = { _ in }
    ) -> TortureCase { TortureCase(.right, name, [column: written], .read([[column: sent]]), options: options) }
}

/// Parts to build files from.
enum Torture {
    static let head = requiredHeader + "\n"
    static let row = String(file([:]).split(separator: "\n")[1])
    static let good = head + row + "\n"

    /// The good row under another id.
    static func row(id: String, title: String = "Walnut desk lamp") -> String {
        quoted(id) + "," + quoted(title) + row.dropFirst("sku-1,Walnut desk lamp".count)
    }

    static let cases = fileCases + headerCases + quoteCases + rowCases + fieldCases + offerCases + readCases
}
