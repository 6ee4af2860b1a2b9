/// A 64-bit digest of some content, for telling whether it is the same. Written as hexadecimal: a JSON number of that size loses digits in many
/// readers.
public struct Fingerprint: Sendable, Hashable, CustomStringConvertible {
    public let bits: UInt64

    public init(_ bits: UInt64) { self.bits = bits }

    /// Nil where the text is no hexadecimal number of 64 bits.
    public init?(hexadecimal text: String) {
        guard let bits = UInt64(text, radix: 16) else { return nil }
        self.bits = bits
    }

    public var description: String { String(bits, radix: 16) }
}

extension Fingerprint: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let read = Fingerprint(hexadecimal: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a fingerprint in hexadecimal: \(text)"))
        }
        self = read
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
