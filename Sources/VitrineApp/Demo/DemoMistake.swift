/// A mistake a shop makes, one a row. All but `capitalTitle` and `placeholderBrand` cost the row its place in the batch.
public enum DemoMistake: String, Sendable, CaseIterable {
    case missingBrand, priceWithoutCurrency, unknownAvailability, emptyTitle, brokenLink, capitalDescription, tooFewFields, zeroPrice, missingImage
    case capitalTitle, placeholderBrand

    /// Whether Vitrine rejects the row with its rules as they ship.
    public var isRejected: Bool { self != .capitalTitle && self != .placeholderBrand }

    /// Rows with it in all three files.
    public var count: Int {
        switch self {
        case .missingBrand, .priceWithoutCurrency, .capitalDescription: 4
        case .unknownAvailability, .emptyTitle, .brokenLink: 3
        case .tooFewFields, .capitalTitle, .placeholderBrand: 2
        case .zeroPrice, .missingImage: 1
        }
    }

    /// The row with the mistake in it.
    /// - Parameter nth: 0-based, so that no two rows are wrong in the same words.
    func applied(to product: DemoProduct, nth: Int) -> DemoProduct {
        var product = product
        switch self {
        case .missingBrand: product.brand = ""
        case .priceWithoutCurrency: product.price = ["12,50", "8,99", "1.299,00", "45,5"][nth % 4]
        case .unknownAvailability: product.availability = ["soon", "ask in the shop", "2 weeks"][nth % 3]
        case .emptyTitle: product.title = nth == 1 ? "   " : ""
        case .brokenLink: product.link = ["htp:/shop.example/p/\(product.id)", "shop.example/p/\(product.id)", "https://shop.example/p/desk lamp"][nth % 3]
        case .capitalDescription: product.description = "HURRY WHILE STOCKS LAST, BEST QUALITY IN TOWN, ORDER BEFORE FRIDAY."
        case .tooFewFields: product.missingFields = 3
        case .zeroPrice: product.price = "0.00 USD"
        case .missingImage: product.imageLink = ""
        case .capitalTitle: product.title = product.title.uppercased()
        case .placeholderBrand: product.brand = "n/a"
        }
        return product
    }
}

/// Puts the mistakes into rows, each at most one, spread over a file.
struct MistakePlacer {
    enum Share {
        /// Every third of each kind, from the first.
        case inStore
        case online
        case inUpdate

        fileprivate func takes(_ mistake: DemoMistake, _ nth: Int) -> Bool {
            switch self {
            // A script without case cannot shout, and an IQD price is whole: those mistakes stay in the English files.
            case .inStore: nth % 3 == 0 && ![.capitalTitle, .priceWithoutCurrency, .zeroPrice].contains(mistake)
            case .online: nth % 3 == 1 || (nth % 3 == 0 && [.capitalTitle, .priceWithoutCurrency, .zeroPrice].contains(mistake))
            case .inUpdate: nth % 3 == 2
            }
        }
    }

    /// Ids that must stay right: the two versions of a product.
    let spared: Set<String>

    func rows(_ products: [DemoProduct], _ share: Share, _ random: inout DemoRandom) -> [DemoProduct] {
        var products = products
        var free = products.indices.filter { !spared.contains(products[$0].id) && !products[$0].isMarked }
        free.shuffle(using: &random)
        for mistake in DemoMistake.allCases {
            for nth in 0..<mistake.count where share.takes(mistake, nth) {
                guard let index = free.popLast() else { return products }
                products[index] = mistake.applied(to: products[index], nth: nth)
            }
        }
        return products
    }
}
