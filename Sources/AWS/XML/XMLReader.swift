/// A strict reader of the XML that AWS answers with: elements, attributes, text, CDATA, comments, the five named entities and numbers.
///
/// Own, and not FoundationXML: that would link libxml2 into a binary that is to run anywhere, and would read document types, with which a
/// false answer can reach for files or fill the memory. Here they are refused. The size is bounded by the transport, the depth here.
struct XMLReader {
    /// The deepest answer that is read has 5.
    static let depthLimit = 16

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { place = 3 }
    }

    mutating func document() throws(XMLError) -> XMLElement {
        try skipOutside()
        guard take("<") else { throw error(place < bytes.count ? .unexpected : .endsEarly) }
        let root = try element(depth: 0)
        try skipOutside()
        guard place == bytes.count else { throw error(.unexpected) }
        return root
    }

    /// Blanks, comments and instructions before and behind the root.
    private mutating func skipOutside() throws(XMLError) {
        while true {
            skipBlanks()
            if take("<!--") {
                try skip(past: "-->")
            } else if take("<?") {
                try skip(past: "?>")
            } else if at("<!") {
                throw error(.doctype)
            } else {
                return
            }
        }
    }

    /// Behind its `<`.
    private mutating func element(depth: Int) throws(XMLError) -> XMLElement {
        guard depth < Self.depthLimit else { throw error(.tooDeep) }
        let fullName = try name()
        var element = XMLElement(name: Self.local(fullName))
        while true {
            skipBlanks()
            if take("/>") { return element }
            if take(">") { break }
            try attribute()
        }
        var text: [UInt8] = []
        while true {
            if take("</") {
                guard try name() == fullName else { throw error(.mismatch) }
                skipBlanks()
                guard take(">") else { throw error(.unexpected) }
                guard let own = String(validating: text, as: UTF8.self) else { throw error(.notText) }
                // Blanks between elements are layout, not content.
                element.text = element.children.isEmpty ? own : ""
                return element
            }
            if take("<!--") {
                try skip(past: "-->")
            } else if take("<![CDATA[") {
                text += try upTo("]]>")
            } else if take("<?") {
                try skip(past: "?>")
            } else if take("<") {
                element.children.append(try self.element(depth: depth + 1))
            } else if take("&") {
                try entity(into: &text)
            } else {
                guard place < bytes.count else { throw error(.endsEarly) }
                text.append(bytes[place])
                place += 1
            }
        }
    }

    private mutating func attribute() throws(XMLError) {
        _ = try name()
        skipBlanks()
        guard take("=") else { throw error(.unexpected) }
        skipBlanks()
        guard place < bytes.count else { throw error(.endsEarly) }
        let quote = bytes[place]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw error(.unexpected) }
        place += 1
        while place < bytes.count, bytes[place] != quote {
            guard bytes[place] != UInt8(ascii: "<") else { throw error(.unexpected) }
            place += 1
        }
        guard place < bytes.count else { throw error(.endsEarly) }
        place += 1
    }

    private mutating func name() throws(XMLError) -> String {
        let start = place
        while place < bytes.count, Self.isNameByte(bytes[place]) { place += 1 }
        guard place > start else { throw error(place < bytes.count ? .unexpected : .endsEarly) }
        guard let name = String(validating: bytes[start..<place], as: UTF8.self) else { throw error(.notText) }
        return name
    }

    /// Behind its `&`.
    private mutating func entity(into text: inout [UInt8]) throws(XMLError) {
        let start = place
        let longest = 10
        while place < bytes.count, place - start <= longest, Self.isNameByte(bytes[place]) || bytes[place] == UInt8(ascii: "#") { place += 1 }
        guard place < bytes.count, bytes[place] == UInt8(ascii: ";") else { throw error(place < bytes.count ? .badEntity : .endsEarly) }
        let name = String(decoding: bytes[start..<place], as: UTF8.self)
        place += 1
        switch name {
        case "amp": text.append(UInt8(ascii: "&"))
        case "lt": text.append(UInt8(ascii: "<"))
        case "gt": text.append(UInt8(ascii: ">"))
        case "quot": text.append(UInt8(ascii: "\""))
        case "apos": text.append(UInt8(ascii: "'"))
        default:
            let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            guard let scalar = number.flatMap(Unicode.Scalar.init) else { throw error(.badEntity) }
            text += Array(String(scalar).utf8)
        }
    }

    private mutating func upTo(_ end: StaticString) throws(XMLError) -> ArraySlice<UInt8> {
        let start = place
        while place < bytes.count, !at(end) { place += 1 }
        guard place < bytes.count else { throw error(.endsEarly) }
        let found = bytes[start..<place]
        place += end.utf8CodeUnitCount
        return found
    }

    private mutating func skip(past end: StaticString) throws(XMLError) { _ = try upTo(end) }

    private mutating func skipBlanks() {
        while place < bytes.count, Self.isBlank(bytes[place]) { place += 1 }
    }

    private func at(_ text: StaticString) -> Bool {
        guard bytes.count - place >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(bytes[place..<place + text.utf8CodeUnitCount]) }
    }

    private mutating func take(_ text: StaticString) -> Bool {
        guard at(text) else { return false }
        place += text.utf8CodeUnitCount
        return true
    }

    private func error(_ problem: XMLError.Problem) -> XMLError { XMLError(problem: problem, offset: place) }

    private static func local(_ name: String) -> String { name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), 0x80...0xff: true
        default: false
        }
    }
}
