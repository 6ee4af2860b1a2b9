public import Events

/// Reads a line that `KeptLineWriter` made. Fields are asked for in the order of their names, so one pass finds them all: a name that comes before
/// the one asked for is passed over, one that comes behind it says that there is none.
public struct KeptLineReader: Sendable {
    private let bytes: [UInt8]
    private let start: Int
    private let end: Int
    private var place: Int

    /// - Parameter range: of the line in the bytes, without its line feed.
    public init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        start = range.lowerBound
        end = range.upperBound
        place = start
    }

    /// The whole line as one object.
    /// - Throws: `KeptLineError` where it is none of that shape.
    public mutating func read<Line: KeptLine>(_ type: Line.Type = Line.self) throws -> Line {
        let line = try object(type)
        guard place == end else { throw damage("end") }
        return line
    }

    private mutating func object<Line: KeptLine>(_ type: Line.Type) throws -> Line {
        try take(UInt8(ascii: "{"), "object")
        let line = try Line(from: &self)
        while peek == UInt8(ascii: "\"") { try passOverField() }
        try take(UInt8(ascii: "}"), "end of the object")
        return line
    }

    // MARK: Fields

    public mutating func text(_ name: StaticString) throws -> String { try required(try textIfAny(name), name) }
    public mutating func number(_ name: StaticString) throws -> Int64 { try required(try numberIfAny(name), name) }
    public mutating func time(_ name: StaticString) throws -> Timestamp { try required(try timeIfAny(name), name) }
    public mutating func fingerprint(_ name: StaticString) throws -> Fingerprint { try required(try fingerprintIfAny(name), name) }
    public mutating func line<Line: KeptLine>(_ name: StaticString) throws -> Line { try required(try lineIfAny(name), name) }

    public mutating func index(_ name: StaticString) throws -> Int {
        guard let number = Int(exactly: try number(name)) else { throw damage("number of \(name)") }
        return number
    }

    public mutating func flag(_ name: StaticString) throws -> Bool {
        guard try find(name) else { throw damage("\"\(name)\"") }
        let isTrue = peek == UInt8(ascii: "t")
        try literal(isTrue ? "true" : "false")
        return isTrue
    }

    /// One of the words of a list.
    public mutating func word<Word: RawRepresentable<String>>(_ name: StaticString) throws -> Word {
        guard let word = Word(rawValue: try text(name)) else { throw damage("word of \"\(name)\" that is known") }
        return word
    }

    public mutating func textIfAny(_ name: StaticString) throws -> String? {
        guard try find(name) else { return nil }
        return try value { try $0.string() }
    }

    public mutating func numberIfAny(_ name: StaticString) throws -> Int64? {
        guard try find(name) else { return nil }
        return try value { try $0.integer() }
    }

    public mutating func fingerprintIfAny(_ name: StaticString) throws -> Fingerprint? {
        guard try find(name) else { return nil }
        return try value { line in
            let digits = try line.quoted()
            guard let bits = line.hexadecimal(digits) else { throw line.damage("fingerprint in hexadecimal") }
            return Fingerprint(bits)
        }
    }

    public mutating func lineIfAny<Line: KeptLine>(_ name: StaticString) throws -> Line? {
        guard try find(name) else { return nil }
        return try value { try $0.object(Line.self) }
    }

    public mutating func texts(_ name: StaticString) throws -> [String] { try list(name) { try $0.string() } }

    public mutating func indices(_ name: StaticString) throws -> [Int] {
        try list(name) { line in
            guard let number = Int(exactly: try line.integer()) else { throw line.damage("number") }
            return number
        }
    }

    private mutating func timeIfAny(_ name: StaticString) throws -> Timestamp? {
        guard try find(name) else { return nil }
        return try value { line in
            let range = try line.quoted()
            guard let time = Timestamp(rfc3339: line.bytes[range]) else { throw line.damage("RFC 3339 time") }
            return time
        }
    }

    private mutating func list<Element>(_ name: StaticString, _ element: (inout KeptLineReader) throws -> Element) throws -> [Element] {
        guard try find(name) else { throw damage("\"\(name)\"") }
        return try value { line in
            try line.take(UInt8(ascii: "["), "list")
            var found: [Element] = []
            while line.peek != UInt8(ascii: "]") {
                if !found.isEmpty { try line.take(UInt8(ascii: ","), "comma") }
                found.append(try element(&line))
            }
            try line.take(UInt8(ascii: "]"), "end of the list")
            return found
        }
    }

    private func required<Value>(_ value: Value?, _ name: StaticString) throws -> Value {
        guard let value else { throw damage("\"\(name)\"") }
        return value
    }

    // MARK: The way through the line

    private var peek: UInt8? { place < end ? bytes[place] : nil }

    private func damage(_ wanted: String) -> KeptLineError { KeptLineError(wanted: wanted, place: place - start) }

    private mutating func take(_ byte: UInt8, _ wanted: @autoclosure () -> String) throws {
        guard peek == byte else { throw damage(wanted()) }
        place += 1
    }

    /// Goes to the value of this name. False where there is none, or `null`.
    private mutating func find(_ name: StaticString) throws -> Bool {
        while peek == UInt8(ascii: "\"") {
            let order = order(of: name)
            if order < 0 { return false }
            guard order == 0 else {
                try passOverField()
                continue
            }
            place += name.utf8CodeUnitCount + 2
            try take(UInt8(ascii: ":"), "colon")
            guard peek == UInt8(ascii: "n") else { return true }
            try literal("null")
            return false
        }
        return false
    }

    /// How this name stands to the one at the place: before it, the same, behind it.
    private func order(of name: StaticString) -> Int {
        let count = name.utf8CodeUnitCount
        for offset in 0..<count {
            let place = place + 1 + offset
            guard place < end, bytes[place] != UInt8(ascii: "\"") else { return 1 }
            let difference = Int(name.utf8Start[offset]) - Int(bytes[place])
            if difference != 0 { return difference }
        }
        let place = place + 1 + count
        return place < end && bytes[place] == UInt8(ascii: "\"") ? 0 : -1
    }

    private mutating func value<Value>(_ read: (inout KeptLineReader) throws -> Value) throws -> Value {
        let value = try read(&self)
        if peek == UInt8(ascii: ",") { place += 1 }
        return value
    }

    private mutating func literal(_ word: StaticString) throws {
        for offset in 0..<word.utf8CodeUnitCount { try take(word.utf8Start[offset], "\(word)") }
        if peek == UInt8(ascii: ",") { place += 1 }
    }

    private mutating func passOverField() throws {
        _ = try quoted()
        try take(UInt8(ascii: ":"), "colon")
        var depth = 0
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                _ = try quoted()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0:
                place += 1
                return
            default: break
            }
            place += 1
        }
        throw damage("value")
    }

    // MARK: Values

    /// The place between the quotes.
    private mutating func quoted() throws -> Range<Int> {
        try take(UInt8(ascii: "\""), "text")
        let first = place
        while place < end {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return first..<place - 1
            case UInt8(ascii: "\\"): place += 2
            default: place += 1
            }
        }
        place = end
        throw damage("end of the text")
    }

    private mutating func string() throws -> String {
        let range = try quoted()
        guard bytes[range].contains(UInt8(ascii: "\\")) else { return String(decoding: bytes[range], as: UTF8.self) }
        guard let text = JSONText.unescaped(bytes[range]) else { throw damage("text") }
        return text
    }

    private mutating func integer() throws -> Int64 {
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative { place += 1 }
        let first = place
        var value: Int64 = 0
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            guard !isTooLarge, !isStillTooLarge else { throw damage("number of 64 bits") }
            value = sum
            place += 1
        }
        guard place > first else { throw damage("number") }
        return value
    }

    private func hexadecimal(_ range: Range<Int>) -> UInt64? {
        guard (1...16).contains(range.count) else { return nil }
        var bits: UInt64 = 0
        for byte in bytes[range] {
            guard let digit = JSONText.hexadecimalDigit(byte) else { return nil }
            bits = bits << 4 | UInt64(digit)
        }
        return bits
    }
}
