/// The media ranges of an `Accept` header (RFC 9110, 12.5.1). What cannot be read is left out.
struct AcceptHeader: Sendable {
    let ranges: [Range]

    struct Range: Sendable, Equatable {
        /// `*` for any.
        let media: MediaType
        /// In thousandths, 0 to 1000; 0 is a no.
        let quality: Int
        /// From 0.
        let place: Int

        /// How exactly it names the type; nil where it does not.
        fileprivate func precision(for offer: MediaType) -> Int? {
            if media.type == "*" { return media.subtype == "*" ? 0 : nil }
            guard media.type == offer.type else { return nil }
            if media.subtype == "*" { return 1 }
            guard media.subtype == offer.subtype else { return nil }
            let named = media.parameters.filter { offer.parameters[$0.key] != nil }
            guard named.allSatisfy({ offer.parameters[$0.key] == $0.value }) else { return nil }
            return 2 + named.count
        }
    }

    /// The most ranges that are read; a header of our size has room for thousands.
    static let mostRanges = 64

    init(_ text: String) {
        var ranges: [Range] = []
        for part in text.split(separator: ",").prefix(Self.mostRanges) {
            if let range = Self.range(part, place: ranges.count) { ranges.append(range) }
        }
        self.ranges = ranges
    }

    private static func range(_ text: Substring, place: Int) -> Range? {
        let pieces = text.split(separator: ";", omittingEmptySubsequences: false).map { trimmed($0) }
        let names = pieces[0].lowercased().split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
        var media = MediaType(type: String(names[0]), subtype: String(names[1]))
        var quality = 1000
        for piece in pieces.dropFirst() {
            let halves = piece.split(separator: "=", maxSplits: 1).map { trimmed($0).lowercased() }
            guard halves.count == 2 else { continue }
            if halves[0] == "q" {
                guard let share = Double(halves[1]), (0...1).contains(share) else { return nil }
                quality = Int((share * 1000).rounded())
            } else {
                media.parameters[halves[0]] = String(halves[1].filter { $0 != "\"" })
            }
        }
        return Range(media: media, quality: quality, place: place)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}

extension [AcceptHeader.Range] {
    /// What the header says of an offer: the range that names it most exactly decides. Nil where none names it.
    func wish(for offer: MediaType) -> AcceptHeader.Range? {
        let fitting = compactMap { range in range.precision(for: offer).map { (range: range, precision: $0) } }
        return fitting.max { ($0.precision, $0.range.quality) < ($1.precision, $1.range.quality) }?.range
    }
}

/// Whether an answer may be packed (RFC 9110, 12.5.3).
public enum ContentCoding {
    /// - Parameter acceptEncoding: the header; without it nothing is packed.
    public static func allowsGzip(_ acceptEncoding: String?) -> Bool {
        var any: Bool?
        for part in (acceptEncoding ?? "").lowercased().split(separator: ",").prefix(AcceptHeader.mostRanges) {
            let pieces = part.filter { $0 != " " && $0 != "\t" }.split(separator: ";")
            guard let name = pieces.first else { continue }
            let quality = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if name == "gzip" || name == "x-gzip" { return quality > 0 }
            if name == "*" { any = quality > 0 }
        }
        return any ?? false
    }
}
