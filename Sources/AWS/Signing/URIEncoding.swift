/// The one encoder of what goes on the wire and of what is signed. Two encoders that differ in one letter are a request that only fails for
/// some keys.
///
/// Unreserved are `A-Z a-z 0-9 - . _ ~`; hexadecimal digits are upper case. Source: AWS General Reference, "Signature Version 4", UriEncode.
enum URIEncoding {
    /// A decoded path, `/` kept.
    static func path(_ text: String) -> String { encode(text, keepsSlash: true) }

    /// A name or value of a query, or of a form.
    static func part(_ text: String) -> String { encode(text, keepsSlash: false) }

    /// Sorted by name and value as pairs, not as joined texts: `a=b` and `a-=b` would change places.
    static func query(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { (name: part($0.name), value: part($0.value)) }
            .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    /// `application/x-www-form-urlencoded`, in the order given.
    static func form(_ parameters: [(name: String, value: String)]) -> [UInt8] {
        Array(parameters.map { "\(part($0.name))=\(part($0.value))" }.joined(separator: "&").utf8)
    }

    /// The text behind `%41` and, where `plusIsSpace`, `+`. A percent sign that no two digits follow stands for itself. Nil where the bytes
    /// are no UTF-8.
    static func decode(_ text: String, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let high = digit(rest[rest.startIndex]), let low = digit(rest[rest.startIndex + 1]) {
                bytes.append(high << 4 | low)
                rest.removeFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func encode(_ text: String, keepsSlash: Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) || keepsSlash && byte == UInt8(ascii: "/") {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
