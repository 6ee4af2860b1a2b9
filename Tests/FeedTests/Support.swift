@testable import Feed

/// The ten required columns, in the order of the landing zone.
let requiredHeader = "id,title,description,link,image_link,availability,price,brand,condition,product_type"

/// A row without any finding, by column.
let goodRow: [String: String] = [
    "id": "sku-1", "title": "Walnut desk lamp", "description": "Dimmable lamp for quiet evenings.", "link": "https://shop.krd/p/1",
    "image_link": "https://cdn.shop.krd/1.jpg", "availability": "in stock", "price": "49.90 USD", "brand": "Northlight", "condition": "new",
    "product_type": "Home > Lamps",
]

/// A file of one row: the good one with changes; columns that are not required are added at the end.
func file(_ changes: [String: String], rows: Int = 1) -> String {
    let extra = changes.keys.filter { !requiredHeader.split(separator: ",").map(String.init).contains($0) }.sorted()
    let columns = requiredHeader.split(separator: ",").map(String.init) + extra
    let line = columns.map { quoted(changes[$0] ?? goodRow[$0] ?? "") }.joined(separator: ",")
    return columns.joined(separator: ",") + "\n" + String(repeating: line + "\n", count: rows)
}

func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { ",\"\n\r;".utf8.contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
}

func scan(_ text: String, options: FeedOptions = FeedOptions(), workers: Int = 1) async throws -> FileScan {
    try await scan(Array(text.utf8), options: options, workers: workers)
}

func scan(_ bytes: [UInt8], options: FeedOptions = FeedOptions(), workers: Int = 1) async throws -> FileScan {
    try await FeedScanner(options: options).scan(MemoryByteSource(bytes), name: "feed.csv", workers: workers)
}

/// Everything about the first row of a text.
func firstRow(_ text: String, options: FeedOptions = FeedOptions()) async throws -> (RowDetail, item: String) {
    let scanned = try await scan(text, options: options)
    var reader = RowReader(scan: scanned, source: MemoryByteSource(text), options: options)
    let detail = try reader.detail(0)
    var json: [UInt8] = []
    if !detail.isRejected { _ = try reader.encode(0, into: &json) }
    return (detail, String(decoding: json, as: UTF8.self))
}

/// Seeded and stable across releases (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
