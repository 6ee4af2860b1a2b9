/// What shops call our columns, in English, Arabic and Kurdish; the likelier first.
enum ColumnNames {
    static let all: [(Column, [String])] = [
        (.id, [
            "id", "sku", "product id", "item id", "retailer id", "variant sku", "product code", "item code", "article number", "code", "معرف", "المعرف",
            "معرف المنتج", "رقم المنتج", "رمز المنتج", "الرمز", "كود", "کۆد", "ناسنامە",
        ]),
        (.title, [
            "title", "name", "product name", "product title", "item name", "title ar", "name ar", "title ku", "name ku", "title en", "name en",
            "العنوان", "عنوان", "الاسم", "اسم المنتج", "ناو", "ناونیشان", "ناوی بەرهەم",
        ]),
        (.description, [
            "description", "desc", "product description", "long description", "body html", "body", "short description", "details", "description ar",
            "الوصف", "وصف", "وصف المنتج", "التفاصيل", "وەسف", "پێناسە",
        ]),
        (.link, ["link", "url", "product url", "product link", "permalink", "page url", "الرابط", "رابط", "رابط المنتج", "بەستەر", "لینک"]),
        (.imageLink, [
            "image link", "image", "image url", "image src", "main image", "picture", "photo", "thumbnail", "img", "images", "featured image", "الصورة",
            "صورة", "رابط الصورة", "صورة المنتج", "وێنە",
        ]),
        (.availability, [
            "availability", "stock status", "in stock", "is in stock", "available", "التوفر", "حالة التوفر", "متوفر", "بەردەستی", "بەردەست",
        ]),
        (.price, ["price", "regular price", "unit price", "list price", "amount", "variant price", "السعر", "سعر", "سعر المنتج", "نرخ"]),
        (.salePrice, [
            "sale price", "discount price", "special price", "offer price", "discounted price", "سعر العرض", "سعر التخفيض", "السعر بعد الخصم", "نرخی داشکاندن",
        ]),
        (.brand, ["brand", "brand name", "vendor", "manufacturer", "make", "الماركة", "ماركة", "العلامة التجارية", "براند", "مارکە"]),
        (.condition, ["condition", "item condition", "الحالة", "حالة المنتج", "دۆخ"]),
        (.productType, [
            "product type", "category", "categories", "category name", "product category", "type", "department", "النوع", "الفئة", "التصنيف", "القسم",
            "پۆل", "جۆر", "هاوپۆل",
        ]),
        (.itemGroupID, ["item group id", "group id", "parent id", "parent sku"]),
        (.gtin, ["gtin", "ean", "upc", "barcode", "isbn", "variant barcode", "الباركود", "باركود", "بارکۆد"]),
        (.mpn, ["mpn", "part number", "manufacturer part number"]),
        (.color, ["color", "colour", "اللون", "لون", "ڕەنگ"]),
        (.size, ["size", "المقاس", "مقاس", "قەبارە"]),
        (.material, ["material", "المادة", "الخامة"]),
        (.additionalImageLink, ["additional image link", "additional images", "gallery", "gallery images", "more images"]),
        (.quantity, [
            "quantity to sell on facebook", "quantity", "qty", "stock quantity", "stock qty", "stock", "inventory", "inventory quantity",
            "variant inventory qty", "الكمية", "المخزون", "بڕ", "کۆگا",
        ]),
        (.currency, ["currency", "currency code", "العملة", "عملة", "دراو"]),
        (.googleProductCategory, ["google product category", "google category"]),
    ]

    /// Columns that say when a row was written.
    static let versions = ["updated at", "modified at", "last modified", "last updated", "date modified", "updated", "modified"]

    /// Without case, blanks, underscores, hyphens and dots.
    static func folded(_ name: String) -> String {
        name.composed.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" && $0 != "." }
    }

    /// A currency written into the name: `price_iqd`, `السعر (د.ع)`; and the name without it.
    static func parted(_ name: String) -> (name: String, currency: String?) {
        for (sign, code) in [("د.ع.", "IQD"), ("د.ع", "IQD"), ("دينار", "IQD"), ("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("₺", "TRY")] where name.contains(sign) {
            return (name.replacing(sign, with: "").filter { !"()[]".contains($0) }, code)
        }
        let words = name.split { !$0.isLetter }
        guard words.count > 1, let last = words.last, let currency = Currency(String(last)), currency.isKnown else { return (name, nil) }
        return (words.dropLast().joined(separator: " "), currency.code)
    }
}
