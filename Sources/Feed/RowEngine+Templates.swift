internal import CFeedKernels

extension RowEngine {
    /// Makes the columns that the settings make of others. A template with an empty part is empty: ` IQD` is no price.
    @inline(never)
    mutating func fillTemplates() {
        for (number, template) in plan.templates.enumerated() {
            // Read before anything is written: a field with doubled quotes is made plain in the arena, too.
            var parts: [Text] = []
            for case .field(let place) in template.pieces { parts.append(raw(place).trimmed) }
            let start = arena
            guard !parts.contains(where: \.isMissing) else {
                made[number] = Text(start, 0)
                continue
            }
            var next = parts.makeIterator()
            for (index, piece) in template.pieces.enumerated() {
                if case .literal(let bytes) = piece {
                    for byte in bytes { append(byte) }
                } else if let text = next.next() {
                    if template.encodes(index) { appendEncoded(text) } else { for byte in text.buffer { append(byte) } }
                }
            }
            made[number] = endText(start)
        }
    }

    /// Everything but the unreserved characters of RFC 3986.
    private mutating func appendEncoded(_ text: Text) {
        let hex: StaticString = "0123456789ABCDEF"
        for byte in text.buffer {
            if byte.isASCIILetter || byte.isDigit || "-._~".utf8.contains(byte) {
                append(byte)
            } else {
                append(UInt8(ascii: "%"))
                append(hex.utf8Start[Int(byte >> 4)])
                append(hex.utf8Start[Int(byte & 15)])
            }
        }
    }
}
