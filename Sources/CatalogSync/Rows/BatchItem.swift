import Engine
import Events

/// One item of a batch, with the row it came from. The line of `batches/00001.items.ndjson.gz`.
struct BatchItem: Sendable, Equatable {
    var id: String
    var file: String
    /// Physical line of the row's first character.
    var row: Int
    var fileTime: Timestamp
    var version: String?
    /// Of the encoded item.
    var content: Fingerprint
    /// What the ledger is to remember of it: likeness of title and link, price, availability.
    var traits: Traits?
    /// Where its request stands in `batches/00001.json.gz`, in bytes.
    var offset: Int
    var length: Int
}

extension BatchItem: KeptLine {
    func write(to line: inout KeptLineWriter) {
        line.field("content", content)
        line.field("file", file)
        line.field("file_time", fileTime)
        line.field("length", length)
        line.field("offset", offset)
        line.field("product_id", id)
        line.field("row", row)
        line.field("traits", line: traits)
        line.field("version", version)
    }

    init(from line: inout KeptLineReader) throws {
        content = try line.fingerprint("content")
        file = try line.text("file")
        fileTime = try line.time("file_time")
        length = try line.index("length")
        offset = try line.index("offset")
        id = try line.text("product_id")
        row = try line.index("row")
        traits = try line.lineIfAny("traits")
        version = try line.textIfAny("version")
    }
}
