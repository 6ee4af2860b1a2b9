/// A piece of a sentence of ours: what stands between backticks is code.
public struct WordPart: Sendable {
    let text: String?
    let code: String?

    public static func parts(of sentence: String) -> [WordPart] {
        sentence.split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap { place, part in
            part.isEmpty ? nil : place % 2 == 0 ? WordPart(text: String(part), code: nil) : WordPart(text: nil, code: String(part))
        }
    }
}

extension PageRenderer {
    /// Knows one `WordPart`; no line end, since the parts stand side by side.
    static let wordTemplate = begin + "{{#.code}}<code>{{.}}</code>{{/.code}}{{#.text}}{{.}}{{/.text}}"
}
