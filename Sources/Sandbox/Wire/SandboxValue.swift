/// A JSON value as it came over the wire. Numbers keep their spelling, so `14` and `14.0` stay different texts.
public enum SandboxValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([SandboxValue])
    /// Members in the order they were written; the parser refuses a repeated name.
    case object([Member])

    public struct Member: Sendable, Hashable {
        public var name: String
        public var value: SandboxValue

        public init(_ name: String, _ value: SandboxValue) {
            self.name = name
            self.value = value
        }
    }

    /// The text of a string, else nil: a number is not a string to Meta either.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a member of an object, else nil.
    public subscript(name: String) -> SandboxValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// What Meta takes as "this field has no value": an empty text, list or object. `null` is not among them (undocumented, so refused).
    var isEmpty: Bool {
        switch self {
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        case .null, .bool, .number: false
        }
    }
}

extension SandboxValue: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self = .string(text) }
}

extension SandboxValue {
    static func object(_ members: (String, SandboxValue?)...) -> SandboxValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    static func count(_ number: Int) -> SandboxValue { .number(String(number)) }

    /// Compact JSON.
    public var json: String {
        var out = ""
        write(to: &out)
        return out
    }

    private func write(to out: inout String) {
        switch self {
        case .null: out += "null"
        case .bool(let flag): out += flag ? "true" : "false"
        case .number(let digits): out += digits
        case .string(let text): Self.writeQuoted(text, to: &out)
        case .array(let elements):
            out += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { out += "," }
                element.write(to: &out)
            }
            out += "]"
        case .object(let members):
            out += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { out += "," }
                Self.writeQuoted(member.name, to: &out)
                out += ":"
                member.value.write(to: &out)
            }
            out += "}"
        }
    }

    /// Escapes as Meta's PHP does: `/` and everything outside ASCII is escaped, so a client's decoder gets surrogate pairs to chew on.
    private static func writeQuoted(_ text: String, to out: inout String) {
        out += "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: out += "\\\""
            case 0x5C: out += "\\\\"
            case 0x2F: out += "\\/"
            case 0x0A: out += "\\n"
            case 0x0D: out += "\\r"
            case 0x09: out += "\\t"
            case 0x20..<0x7F: out.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default: out += "\\u" + String(repeating: "0", count: unit < 0x10 ? 3 : unit < 0x100 ? 2 : unit < 0x1000 ? 1 : 0) + String(unit, radix: 16)
            }
        }
        out += "\""
    }
}
