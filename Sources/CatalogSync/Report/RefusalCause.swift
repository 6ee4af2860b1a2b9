/// What Meta's words about an item come down to, for what a person can do. Meta sends no code with them, so this looks at the words; they are
/// English, since every call asks for `locale=en_US`.
public enum RefusalCause: String, Sendable, CaseIterable {
    case policy, duplicate, picture, price, availability, condition, identifier, brand, category, description, title, link, missing, unnamed, other

    /// - Parameter message: what Meta said of one item.
    public init(of message: String) {
        let words = message.unicodeScalars.prefix(Self.looked).split { !$0.properties.isAlphabetic }.map { String($0).lowercased() }
        self = Self.allCases.first { cause in cause.signs.contains { sign in words.contains { $0.hasPrefix(sign) } } } ?? .other
    }

    /// Scalars; Meta quotes whole descriptions.
    private static let looked = 200

    /// Beginnings of words. The first cause with one of them is it, so what is narrow stands before what is wide.
    private var signs: [String] {
        switch self {
        case .policy: ["polic", "prohibit", "violat"]
        case .duplicate: ["duplicate"]
        case .picture: ["image", "picture", "photo"]
        case .price: ["price", "currenc", "amount"]
        case .availability: ["availab", "inventory"]
        case .condition: ["condition"]
        case .identifier: ["gtin", "mpn", "barcode", "identifier"]
        case .brand: ["brand"]
        case .category: ["categor"]
        case .description: ["description"]
        case .title: ["title", "capital"]
        case .link: ["link", "url", "domain", "website"]
        case .missing: ["missing", "required", "empty"]
        case .unnamed: ["reason"]
        case .other: []
        }
    }

    /// Our names of the columns to look at.
    public var columns: Set<String> {
        switch self {
        case .policy: ["title", "description"]
        case .duplicate: ["id"]
        case .picture: ["image_link"]
        case .price: ["price"]
        case .availability: ["availability"]
        case .condition: ["condition"]
        case .identifier: ["gtin", "mpn"]
        case .brand: ["brand"]
        case .category: ["product_type", "google_product_category"]
        case .description: ["description"]
        case .title: ["title"]
        case .link: ["link"]
        case .missing, .unnamed, .other: []
        }
    }

    /// In the imperative, for who looks after the shop's data.
    public var remedy: String {
        switch self {
        case .policy: "Take out of title, description and picture what Meta's Commerce Policies forbid, or leave the product out. If Meta is wrong, ask for a review in Commerce Manager."
        case .duplicate: "Give each product an id of its own, in one spelling."
        case .picture: "Open the picture's address without a log-in: it must be a JPEG or PNG of at least 500 × 500 pixels and at most 8 MB. A changed picture needs a new address."
        case .price: "Correct the price: an amount above zero and the catalogue's currency, such as 9.99 USD."
        case .availability: "Write the availability as in stock, out of stock, preorder, available for order or discontinued."
        case .condition: "Write the condition as new, refurbished or used."
        case .identifier: "Correct the barcode (GTIN) or the maker's number (MPN), or leave it empty."
        case .brand: "Fill in the maker's or the shop's brand."
        case .category: "Use a path or number of Google's or Meta's taxonomy, or leave the category empty."
        case .description: "Write a plain description: not all capitals, no HTML, no links."
        case .title: "Write the title in sentence case, as the product's own name."
        case .link: "Open the product's address: it must work, and lie on a domain that the business has verified at Meta."
        case .missing: "Fill in the field that Meta names."
        case .unnamed: "Meta gave no reason. Look the product up in Commerce Manager, under Issues."
        case .other: "Read Meta's words below and mend that field in the shop's data."
        }
    }
}
