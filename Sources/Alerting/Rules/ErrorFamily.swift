/// Messages that say the same of different items.
public struct ErrorFamily: Sendable, Equatable, Codable {
    /// One item of the family.
    public struct Example: Sendable, Equatable, Codable {
        public var file: String
        /// Physical line, the header is 1.
        public var row: Int
        /// The id of what was sent.
        public var subject: String
        public var message: String
        public var batch: String?
        public var handle: String?

        /// Scalars of each text: it is kept with the incident, and no message shows more.
        static let longestText = 400

        public init(file: String, row: Int, subject: String, message: String, batch: String? = nil, handle: String? = nil) {
            self.file = Self.cut(file)
            self.row = row
            self.subject = Self.cut(subject)
            self.message = Self.cut(message)
            self.batch = batch.map(Self.cut)
            self.handle = handle.map(Self.cut)
        }

        private static func cut(_ text: String) -> String { String(text.unicodeScalars.prefix(longestText)) }
    }

    /// What is the same: see `key(of:)`.
    public var key: String
    public var count: Int
    public var examples: [Example]
    /// The figures it is a part of, such as `rows_rejected`; empty: of any.
    public var figures: [String]

    /// Shown of one family.
    public static let exampleLimit = 5

    public init(key: String, count: Int, examples: [Example] = [], figures: [String] = []) {
        self.key = key
        self.count = count
        self.examples = Array(examples.prefix(Self.exampleLimit))
        self.figures = figures
    }

    func belongs(to figure: String) -> Bool { figures.isEmpty || figures.contains(figure) }
}

extension ErrorFamily {
    /// Scalars of a key; what is behind them does not tell two messages apart.
    static let longestKey = 160

    /// A message without what differs from item to item: numbers become `#`, quoted values `…`, runs of white space one blank, and what no
    /// line may hold is gone.
    public static func key(of message: String) -> String {
        var key = String.UnicodeScalarView()
        var closing: Unicode.Scalar?
        var wasDigit = false, wasSpace = true
        for scalar in message.unicodeScalars.prefix(longestKey * 8) where key.count < longestKey {
            if let end = closing {
                if scalar == end { closing = nil }
                continue
            }
            if let end = closingQuote(of: scalar), !isLetter(key.last) || scalar != "'" {
                closing = end
                key.append("…")
                (wasDigit, wasSpace) = (false, false)
                continue
            }
            let isDigit = scalar.properties.numericType == .decimal
            let isSpace = scalar.properties.isWhitespace || PlainText.isControl(scalar)
            if isSpace {
                if !wasSpace { key.append(" ") }
            } else if isDigit {
                if !wasDigit { key.append("#") }
            } else {
                key.append(scalar)
            }
            (wasDigit, wasSpace) = (isDigit, isSpace)
        }
        if key.last == " " { key.removeLast() }
        return key.isEmpty ? "no message" : String(key)
    }

    private static func isLetter(_ scalar: Unicode.Scalar?) -> Bool { scalar?.properties.isAlphabetic ?? false }

    private static func closingQuote(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "\"": "\""
        case "'": "'"
        case "`": "`"
        case "“": "”"
        case "«": "»"
        default: nil
        }
    }
}
