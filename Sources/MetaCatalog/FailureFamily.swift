/// Groups Meta's messages by their shape, since they carry no code: what differs from item to item is taken out.
///
/// `Invalid value: Value passed at position 0 (id=SKU-1) is invalid: "x"` and all its sisters become `Invalid value`. A message without
/// such a title keeps its words, with `…` for numbers, ids, addresses and quoted values.
///
/// - Returns: 1 to 80 characters; `unspecified` where no word is left.
public func failureFamily(of message: String) -> String {
    let withoutQuotes = MessageShape.withoutQuotes(message.prefix(MessageShape.messageLimit))
    let words = title(of: withoutQuotes[...]).split(whereSeparator: \.isWhitespace).map { MessageShape.isValue($0) ? MessageShape.gap[...] : $0 }
    var kept: [Substring] = []
    for word in words where !(word == MessageShape.gap && kept.last == word) { kept.append(word) }
    kept = dropTrailingID(kept)
    while kept.first.map({ $0 == MessageShape.gap }) == true { kept.removeFirst() }
    let text = kept.joined(separator: " ").trimmingEnd()
    return text.isEmpty ? "unspecified" : String(text.prefix(MessageShape.familyLimit))
}

/// What stands before the first colon, if it is a title: more than one word, and a space behind the colon, so neither `Error: …` nor `https://…`.
private func title(of message: Substring) -> Substring {
    var colon = message.startIndex
    while let next = message[colon...].firstIndex(of: ":") {
        let behind = message.index(after: next)
        let isEnd = behind == message.endIndex || message[behind].isWhitespace
        let head = message[..<next]
        if isEnd, head.split(whereSeparator: \.isWhitespace).count(where: { !MessageShape.isValue($0) }) > 1 { return head }
        colon = behind
    }
    return message
}

/// `… in batch api call - ABC.` ends in the id of an item even where that has no digit.
private func dropTrailingID(_ words: [Substring]) -> [Substring] {
    guard words.count > 2, words[words.count - 2] == "-" else { return words }
    return Array(words.dropLast(2))
}

private enum MessageShape {
    /// Characters looked at; Meta quotes whole descriptions.
    static let messageLimit = 500
    static let familyLimit = 80
    static let gap = "…"

    private static func closing(of opening: Unicode.Scalar) -> Unicode.Scalar? {
        switch opening {
        case "\"", "'", "`": opening
        case "“": "”"
        case "‘": "’"
        case "«": "»"
        default: nil
        }
    }

    /// A word that names one item or value: it has a digit, is an address, or stands as `name=value`.
    static func isValue(_ word: Substring) -> Bool {
        word == gap || word.unicodeScalars.contains { $0 == "=" || isNumeral($0) } || word.contains("://")
    }

    private static func isNumeral(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? (0x30...0x39).contains(scalar.value) : scalar.properties.numericType != nil
    }

    /// Puts a gap for each quoted value. An apostrophe within a word is none, and a quote that is never closed is left alone.
    static func withoutQuotes(_ text: Substring) -> String {
        var plain = String.UnicodeScalarView()
        var rest = text.unicodeScalars
        while let place = rest.firstIndex(where: { closing(of: $0) != nil }) {
            plain += rest[..<place]
            let body = rest[rest.index(after: place)...]
            if let closing = closing(of: rest[place]), !(plain.last?.properties.isAlphabetic ?? false), let end = endOfQuote(body, closing) {
                plain += gap.unicodeScalars
                rest = body[body.index(after: end)...]
            } else {
                plain.append(rest[place])
                rest = body
            }
        }
        return String(plain + rest)
    }

    private static func endOfQuote(_ text: Substring.UnicodeScalarView, _ closing: Unicode.Scalar) -> String.Index? {
        var place = text.startIndex
        while let end = text[place...].firstIndex(of: closing) {
            let behind = text.index(after: end)
            if behind == text.endIndex || !(text[behind].properties.isAlphabetic || isNumeral(text[behind])) { return end }
            place = behind
        }
        return nil
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var text = self[...]
        while let last = text.last, last.isWhitespace || ".,:;-(".contains(last) { text.removeLast() }
        return String(text)
    }
}
