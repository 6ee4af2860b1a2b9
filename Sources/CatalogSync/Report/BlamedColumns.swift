/// Which columns Meta's words about an item point at, to mark them in the row that is quoted. Meta sends no field and no code with them, so this
/// looks at the words; they are English, since every call asks for `locale=en_US`.
enum BlamedColumns {
    /// Our names of columns; empty where the words point at none.
    static func of(_ message: String) -> Set<String> {
        let words = message.unicodeScalars.prefix(looked).split { !$0.properties.isAlphabetic }.map { String($0).lowercased() }
        return signs.first { entry in words.contains { $0.hasPrefix(entry.sign) } }?.columns ?? []
    }

    /// Scalars; Meta quotes whole descriptions.
    private static let looked = 200

    /// Beginnings of words. The first that is met counts, so what is narrow stands before what is wide.
    private static let signs: [(sign: String, columns: Set<String>)] = [
        ("polic", ["title", "description"]), ("duplicate", ["id"]), ("image", ["image_link"]), ("picture", ["image_link"]), ("sale", ["sale_price"]),
        ("price", ["price"]), ("currenc", ["price"]), ("availab", ["availability"]), ("condition", ["condition"]), ("gtin", ["gtin"]),
        ("mpn", ["mpn"]), ("brand", ["brand"]), ("categor", ["product_type", "google_product_category"]), ("description", ["description"]),
        ("title", ["title"]), ("link", ["link"]), ("url", ["link"]), ("domain", ["link"]),
    ]
}
