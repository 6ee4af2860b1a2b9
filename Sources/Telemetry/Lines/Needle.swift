/// One thing a `CredentialScan` looks for. Two neighbouring bytes of it, the anchor, are searched for with SIMD; only where they stand is
/// the rest compared.
struct Needle: Sendable {
    enum Shape: Sendable, Equatable {
        /// The text itself is the secret.
        case exact
        /// `access_token` and then `=`, `:` or their quoted and encoded forms: what follows is the secret.
        case accessToken
        /// `Bearer ` in any case: what follows is the secret.
        case bearer
        /// A run of letters and digits that begins with `EAA`.
        case metaToken
    }

    let shape: Shape
    let text: [UInt8]
    let anchor: Int

    var first: UInt8 { text[anchor] }
    var second: UInt8 { text[anchor + 1] }

    static let shapes = [
        Needle(shape: .accessToken, text: Array("access_token".utf8), anchor: 6),
        Needle(shape: .bearer, text: Array("Bearer ".utf8), anchor: 0),
        Needle(shape: .bearer, text: Array("bearer ".utf8), anchor: 0),
        Needle(shape: .bearer, text: Array("BEARER ".utf8), anchor: 0),
        Needle(shape: .metaToken, text: Array("EAA".utf8), anchor: 0),
    ]

    static func exact(_ secret: String) -> [Needle] {
        guard secret.utf8.count >= CredentialScan.shortestSecret else { return [] }
        var escaped = LineBuffer()
        escaped.append(escaping: secret, limit: secret.utf8.count)
        return Set([Array(secret.utf8), escaped.copy, percentEncoded(secret)])
            .map { Needle(shape: .exact, text: $0, anchor: rarestPair(in: $0)) }
    }

    /// The bytes to hide if this needle's anchor stands at `position`; nil if the needle is not there.
    func match(in line: UnsafeBufferPointer<UInt8>, anchorAt position: Int) -> Range<Int>? {
        let start = position - anchor
        guard start >= 0, start + text.count <= line.count else { return nil }
        for offset in text.indices where line[start + offset] != text[offset] { return nil }
        let end = start + text.count
        switch shape {
        case .exact: return (Self.cutsAnEscape(line, at: start) ? start - 1 : start)..<end
        case .accessToken: return Self.assignedValue(line, after: end)
        case .bearer: return Self.run(line, from: end, atLeast: CredentialScan.shortestBearerToken, of: Self.isTokenByte)
        case .metaToken:
            guard Self.beginsAWord(line, at: start) else { return nil }
            return Self.run(line, from: start, atLeast: CredentialScan.shortestMetaToken, of: Self.isAlphanumeric)
        }
    }

    private static func assignedValue(_ line: UnsafeBufferPointer<UInt8>, after end: Int) -> Range<Int>? {
        var position = end
        func skip(_ bytes: StaticString) {
            while position < line.count, line[position].isOne(of: bytes) { position += 1 }
        }
        skip("\\\"' ")
        guard position < line.count else { return nil }
        if line[position] == UInt8(ascii: "%"), position + 2 < line.count { position += 3 }  // %3D, %3A
        else if line[position].isOne(of: "=:") { position += 1 }
        else { return nil }
        skip("\\\"' ")
        guard !["env:", "file:"].contains(where: { starts(line, at: position, with: $0) }) else { return nil }
        return run(line, from: position, atLeast: 1, of: isTokenByte)
    }

    private static func run(
        _ line: UnsafeBufferPointer<UInt8>, from start: Int, atLeast shortest: Int, of isPart: (UInt8) -> Bool
    ) -> Range<Int>? {
        var end = start
        while end < line.count, isPart(line[end]) { end += 1 }
        return end - start >= shortest ? start..<end : nil
    }

    private static func starts(_ line: UnsafeBufferPointer<UInt8>, at position: Int, with text: String) -> Bool {
        line[position...].starts(with: text.utf8)
    }

    /// The letter of `\n` before a token belongs to the escape and not to the word.
    private static func beginsAWord(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard start > 0, isAlphanumeric(line[start - 1]) else { return true }
        return cutsAnEscape(line, at: start - 1)
    }

    /// Whether the byte at `start` is the second of an escape, so that hiding it alone would leave a lone backslash.
    private static func cutsAnEscape(_ line: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        var backslashes = 0
        while start - backslashes > 0, line[start - backslashes - 1] == UInt8(ascii: "\\") { backslashes += 1 }
        return backslashes % 2 == 1
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// RFC 6750's `b64token`, and what Meta's own tokens and URLs add to it.
    private static func isTokenByte(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte.isOne(of: "-._~+/=%|:") }

    private static func percentEncoded(_ text: String) -> [UInt8] {
        text.utf8.flatMap { byte -> [UInt8] in
            isAlphanumeric(byte) || byte.isOne(of: "-._~") ? [byte] : Array("%".utf8) + hex(byte)
        }
    }

    private static func hex(_ byte: UInt8) -> [UInt8] { Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16, uppercase: true).utf8) }

    /// Capitals and signs are rare in our lines, digits less so: the rarer the anchor, the fewer the places to compare.
    private static func rarestPair(in text: [UInt8]) -> Int {
        func rarity(_ byte: UInt8) -> Int {
            switch byte {
            case 0x61...0x7A, 0x22, 0x2C, 0x3A: 0
            case 0x30...0x39: 1
            default: 2
            }
        }
        return text.indices.dropLast().max { rarity(text[$0]) + rarity(text[$0 + 1]) < rarity(text[$1]) + rarity(text[$1 + 1]) } ?? 0
    }
}

extension UInt8 {
    fileprivate func isOne(of bytes: StaticString) -> Bool {
        UnsafeBufferPointer(start: bytes.utf8Start, count: bytes.utf8CodeUnitCount).contains(self)
    }
}
