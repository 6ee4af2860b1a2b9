internal import CFeedKernels

/// Looks for the first byte that is not UTF-8, in pieces that end where records do.
struct EncodingCheck {
    private var place: RecordChain.Place
    private let fileBytes: Int
    private(set) var refusal: FileRefusal?

    init(from place: RecordChain.Place, fileBytes: Int) {
        self.place = place
        self.fileBytes = fileBytes
    }

    /// Everything up to `end`, on whose line it says; the window holds it.
    mutating func advance(_ window: FileWindow, to end: Int, line: Int) {
        guard refusal == nil, end > place.offset else { return }
        let text = window.text.dropFirst(place.offset - window.start).prefix(end - place.offset)
        let valid = vf_utf8_prefix(text.base, text.count)
        if valid < text.count { refusal = told(text, valid) }
        place = RecordChain.Place(offset: end, line: line)
    }

    private func told(_ text: Text, _ valid: Int) -> FileRefusal {
        let line = place.line + Self.newlines(text.prefix(valid))
        let rest = text.dropFirst(valid)
        let wrong = rest.prefix(4).buffer.prefix { $0 != 0x0A }  // no further than its line, wherever the piece ends
        let hex = wrong.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
        if place.offset + text.count == fileBytes, Self.isCutSequence(rest) {
            return FileRefusal(
                .f02, line: line, value: hex, message: "the file ends in the middle of a character: it is cut off", remedy: RuleID.f11.hint)
        }
        let message = "byte \(place.offset + valid) is not UTF-8; the file may be Windows-1256 or Windows-1252"
        return FileRefusal(.f02, line: line, value: hex, message: message, remedy: RuleID.f02.hint)
    }

    /// A lead byte and fewer bytes behind it than it asks for.
    private static func isCutSequence(_ rest: Text) -> Bool {
        guard let lead = rest.buffer.first, (0xC2...0xF4).contains(lead) else { return false }
        let wanted = lead < 0xE0 ? 2 : (lead < 0xF0 ? 3 : 4)
        return rest.count < wanted && rest.dropFirst(1).buffer.allSatisfy { $0 & 0xC0 == 0x80 }
    }

    private static func newlines(_ text: Text) -> Int { text.buffer.reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) } }
}
