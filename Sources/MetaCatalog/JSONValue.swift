/// One value of a JSON answer (RFC 8259).
enum JSONValue: Sendable, Equatable {
    case null
    case flag(Bool)
    /// As written, so that a long number id loses no digit.
    case number(String)
    case text(String)
    case array([JSONValue])
    /// The last of repeated keys wins.
    case object([String: JSONValue])

    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// A text; or a number as it was written, since Meta sends ids both ways.
    var text: String? {
        switch self {
        case .text(let text), .number(let text): text
        case .null, .flag, .array, .object: nil
        }
    }

    /// Nil for a missing, null or empty text.
    var filledText: String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    var number: Double? { text.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil } }

    /// A whole number, also where it is written as a text.
    var integer: Int? { text.flatMap { Int($0) } ?? number.flatMap { Int(exactly: $0) } }

    var flag: Bool? {
        guard case .flag(let flag) = self else { return nil }
        return flag
    }
}
