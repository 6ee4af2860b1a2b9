import Engine
import Events

/// One item of a batch, with the row it came from. The line of `batches/00001.items.ndjson.gz`.
struct BatchItem: Sendable, Codable, Equatable {
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

    enum CodingKeys: String, CodingKey {
        case id = "product_id"
        case file, row
        case fileTime = "file_time"
        case version, content, traits, offset, length
    }
}
