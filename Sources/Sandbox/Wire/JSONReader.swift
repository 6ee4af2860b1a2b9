/// A strict JSON reader (RFC 8259): UTF-8 only, no trailing text, no repeated member, no lone surrogate, at most `depthLimit` levels.
///
/// It is our own on purpose: the encoder it judges belongs to the client, and a lenient reader would forgive what Meta does not.
struct JSONReader {
    struct Fault: Error, Equatable {
        /// Offset in bytes of the first byte that could not be read.
        var offset: Int
        var reason: String
    }

    /// Deepest nesting read; Meta's product fields need four. Source: ours, it bounds the recursion.
    static let depthLimit = 32

    private let bytes: [UInt8]
    private var at = 0

    static func read(_ bytes: [UInt8]) throws(Fault) -> SandboxValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.at == bytes.count else { throw reader.fault("text after the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func fault(_ reason: String) -> Fault { Fault(offset: at, reason: reason) }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    private mutating func value(depth: Int) throws(Fault) -> SandboxValue {
        guard depth < Self.depthLimit else { throw fault("nested deeper than \(Self.depthLimit)") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try quoted())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: StaticString, _ value: SandboxValue) throws(Fault) -> SandboxValue {
        for byte in "\(word)".utf8 {
            guard take(byte) else { throw fault("no JSON value") }
        }
        return value
    }

    private mutating func array(depth: Int) throws(Fault) -> SandboxValue {
        at += 1
        var elements: [SandboxValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw fault("array is not closed") }
        return .array(elements)
    }

    private mutating func object(depth: Int) throws(Fault) -> SandboxValue {
        at += 1
        var members: [SandboxValue.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("member has no name") }
            let name = try quoted()
            guard names.insert(name).inserted else { throw fault("member \(name) is repeated") }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("member \(name) has no value") }
            members.append(.init(name, try value(depth: depth + 1)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw fault("object is not closed") }
        return .object(members)
    }

    private mutating func number() throws(Fault) -> String {
        let start = at
        _ = take(UInt8(ascii: "-"))
        let leadingZero = next == UInt8(ascii: "0")
        guard let whole = digits(), !leadingZero || whole == 1 else { throw fault("no JSON value") }
        if take(UInt8(ascii: ".")), digits() == nil { throw fault("no digit after the point") }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if digits() == nil { throw fault("no digit in the exponent") }
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func digits() -> Int? {
        let start = at
        while let byte = next, (0x30...0x39).contains(byte) { at += 1 }
        return at > start ? at - start : nil
    }

    private mutating func quoted() throws(Fault) -> String {
        at += 1
        var units: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                guard let text = String(validating: units, as: UTF8.self) else { throw fault("text is not UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                units.append(contentsOf: Array(String(Character(try escape())).utf8))
            case 0..<0x20: throw fault("raw control character in a text")
            default:
                units.append(byte)
                at += 1
            }
        }
        throw fault("text is not closed")
    }

    private mutating func escape() throws(Fault) -> Unicode.Scalar {
        at += 1
        guard let letter = next else { throw fault("text is not closed") }
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try escapedScalar()
        default: throw fault("unknown escape")
        }
    }

    private mutating func escapedScalar() throws(Fault) -> Unicode.Scalar {
        let high = try hexUnit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard high < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw fault("lone surrogate") }
        let low = try hexUnit()
        guard (0xDC00...0xDFFF).contains(low) else { throw fault("lone surrogate") }
        guard let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) else { throw fault("lone surrogate") }
        return scalar
    }

    private mutating func hexUnit() throws(Fault) -> UInt32 {
        guard at + 4 <= bytes.count else { throw fault("escape is cut off") }
        let digits = bytes[at..<at + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("escape has no four hex digits") }
        at += 4
        return unit
    }
}
