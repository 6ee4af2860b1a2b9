internal import CFeedKernels

/// Phrases that rules look for, in the languages of the shops we know.
///
/// Two sieves stand before a comparison: in one SIMD pass over a text `vf_needles_find` tells of which lists four bytes of a phrase occur (its
/// needle, chosen to be rare in product texts), then a table of first bytes tells where to compare.
struct WordLists {
    enum List: UInt8, CaseIterable {
        case advertising, condition, usedInTitle, placeholderPicture, address

        var bit: UInt8 { 1 << rawValue }
    }

    /// What the pictures' needles report for the folders of `PictureFolders`.
    static let pictureFolderBit: UInt8 = 1 << 5

    /// What is reported for four digits in a row: perhaps a telephone number. A loose group of the sieve, which reports its own bit.
    static let digitBit: UInt8 = 1 << digitGroup
    private static let digitGroup: UInt32 = 7

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
        for (index, stated) in stated.enumerated() {
            let list = stated.list
            vf_needles_add(list == .placeholderPicture ? pictures : needles, stated.needle, stated.group, list.bit)
            let kept = keep(stated.text)
            (phrases + index).initialize(to: Phrase(list: list, text: kept, isWord: list != .placeholderPicture && list != .address))
            starts[Self.slot(kept[0], kept[1], kept[2])] |= list.bit
        }
        for needle in ["a/ca", "p-co"] { vf_needles_add(pictures, Array(needle.utf8), 1, Self.pictureFolderBit) }  // medi[a/ca]talog, w[p-co]ntent
        for digit in UInt8(ascii: "0")...UInt8(ascii: "9") { vf_needles_add_loose(needles, [digit, digit, digit, digit], Self.digitGroup) }
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

    /// A phrase in lower case, and where its needle begins.
    private struct Stated {
        let list: List
        /// Of the sieve. Needles whose bytes are unlike keep it fine in groups of their own.
        let group: UInt32
        let at: Int
        let text: String

        /// - Parameter at: first byte of the needle, by default that of the phrase.
        init(_ list: List, _ group: UInt32, _ text: String, at: Int = 0) {
            self.list = list
            self.group = group
            self.at = at
            self.text = text
        }

        var needle: [UInt8] { Array(Array(text.utf8)[at..<at + 4]) }
    }

    private static let stated: [Stated] = latinAdvertising + arabicAdvertising + placeholders + conditions + [
        Stated(.address, 3, "www."), Stated(.address, 3, "http://"), Stated(.address, 3, "https://"),
    ]

    private static let latinAdvertising: [Stated] = [
        Stated(.advertising, 0, "free shipping", at: 5), Stated(.advertising, 0, "free delivery", at: 5), Stated(.advertising, 6, "best price", at: 3),
        Stated(.advertising, 6, "lowest price", at: 5), Stated(.advertising, 6, "limited offer", at: 6), Stated(.advertising, 6, "special offer", at: 6),
        Stated(.advertising, 0, "on sale", at: 3), Stated(.advertising, 0, "for sale", at: 4), Stated(.advertising, 0, "big sale", at: 4),
        Stated(.advertising, 0, "hot sale", at: 4), Stated(.advertising, 0, "flash sale", at: 6), Stated(.advertising, 6, "buy now", at: 2),
        Stated(.advertising, 6, "order now", at: 4), Stated(.advertising, 6, "% off"), Stated(.advertising, 6, "percent off", at: 6),
        Stated(.advertising, 0, "clearance"), Stated(.advertising, 0, "discount"),
    ]

    /// In Arabic script four bytes are two letters, of which nearly any two are frequent: phrases are told by a letter, the blank and half of the
    /// next letter, words by a pair of letters that is rare. Pairs are spread over the groups: two in one let all their crossings pass.
    private static let arabicAdvertising: [Stated] = ["شحن مجاني", "توصيل مجاني", "أفضل سعر", "افضل سعر", "أقل سعر", "عرض خاص", "گەیاندنی بێ بەرامبەر"].map { text in
        Stated(.advertising, 1, text, at: text.utf8.prefix { $0 != 0x20 }.count - 1)
    } + [Stated(.advertising, 6, "تخفيضات", at: 6), Stated(.advertising, 4, "خصم"), Stated(.advertising, 0, "داشکاندن", at: 4)]

    private static let placeholders: [Stated] = [
        "noimage", "no-image", "no_image", "no-photo", "nophoto", "placeholder",
    ].map { Stated(.placeholderPicture, 0, $0) } + [
        Stated(.placeholderPicture, 0, "/default.", at: 2), Stated(.placeholderPicture, 0, "image-not-available", at: 10),
        Stated(.placeholderPicture, 0, "coming-soon", at: 1), Stated(.placeholderPicture, 0, "coming_soon", at: 1),
        Stated(.placeholderPicture, 0, "comingsoon", at: 1),
    ]

    private static let conditions: [Stated] = [
        Stated(.usedInTitle, 2, "used"), Stated(.condition, 2, "refurbished"), Stated(.condition, 2, "reconditioned"), Stated(.condition, 2, "second hand"),
        Stated(.condition, 2, "second-hand"), Stated(.condition, 2, "secondhand"), Stated(.condition, 3, "pre-owned", at: 4),
        Stated(.condition, 3, "preowned", at: 3), Stated(.condition, 5, "مستعمل", at: 4), Stated(.condition, 5, "مستعملة", at: 4),
        Stated(.condition, 3, "مجدد", at: 4), Stated(.condition, 3, "مجددة", at: 4), Stated(.condition, 2, "بەکارهاتوو", at: 8),
    ]
}
