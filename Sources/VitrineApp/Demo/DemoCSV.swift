/// Rows into CSV (RFC 4180), in the dialects shops export.
struct DemoCSV {
    enum Dialect {
        /// LF, no mark.
        case plain
        /// CRLF.
        case windows
        /// A byte order mark and columns in another order, as a spreadsheet saves them.
        case storeExport
    }

    private typealias Column = (name: String, value: @Sendable (DemoProduct) -> String)

    private let columns: [Column]
    private let lineEnd: String
    private let mark: String

    init(_ dialect: Dialect) {
        lineEnd = dialect == .windows ? "\r\n" : "\n"
        mark = dialect == .storeExport ? "\u{FEFF}" : ""
        columns = dialect == .storeExport ? Self.columns.prefix(1) + Self.columns.dropFirst().reversed() : Self.columns
    }

    func text(_ products: [DemoProduct]) -> String {
        var text = mark + columns.map(\.name).joined(separator: ",") + lineEnd
        for product in products {
            let fields = columns.map { Self.quoted($0.value(product)) }
            text += fields.dropLast(product.missingFields).joined(separator: ",") + lineEnd
        }
        return text
    }

    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static let columns: [Column] = [
        ("id", { $0.id }), ("title", { $0.title }), ("description", { $0.description }), ("link", { $0.link }), ("image_link", { $0.imageLink }),
        ("availability", { $0.availability }), ("price", { $0.price }), ("sale_price", { $0.salePrice }), ("brand", { $0.brand }),
        ("condition", { $0.condition }), ("product_type", { $0.productType }), ("color", { $0.color }),
    ]
}
