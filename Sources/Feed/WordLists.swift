internal import CFeedKernels

/// Phrases that rules look for, in the languages of the shops we know.
///
/// Two sieves stand before a comparison: the SIMD prefilter tells in one pass of which lists a phrase may occur (four bytes of each
/// phrase are its key, chosen to be rare in product texts), then a table of first byte pairs tells where.
struct WordLists {
    enum List: UInt8, CaseIterable {
        case advertising, condition, usedInTitle, placeholderPicture, address

        var bit: UInt8 { 1 << rawValue }
        /// Groups of the prefilter that point to this list.
        var groups: UInt8 {
            switch self {
            case .advertising: 0b0100_0011
            case .usedInTitle: 0b0000_0010
            case .condition: 0b0011_1100
            case .placeholderPicture: 0b0000_0001  // of a prefilter of its own
            case .address: 0b0000_1000
            }
        }
    }

    /// Group of the pictures' prefilter for the folders of `PictureFolders`.
    static let pictureFolderGroup: UInt8 = 0b0000_0010

    /// Group of the prefilter for four digits in a row: perhaps a telephone number.
    static let digitGroup: UInt8 = 0b1000_0000

    private struct Phrase {
        let list: List
        let text: Text
        let isWord: Bool
    }

    /// Flat memory: an array would count references on the row path.
    private let phrases: UnsafeMutablePointer<Phrase>
    private let phraseCount: Int
    /// Bit of a list at the hash of the first three bytes of its phrases.
    private let starts: UnsafeMutablePointer<UInt8>
    private static let startCount = 4096

    /// Fills the prefilters of texts and of picture paths. Belongs to a workspace, which calls `deallocate`.
    init(needles: UnsafeMutablePointer<vf_needles>, pictures: UnsafeMutablePointer<vf_needles>, keep: (String) -> Text) {
        starts = .allocate(capacity: Self.startCount)
        starts.initialize(repeating: 0, count: Self.startCount)
        vf_needles_clear(needles)
        vf_needles_clear(pictures)
        let stated = Self.stated
        phrases = .allocate(capacity: stated.count)
        phraseCount = stated.count
        for (index, (list, group, key, text)) in stated.enumerated() {
            vf_needles_add(list == .placeholderPicture ? pictures : needles, Array((key ?? text).utf8.prefix(4)), group)
            let kept = keep(text)
            (phrases + index).initialize(to: Phrase(list: list, text: kept, isWord: list != .placeholderPicture && list != .address))
            starts[Self.slot(kept[0], kept[1], kept[2])] |= list.bit
        }
        for key in ["a/ca", "p-co"] { vf_needles_add(pictures, Array(key.utf8), 1) }  // medi[a/ca]talog, w[p-co]ntent
        for digit in UInt8(ascii: "0")...UInt8(ascii: "9") { vf_needles_add(needles, [digit, digit, digit, digit], 7) }
    }

    func deallocate() {
        starts.deallocate()
        phrases.deallocate()
    }

    @inline(__always)
    private static func slot(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        (Int(first) &* 1021 &+ Int(second) &* 61 &+ Int(third) &* 7) & (startCount - 1)
    }

    /// Whether a phrase of the list is in the text. Only asked when the prefilter says so.
    func contains(_ list: List, in text: Text) -> Bool {
        guard text.count >= 3 else { return false }
        var first = text[0].lowered
        var second = text[1].lowered
        for start in 0..<(text.count - 2) {
            let third = text[start + 2].lowered
            if starts[Self.slot(first, second, third)] & list.bit != 0, occurs(list, at: start, of: text) { return true }
            (first, second) = (second, third)
        }
        return false
    }

    private func occurs(_ list: List, at start: Int, of text: Text) -> Bool {
        for index in 0..<phraseCount where phrases[index].list == list {
            let phrase = phrases[index].text
            let end = start + phrase.count
            guard end <= text.count, text[start].lowered == phrase[0] else { continue }
            var length = 0
            while length < phrase.count, text[start + length].lowered == phrase[length] { length += 1 }
            guard length == phrase.count else { continue }
            if !phrases[index].isWord { return true }
            let isStart = start == 0 || !Self.isWordByte(text[start - 1]) || !Self.isWordByte(phrase[0])
            if isStart && (end == text.count || !Self.isWordByte(text[end])) { return true }
        }
        return false
    }

    /// Letters and digits of ASCII, and the bytes of every other scalar.
    private static func isWordByte(_ byte: UInt8) -> Bool { byte.isASCIILetter || byte.isDigit || byte >= 0x80 }

    /// List, group of the prefilter, key if it is not the start, phrase in lower case.
    private static var stated: [(List, UInt32, String?, String)] {
        let latin: [(UInt32, String?, String)] = [
            (0, "ship", "free shipping"), (0, "deli", "free delivery"), (6, "t pr", "best price"), (6, "t pr", "lowest price"),
            (6, "d of", "limited offer"), (6, "l of", "special offer"), (0, "sale", "on sale"), (0, "sale", "for sale"), (0, "sale", "big sale"),
            (0, "sale", "hot sale"), (0, "sale", "flash sale"), (6, "y no", "buy now"), (6, "r no", "order now"), (6, "% of", "% off"),
            (6, "t of", "percent off"), (0, nil, "clearance"), (0, nil, "discount"),
        ]
        let arabic = [
            "شحن مجاني", "توصيل مجاني", "أفضل سعر", "افضل سعر", "أقل سعر", "تخفيضات", "خصم", "عرض خاص", "گەیاندنی بێ بەرامبەر", "داشکاندن",
        ]
        let pictures: [(String?, String)] = [
            (nil, "noimage"), (nil, "no-image"), (nil, "no_image"), (nil, "no-photo"), (nil, "nophoto"), (nil, "placeholder"),
            ("efau", "/default."), ("avai", "image-not-available"), ("omin", "coming-soon"), ("omin", "coming_soon"), ("omin", "comingsoon"),
        ]
        return latin.map { (.advertising, $0.0, $0.1, $0.2) } + arabic.map { (.advertising, 1, nil, $0) }
            + pictures.map { (.placeholderPicture, 0, $0.0, $0.1) } + [
            (.usedInTitle, 1, nil, "used"),
            (.condition, 2, nil, "refurbished"), (.condition, 2, nil, "reconditioned"), (.condition, 2, nil, "second hand"),
            (.condition, 2, nil, "second-hand"), (.condition, 2, nil, "secondhand"),
            (.condition, 3, "owne", "pre-owned"), (.condition, 3, "owne", "preowned"),
            (.condition, 4, nil, "مستعمل"), (.condition, 4, nil, "مستعملة"), (.condition, 4, nil, "مجدد"), (.condition, 4, nil, "مجددة"),
            (.condition, 5, nil, "بەکارهاتوو"),
            (.address, 3, nil, "www."), (.address, 3, nil, "http://"), (.address, 3, nil, "https://"),
        ]
    }
}
