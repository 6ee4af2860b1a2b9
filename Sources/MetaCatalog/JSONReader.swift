/// Why bytes are not JSON, and where.
struct JSONError: Error, Equatable {
    enum Problem: String { case endsEarly = "ends early", unexpectedByte = "has an unexpected byte", badText = "has a broken text", tooDeep = "is nested too deeply" }
    let problem: Problem
    let offset: Int
}

/// A strict reader of JSON (RFC 8259) with a bound on nesting. The size is bounded by the transport.
///
/// Own, because it tells a cut answer from a wrong one, keeps numbers as written, and needs no Foundation.
struct JSONReader {
    /// Meta's answers nest 5 deep.
    static let depthLimit = 32

    private let bytes: [UInt8]
    private var place = 0

    static func read(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.place == bytes.count else { throw reader.error(.unexpectedByte) }
        return value
    }

    static func read(_ text: String) throws(JSONError) -> JSONValue { try read(Array(text.utf8)) }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.depthLimit else { throw error(.tooDeep) }
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        place += 1
        skipSpace()
        if try take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard try peek() == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
            let key = try text()
            skipSpace()
            try expect(UInt8(ascii: ":"))
            members[key] = try value(depth: depth + 1)
            skipSpace()
        } while try take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        var values: [JSONValue] = []
        place += 1
        skipSpace()
        if try take(UInt8(ascii: "]")) { return .array(values) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while try take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return .array(values)
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[index]) }
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = place
        _ = try take(UInt8(ascii: "-"))
        if try !take(UInt8(ascii: "0")) { try digits() }
        if place < bytes.count, try take(UInt8(ascii: ".")) { try digits() }
        if place < bytes.count, bytes[place] | 0x20 == UInt8(ascii: "e") {
            place += 1
            if try !take(UInt8(ascii: "+")) { _ = try take(UInt8(ascii: "-")) }
            try digits()
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        guard (0x30...0x39).contains(try peek()) else { throw error(.unexpectedByte) }
        while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
    }
}

// MARK: - Texts

extension JSONReader {
    private mutating func text() throws(JSONError) -> String {
        place += 1
        let start = place
        while try peek() != UInt8(ascii: "\""), bytes[place] != UInt8(ascii: "\\"), bytes[place] >= 0x20 { place += 1 }
        if bytes[place] == UInt8(ascii: "\"") {  // the usual text has no escape
            place += 1
            return try checked(Array(bytes[start..<place - 1]))
        }
        return try escapedText(begun: Array(bytes[start..<place]))
    }

    private mutating func escapedText(begun: [UInt8]) throws(JSONError) -> String {
        var plain = begun
        while true {
            let byte = try peek()
            guard byte >= 0x20 else { throw error(.unexpectedByte) }
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return try checked(plain)
            case UInt8(ascii: "\\"): try escape(into: &plain)
            default: plain.append(byte)
            }
        }
    }

    private mutating func escape(into plain: inout [UInt8]) throws(JSONError) {
        let byte = try peek()
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(byte)
        case UInt8(ascii: "b"): plain.append(0x08)
        case UInt8(ascii: "f"): plain.append(0x0c)
        case UInt8(ascii: "n"): plain.append(0x0a)
        case UInt8(ascii: "r"): plain.append(0x0d)
        case UInt8(ascii: "t"): plain.append(0x09)
        case UInt8(ascii: "u"): plain += String(Character(try scalar())).utf8
        default: throw error(.unexpectedByte)
        }
    }

    /// Behind `\u`: one scalar, of a pair of surrogates where it takes two.
    private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xd800...0xdbff).contains(first) else { throw error(.badText) }
        try expect(UInt8(ascii: "\\"))
        try expect(UInt8(ascii: "u"))
        let second = try unit()
        guard (0xdc00...0xdfff).contains(second), let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) else {
            throw error(.badText)
        }
        return scalar
    }

    private mutating func unit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let byte = try peek()
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x41 + 10
            case 0x61...0x66: digit = byte - 0x61 + 10
            default: throw error(.badText)
            }
            unit = unit << 4 | UInt32(digit)
            place += 1
        }
        return unit
    }

    private func checked(_ bytes: [UInt8]) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw error(.badText) }
        return text
    }
}

// MARK: - Bytes

extension JSONReader {
    private func error(_ problem: JSONError.Problem) -> JSONError { JSONError(problem: problem, offset: place) }

    private func peek() throws(JSONError) -> UInt8 {
        guard place < bytes.count else { throw error(.endsEarly) }
        return bytes[place]
    }

    private mutating func take(_ byte: UInt8) throws(JSONError) -> Bool {
        guard try peek() == byte else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard try take(byte) else { throw error(.unexpectedByte) }
    }

    private mutating func skipSpace() {
        while place < bytes.count, bytes[place] == 0x20 || bytes[place] == 0x0a || bytes[place] == 0x0d || bytes[place] == 0x09 { place += 1 }
    }
}
