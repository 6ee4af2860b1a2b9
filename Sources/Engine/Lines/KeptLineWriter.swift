public import Events

/// Makes lines of JSON, one behind the other.
public struct KeptLineWriter: Sendable {
    /// All lines since `removeAll`, each with its line feed.
    public private(set) var bytes: [UInt8] = []
    private var isFirst = true

    public init() {}

    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    public mutating func append(_ line: some KeptLine) {
        object(line)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// A field as it stands in a line, to look for.
    public static func field(_ name: StaticString, saying text: String) -> [UInt8] {
        var writer = KeptLineWriter()
        writer.field(name, text)
        return writer.bytes
    }

    private mutating func object(_ line: some KeptLine) {
        bytes.append(UInt8(ascii: "{"))
        isFirst = true
        line.write(to: &self)
        bytes.append(UInt8(ascii: "}"))
        isFirst = false
    }

    // MARK: Fields

    public mutating func field(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        open(name)
        append(quoting: text)
    }

    public mutating func field(_ name: StaticString, _ number: some FixedWidthInteger) {
        open(name)
        append(decimal: Int64(number))
    }

    public mutating func field(_ name: StaticString, _ number: Int64?) {
        guard let number else { return }
        open(name)
        append(decimal: number)
    }

    public mutating func field(_ name: StaticString, _ flag: Bool) {
        open(name)
        append(flag ? "true" : "false")
    }

    /// RFC 3339 with milliseconds.
    public mutating func field(_ name: StaticString, _ time: Timestamp) {
        open(name)
        bytes.append(UInt8(ascii: "\""))
        time.appendRFC3339(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Hexadecimal text: a JSON number of 64 bits loses digits in many readers.
    public mutating func field(_ name: StaticString, _ fingerprint: Fingerprint?) {
        guard let fingerprint else { return }
        open(name)
        bytes.append(UInt8(ascii: "\""))
        append(hexadecimal: fingerprint.bits)
        bytes.append(UInt8(ascii: "\""))
    }

    public mutating func field(_ name: StaticString, _ texts: [String]) {
        list(name, texts) { $0.append(quoting: $1) }
    }

    public mutating func field(_ name: StaticString, _ numbers: [Int]) {
        list(name, numbers) { $0.append(decimal: Int64($1)) }
    }

    public mutating func field(_ name: StaticString, line: (some KeptLine)?) {
        guard let line else { return }
        open(name)
        object(line)
    }

    private mutating func list<Element>(_ name: StaticString, _ elements: [Element], _ append: (inout KeptLineWriter, Element) -> Void) {
        open(name)
        bytes.append(UInt8(ascii: "["))
        var isNext = false
        for element in elements {
            if isNext { bytes.append(UInt8(ascii: ",")) }
            isNext = true
            append(&self, element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    // MARK: Values

    private mutating func open(_ name: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        append(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func append(quoting text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { utf8 in
            // Nearly all texts need no escape.
            if utf8.allSatisfy({ !Self.isEscaped($0) }) { return bytes.append(contentsOf: utf8) }
            for byte in utf8 { append(escaping: byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool { byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }

    private mutating func append(escaping byte: UInt8) {
        guard Self.isEscaped(byte) else { return bytes.append(byte) }
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x0C: append("\\f")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        default:
            append("\\u00")
            bytes.append(Self.digit(byte >> 4))
            bytes.append(Self.digit(byte & 15))
        }
    }

    private mutating func append(decimal number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        append(number.magnitude, base: 10)
    }

    private mutating func append(hexadecimal number: UInt64) { append(number, base: 16) }

    private mutating func append(_ number: UInt64, base: UInt64) {
        let start = bytes.count
        var rest = number
        repeat {
            bytes.append(Self.digit(UInt8(rest % base)))
            rest /= base
        } while rest > 0
        bytes[start...].reverse()
    }

    /// 0 to 15.
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
}
