import Cryptography

/// What is signed: the request in the one spelling that both sides agree on.
struct CanonicalRequest: Sendable, Equatable {
    /// How a path becomes its canonical text. S3 and the others disagree.
    enum Path: Sendable {
        /// S3: the object's name, encoded once, nothing normalized; `//` and `..` are letters of the name.
        case once(String)
        /// All others: dot segments and empty segments go, then the path as it is on the wire is encoded once more.
        case again(wire: String)

        var canonical: String {
            switch self {
            case .once(let path): URIEncoding.path(path.isEmpty ? "/" : path)
            case .again(let path): URIEncoding.path(Self.normalized(path))
            }
        }

        private static func normalized(_ path: String) -> String {
            var segments: [String.UTF8View.SubSequence] = []
            let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
            for part in parts where !part.elementsEqual(".".utf8) {
                if part.elementsEqual("..".utf8) { _ = segments.popLast() } else { segments.append(part) }
            }
            let last = parts.last.map { !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) } ?? false
            let endsOpen = path.utf8.last == UInt8(ascii: "/") || !last
            let joined = segments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
            return joined.isEmpty ? "/" : "/\(joined)" + (endsOpen ? "/" : "")
        }
    }

    let text: String
    let signedHeaders: String

    /// - Parameters:
    ///   - query: decoded names and values; one without a value has an empty one.
    ///   - headers: all that are signed, `host` among them.
    ///   - bodyHash: hexadecimal SHA-256 of the body, or `UNSIGNED-PAYLOAD`.
    init(method: String, path: Path, query: [(name: String, value: String)], headers: [(name: String, value: String)], bodyHash: String) {
        let headers = Self.joined(headers)
        signedHeaders = headers.map(\.name).joined(separator: ";")
        text =
            ([method, path.canonical, URIEncoding.query(query)] + headers.map { "\($0.name):\($0.value)" } + ["", signedHeaders, bodyHash])
            .joined(separator: "\n")
    }

    var hash: String { sha256Hex(Array(text.utf8)) }

    /// Names in lower case and sorted; values of one name joined by commas in the order they came.
    private static func joined(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for header in headers { values[header.name.lowercased(), default: []].append(collapsed(header.value)) }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    /// Without blanks at the ends, and with one for each row of them within.
    private static func collapsed(_ value: String) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
        return value.utf8.split(whereSeparator: isBlank).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
