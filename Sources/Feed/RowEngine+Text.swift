internal import CFeedKernels

/// A text ready to be judged, with what one SIMD pass says of it.
struct ReadyText {
    var text: Text
    var classes: vf_class
    var mask: UInt32 { classes.mask }

    @inline(__always)
    func may(_ bits: UInt32) -> Bool { classes.mask & bits != 0 }
}

extension RowEngine {
    /// Cleaned of tags and entities (reported as `rule`), then NFC; for a title also on one line.
    private mutating func ready(_ column: Column, html rule: RuleID, oneLine: Bool) -> ReadyText {
        var text = value(column)
        var classes = text.classes
        if classes.mask & UInt32(VF_LT | VF_AMP) != 0, let cleaned = withoutMarkup(text) {
            report(rule, column, text)
            text = cleaned.trimmed
            classes = text.classes
        }
        if oneLine, classes.mask & UInt32(VF_TWOSPACES | VF_BREAK) != 0 {
            text = collapsed(text)
            classes = text.classes
        }
        if classes.mask & UInt32(VF_COMBINING) != 0, let composed = composed(text) {
            text = composed
            classes = text.classes
        }
        return ReadyText(text: text, classes: classes)
    }

    /// T01–T08, T11. T09 is judged with the description.
    mutating func judgeTitle() {
        let ready = ready(.title, html: .t05, oneLine: true)
        title = ready.text
        put(",\"title\":\"")
        putString(ready.text, ready.mask)
        if title.isEmpty {
            lacking = .title
            return report(.t01, .title, title)
        }
        if ready.classes.scalars > 100 {
            report(.t03, .title, title)
            if ready.classes.scalars > 200 { report(.t02, .title, title) }
        }
        if ready.classes.upper >= 5, Capitals.prevail(in: ready) { report(.t04, .title, title) }
        if ready.may(UInt32(VF_CONTROL | VF_ODDLEAD)), ready.may(UInt32(VF_CONTROL)) || Scalars.hasForbidden(title) { report(.t07, .title, title) }
        if ready.may(UInt32(VF_RUN)) { report(.t11, .title, title) }
        if title.count <= 16 || title.count == id.count, isPlaceholder(title) || title.equals(id) { report(.t08, .title, title) }
        judgeTitleWords()
    }

    @inline(__always)
    private mutating func judgeTitleWords() {
        let groups = vf_needles_find(needles, title.base, title.count)
        titleGroups = groups
        if groups & WordLists.List.advertising.bit != 0, words.contains(.advertising, in: title) { report(.t06, .title, title) }
    }

    /// D01–D09, T09.
    mutating func judgeDescription() {
        let ready = ready(.description, html: .d05, oneLine: false)
        let text = ready.text
        put(",\"description\":\"")
        putString(text, ready.mask)
        description = text
        descriptionGroups = 0
        if text.isEmpty {
            lacking = .description
            return report(.d01, .description, text)
        }
        if ready.classes.scalars > 5000 {
            report(.d03, .description, text)
            if ready.classes.scalars > 9999 { report(.d02, .description, text) }
        }
        if ready.classes.upper >= 5, Capitals.prevail(in: ready) { report(.d04, .description, text) }
        if text.equals(title) {
            report(.d06, .description, text)
        } else if title.count >= 10, text.count > title.count, vf_equal(text.base, title.base, title.count) {
            report(.t09, .title, title)
        }
        if ready.may(UInt32(VF_CONTROL | VF_ODDLEAD)) {
            if ready.may(UInt32(VF_CONTROL)) || Scalars.hasForbidden(text) { report(.d07, .description, text) }
            if Scalars.looksDoublyEncoded(text) { report(.d08, .description, text) }
        }
        descriptionGroups = vf_needles_find(needles, text.base, text.count)
        if ready.may(UInt32(VF_AT)) || descriptionGroups & (WordLists.List.address.bit | WordLists.digitBit) != 0 || ready.may(UInt32(VF_TWOSLASHES)) {
            if Contact.isGiven(in: text, words: words) { report(.d09, .description, text) }
        }
    }

    /// C03: a word for used or refurbished where the condition is `new`.
    @inline(__always)
    mutating func judgeConditionWords() {
        let both = WordLists.List.condition.bit
        let titleHit = titleGroups & both != 0 && words.contains(.condition, in: title)
            || titleGroups & WordLists.List.usedInTitle.bit != 0 && words.contains(.usedInTitle, in: title)
        if titleHit { return report(.c03, .title, title) }
        if descriptionGroups & both != 0, words.contains(.condition, in: description) { report(.c03, .description, description) }
    }

    private func isPlaceholder(_ text: Text) -> Bool {
        switch text[0].lowered {
        case UInt8(ascii: "t"): text.equalsFolded("test") || text.equalsFolded("test product") || text.equalsFolded("tbd") || text.equalsFolded("title")
        case UInt8(ascii: "u"): text.equalsFolded("untitled") || text.equalsFolded("unknown")
        case UInt8(ascii: "n"): text.equalsFolded("n/a") || text.equalsFolded("na") || text.equalsFolded("none") || text.equalsFolded("no title")
        case UInt8(ascii: "d"): text.equalsFolded("dummy")
        case UInt8(ascii: "p"): text.equalsFolded("placeholder") || text.equalsFolded("product")
        case UInt8(ascii: "-"), UInt8(ascii: "x"): text.equalsFolded("-") || text.equalsFolded("xxx")
        default: text.equals("تجربة") || text.equals("اختبار")
        }
    }

    /// Line ends, tabs and runs of spaces become one space.
    @inline(never)
    private mutating func collapsed(_ text: Text) -> Text {
        let start = arena
        var isGap = false
        for byte in text.buffer {
            if byte.isBlank {
                isGap = true
                continue
            }
            if isGap { append(0x20) }
            isGap = false
            append(byte)
        }
        return endText(start)
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        arena.pointee = byte
        arena += 1
    }

    /// In normalisation form C, or nil if it is in it already.
    @inline(never)
    private mutating func composed(_ text: Text) -> Text? {
        guard Scalars.mayNeedComposing(text) else { return nil }
        let start = arena
        for byte in text.string.composed.utf8 { append(byte) }
        let result = endText(start)
        return result.equals(text) ? nil : result
    }
}
