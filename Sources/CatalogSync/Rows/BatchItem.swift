import Events

/// One item of a batch, with the row it came from. The line of `batches/00001.items.ndjson.gz`.
struct BatchItem: Sendable, Codable, Equatable {
    var id: String
    var file: String
    /// Physical line of the row's first character.
    var row: Int
    var fileTime: Timestamp
    var version: String?
    /// Fingerprint of the encoded item, hexadecimal.
    var content: String
    /// Where its request stands in `batches/00001.json.gz`, in bytes.
    var offset: Int
    var length: Int

    enum CodingKeys: String, CodingKey {
        case id = "product_id"
        case file, row
        case fileTime = "file_time"
        case version, content, offset, length
    }
}
