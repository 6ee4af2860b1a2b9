import Mustache

/// Mustache templates, parsed once. Every one of them begins with `PageRenderer.begin`, so that ours is the escaping that counts.
public struct PageRenderer: Sendable {
    private let library: MustacheLibrary

    /// Stands at the head of every template. The engine's own escaping works on whole characters and so lets a quotation mark with an accent on it
    /// pass, which ends an attribute.
    public static let begin = "{{% CONTENT_TYPE:PAGE}}"

    /// The frame of each page, and the parts that reports are made of.
    private static let shared = ["frame": frameTemplate, "report": reportTemplate, "remedies": remediesTemplate, "books": booksTemplate, "word": wordTemplate, "report-page": reportPageTemplate]

    /// - Parameter templates: by name. A template that cannot be parsed is a defect of ours.
    public init(templates: [String: String] = [:]) {
        MustacheContentTypes.register(PageText(), named: "PAGE")
        var library = MustacheLibrary()
        for (name, text) in Self.shared.merging(templates, uniquingKeysWith: { _, new in new }) {
            precondition(text.hasPrefix(Self.begin), "the template \(name) does not begin with PageRenderer.begin")
            do { try library.register(text, named: name) } catch { preconditionFailure("the template \(name): \(error)") }
        }
        self.library = library
    }

    /// - Parameter view: a struct; its stored properties are the names that the template knows.
    public func render(_ view: some Sendable, with template: String) -> [UInt8] {
        guard let text = library.render(view, withTemplate: template) else { preconditionFailure("no template \(template)") }
        return Array(text.utf8)
    }
}

/// Escapes text for HTML, in elements and in quoted attributes alike.
struct PageText: MustacheContentType {
    func escapeText(_ text: String) -> String {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): escaped += "&amp;".utf8
            case UInt8(ascii: "<"): escaped += "&lt;".utf8
            case UInt8(ascii: ">"): escaped += "&gt;".utf8
            case UInt8(ascii: "\""): escaped += "&quot;".utf8
            case UInt8(ascii: "'"): escaped += "&#39;".utf8
            case 0: escaped += "\u{FFFD}".utf8
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
