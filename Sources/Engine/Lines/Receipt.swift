public import Events

/// The whole life of one row or item of a run, as it is kept in `receipts.ndjson.gz` and as the ledger takes it.
public struct Receipt: Sendable, Equatable {
    public enum End: String, Sendable, Codable, CaseIterable {
        case rejected, superseded, unchanged, held, pending, accepted, refused, unknown
    }

    /// What the row is about: the product id as it was sent. Empty where the row has none.
    public var subject: String
    public var end: End
    public var warned: Bool
    public var file: String
    /// Physical line of the row's first character, 1-based.
    public var row: Int
    /// When the file was written, the tie-breaker between rows of different runs.
    public var fileTime: Timestamp
    public var version: String?
    /// Of the item as it was encoded.
    public var content: Fingerprint?
    /// Of a sent item.
    public var traits: Traits?
    public var parcel: String?
    public var handle: String?
    /// Messages of the far side for a sent item; for a rejected row what our rules said.
    public var messages: [String]
    /// Our rules' ids for a rejected row.
    public var rules: [String]
    /// What ends that need the same remedy have in common: a rule's id, or the family of what the far side said. Nil where nothing is wrong.
    public var cause: String?
    /// For a superseded row: the newer one, as `file:row`.
    public var newer: String?
    public var at: Timestamp

    public init(
        subject: String, end: End, warned: Bool = false, file: String, row: Int, fileTime: Timestamp, version: String? = nil,
        content: Fingerprint? = nil, traits: Traits? = nil, parcel: String? = nil, handle: String? = nil, messages: [String] = [], rules: [String] = [],
        cause: String? = nil, newer: String? = nil, at: Timestamp
    ) {
        self.subject = subject
        self.end = end
        self.warned = warned
        self.file = file
        self.row = row
        self.fileTime = fileTime
        self.version = version
        self.content = content
        self.traits = traits
        self.parcel = parcel
        self.handle = handle
        self.messages = messages
        self.rules = rules
        self.cause = cause
        self.newer = newer
        self.at = at
    }
}

extension Receipt: KeptLine {
    public func write(to line: inout KeptLineWriter) {
        line.field("at", at)
        line.field("batch", parcel)
        line.field("cause", cause)
        line.field("content", content)
        line.field("end", end.rawValue)
        line.field("file", file)
        line.field("file_time", fileTime)
        line.field("handle", handle)
        line.field("messages", messages)
        line.field("newer", newer)
        line.field("product_id", subject)
        line.field("row", row)
        line.field("rules", rules)
        line.field("traits", line: traits)
        line.field("version", version)
        line.field("warned", warned)
    }

    public init(from line: inout KeptLineReader) throws {
        at = try line.time("at")
        parcel = try line.textIfAny("batch")
        cause = try line.textIfAny("cause")
        content = try line.fingerprintIfAny("content")
        end = try line.word("end")
        file = try line.text("file")
        fileTime = try line.time("file_time")
        handle = try line.textIfAny("handle")
        messages = try line.texts("messages")
        newer = try line.textIfAny("newer")
        subject = try line.text("product_id")
        row = try line.index("row")
        rules = try line.texts("rules")
        traits = try line.lineIfAny("traits")
        version = try line.textIfAny("version")
        warned = try line.flag("warned")
    }
}
