/// Google's product taxonomy, as far as it can be judged without its 5,600 entries: a number, or a path that begins with one of the 21 top
/// categories (taxonomy of 2021-09-21, in US English, which is what Meta reads).
enum Taxonomy {
    enum Verdict { case number, path, topOnly, foreign }

    static func judge(_ text: Text) -> Verdict {
        if text.count <= 6, !text.isEmpty, text.buffer.allSatisfy(\.isDigit) { return .number }
        var end = 0
        while end < text.count, text[end] != UInt8(ascii: ">") { end += 1 }
        let top = text.prefix(end).trimmed
        guard tops.contains(where: { top.equalsFolded($0) }) else { return .foreign }
        return text.dropFirst(min(end + 1, text.count)).trimmed.isEmpty ? .topOnly : .path
    }

    /// Lower case.
    private static let tops: [StaticString] = [
        "animals & pet supplies", "apparel & accessories", "arts & entertainment", "baby & toddler", "business & industrial", "cameras & optics",
        "electronics", "food, beverages & tobacco", "furniture", "hardware", "health & beauty", "home & garden", "luggage & bags", "mature", "media",
        "office supplies", "religious & ceremonial", "software", "sporting goods", "toys & games", "vehicles & parts",
    ]
}
