/// One element of an AWS answer: its name without prefix, its own text, and what is in it. Attributes are checked and thrown away; AWS's
/// answers keep nothing in them that we read.
struct XMLElement: Sendable, Equatable {
    var name: String
    var text = ""
    var children: [XMLElement] = []

    /// The first element of that name in it.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text of the element of that name; nil where it is missing or empty.
    func filled(_ name: String) -> String? {
        guard let text = self[name]?.text, !text.isEmpty else { return nil }
        return text
    }

    /// The root element of a whole document.
    static func read(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        var reader = XMLReader(bytes)
        return try reader.document()
    }
}

/// Why bytes are not the XML we take, and where.
struct XMLError: Error, Sendable, Equatable {
    enum Problem: String, Sendable {
        case endsEarly = "ends early"
        case unexpected = "is not well formed"
        case mismatch = "closes an element that is not open"
        case tooDeep = "is nested too deeply"
        case doctype = "has a document type, which no answer of AWS has"
        case badEntity = "has an entity that XML does not define"
        case notText = "is not UTF-8"
    }

    let problem: Problem
    /// Bytes from the beginning.
    let offset: Int
}
