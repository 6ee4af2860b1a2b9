public import Events

/// A letter to people: more than one incident, with something attached.
public struct AlertLetter: Sendable, Equatable {
    public struct Attachment: Sendable, Equatable {
        /// ASCII, letters, digits, `.`, `_` and `-`; anything else becomes `_`.
        public let name: String
        /// Such as `text/csv; charset=utf-8`.
        public let type: String
        public let bytes: [UInt8]

        /// - Parameter type: a constant of the code.
        public init(name: String, type: String, bytes: [UInt8]) {
            self.name = String(name.unicodeScalars.map { ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0) ? Character($0) : "_" })
            self.type = type
            self.bytes = bytes
        }
    }

    public var subject: String
    /// Lines ended by a line feed.
    public var text: String
    /// A whole page.
    public var html: String
    public var attachments: [Attachment]
    public var at: Timestamp
    /// The same for every attempt to send it.
    var id = ""

    /// For text and attributes of a page.
    public static func escaped(_ text: String) -> String { AlertMessage.escape(text) }

    public init(subject: String, text: String, html: String, attachments: [Attachment], at: Timestamp) {
        self.subject = subject
        self.text = text
        self.html = html
        self.attachments = attachments
        self.at = at
    }
}
