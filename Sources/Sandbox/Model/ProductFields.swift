/// The fields of a PRODUCT_ITEM: shape and greatest length. Source: items_batch reference; where it and the feed page differ, see `ItemVerdict`.
enum ProductFields {
    enum Shape: Sendable {
        /// Text with at most so many Unicode scalars.
        case text(Int)
        case price
        case link
        case oneOf(Set<String>)
        /// A whole number in a range, as a JSON number.
        case whole(ClosedRange<Int>)
        case decimal
        case list
        case object
        /// Documented as an array of objects, the old text form still accepted.
        case listOrText
    }

    static let required = ["title", "description", "availability", "condition", "price", "link", "brand"]

    static func isKnown(_ name: String) -> Bool { shapes[name] != nil }

    /// 10,000 stands for "no length documented".
    static let shapes: [String: Shape] = {
        var shapes: [String: Shape] = [
            "title": .text(200), "description": .text(9999), "rich_text_description": .text(9999), "brand": .text(100),
            "price": .price, "sale_price": .price, "link": .link, "mobile_link": .link, "image_link": .link, "image": .list,
            // `preorder` is in Meta's SDK but not on its page; the shop-facing words of the SDK are taken, its bookkeeping ones are not.
            "availability": .oneOf(["in stock", "out of stock", "available for order", "discontinued", "preorder"]),
            "condition": .oneOf(["new", "refurbished", "used", "cpo", "open_box_new", "used_fair", "used_good", "used_like_new"]),
            "additional_image_link": .list, "sale_price_effective_date": .text(100), "item_group_id": .text(100),
            "quantity_to_sell_on_facebook": .whole(1...Int(Int32.max)), "inventory": .whole(0...Int(Int32.max)),
            "status": .oneOf(["active", "archived"]), "visibility": .oneOf(["published", "hidden", "staging"]),
            "google_product_category": .text(250), "fb_product_category": .text(250), "product_type": .text(750), "gtin": .text(70),
            "mpn": .text(100), "internal_label": .list, "age_group": .oneOf(["newborn", "infant", "toddler", "kids", "adult", "all ages", "teen"]),
            "gender": .oneOf(["female", "male", "unisex"]), "color": .text(100), "size": .text(200), "material": .text(200), "pattern": .text(100),
            "additional_variant_attribute": .text(10_000), "shipping": .listOrText, "shipping_weight": .text(100), "video": .list,
            "applink": .object, "vendor_id": .text(100), "ordering_index": .whole(0...Int(Int32.max)), "disabled_capabilities": .list,
            "expiration_date": .text(40), "rating_count": .whole(0...Int(Int32.max)), "user_rating": .decimal, "origin_country": .text(2),
            "importer_name": .text(1000), "importer_address": .object,
        ]
        for index in 0...4 {
            shapes["custom_label_\(index)"] = .text(100)
            shapes["custom_number_\(index)"] = .whole(0...Int(UInt32.max))
        }
        return shapes
    }()
}
