/// Takes the token, the app secret and the proof out of texts from outside: Meta's message on a malformed token repeats the token.
struct Redaction: Sendable {
    private let secrets: [String]

    init(_ secrets: [String]) {
        // The longest first: one may be a part of another.
        self.secrets = secrets.filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
    }

    func callAsFunction(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "<secret>") }
    }

    /// The head of an answer that is not what was promised, on one line.
    func excerpt(_ body: [UInt8]) -> String {
        let limit = 120
        // Cutting must not leave half a secret, so the cut comes last.
        let text = self(String(decoding: body.prefix(8192), as: UTF8.self))
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
        let line = words.joined(separator: " ")
        return line.count > limit ? line.prefix(limit) + "…" : line
    }
}
