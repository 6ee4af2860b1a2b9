/// Makes products, no two with the same id or title.
struct DemoProducts {
    enum Source { case store, online, update }

    private var random: DemoRandom
    private var english: [(kind: DemoWords.Kind, make: String, color: String)] = []
    private var local: [(name: String, category: String, use: String, color: String, tongue: String)] = []
    private var made = 0

    init(random: inout DemoRandom) {
        self.random = DemoRandom(seed: random.next())
        for kind in DemoWords.english {
            for make in DemoWords.makes { english += DemoWords.colors.map { (kind, make, $0) } }
        }
        for kind in DemoWords.arabic { local += DemoWords.arabicColors.map { (kind.name, kind.category, kind.use, $0, "ar") } }
        for kind in DemoWords.kurdish { local += DemoWords.kurdishColors.map { (kind.name, kind.category, kind.use, $0, "ku") } }
        english.shuffle(using: &random)
        local.shuffle(using: &random)
    }

    mutating func take(_ count: Int, from source: Source) -> [DemoProduct] {
        (0..<count).map { _ in source == .store ? storeProduct() : onlineProduct(isUpdate: source == .update) }
    }

    /// The same product a day later: another price, perhaps sold out.
    mutating func newer(_ product: DemoProduct) -> DemoProduct {
        var newer = product
        newer.price = price(dollars: Int.random(in: 10...190, using: &random), currency: "EUR")
        newer.salePrice = ""
        newer.availability = Bool.random(using: &random) ? "in stock" : "out of stock"
        return newer
    }

    private mutating func onlineProduct(isUpdate: Bool) -> DemoProduct {
        precondition(!english.isEmpty, "the English vocabulary makes fewer products than are asked for")
        let (kind, make, color) = english.removeLast()
        made += 1
        let id = "NL-\(10_000 + made)"
        let dollars = kind.dollars + Int.random(in: 0...(kind.dollars / 2), using: &random)
        let currency = isUpdate ? "EUR" : "USD"
        var product = DemoProduct(
            id: id, title: "\(make) \(kind.name), \(color)", description: "\(kind.use). \(make) finish in \(color.lowercased()), made to last.",
            link: "https://shop.example/p/\(id.lowercased())", imageLink: "https://cdn.shop.example/p/\(id.lowercased()).jpg", availability: availability(),
            price: price(dollars: dollars, currency: currency), brand: DemoWords.brands.randomElement(using: &random) ?? "Northlight",
            productType: kind.category, color: color)
        if Int.random(in: 0..<6, using: &random) == 0 { product.salePrice = price(dollars: max(1, dollars * 3 / 4), currency: currency) }
        if Int.random(in: 0..<20, using: &random) == 0 { product.condition = "refurbished" }
        if isUpdate { product.description += "\nCare: wipe with a dry cloth.\nBox: one \(kind.name.lowercased()), one \"thank you\" card." }
        return product
    }

    private mutating func storeProduct() -> DemoProduct {
        precondition(!local.isEmpty, "the Arabic and Kurdish vocabulary makes fewer products than are asked for")
        let (name, category, use, color, tongue) = local.removeLast()
        made += 1
        let id = "BGD-\(tongue.uppercased())-\(1_000 + made)"
        return DemoProduct(
            id: id, title: tongue == "ar" ? "\(name)، لون \(color)" : "\(name)، ڕەنگی \(color)", description: use,
            link: "https://baghdad.shop.example/\(tongue)/p/\(id.lowercased())", imageLink: "https://cdn.shop.example/bgd/\(id.lowercased()).jpg",
            availability: availability(), price: "\(Int.random(in: 20...640, using: &random) * 250) IQD",
            brand: DemoWords.brands.randomElement(using: &random) ?? "Karadagh Home", productType: category, color: color)
    }

    /// Mostly there, sometimes written as other shop systems do.
    private mutating func availability() -> String {
        switch Int.random(in: 0..<20, using: &random) {
        case 0...1: "out of stock"
        case 2: "in_stock"
        default: "in stock"
        }
    }

    private mutating func price(dollars: Int, currency: String) -> String {
        "\(dollars).\(["00", "50", "90", "95", "99"].randomElement(using: &random) ?? "00") \(currency)"
    }
}
