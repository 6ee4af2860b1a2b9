/// A column by our name. The raw value is the header name looked for unless the settings name another.
public enum Column: String, CaseIterable, Sendable {
    case id, title, description, availability, condition, price, link
    case imageLink = "image_link"
    case brand
    case productType = "product_type"
    case salePrice = "sale_price"
    case salePriceEffectiveDate = "sale_price_effective_date"
    case itemGroupID = "item_group_id"
    case gtin, mpn, color, size, material, pattern
    case ageGroup = "age_group"
    case gender
    case additionalImageLink = "additional_image_link"
    case quantity = "quantity_to_sell_on_facebook"
    case googleProductCategory = "google_product_category"
    case customLabel0 = "custom_label_0"
    case customLabel1 = "custom_label_1"
    case customLabel2 = "custom_label_2"
    case customLabel3 = "custom_label_3"
    case customLabel4 = "custom_label_4"
    case currency
    case availabilityDate = "availability_date"
    case identifierExists = "identifier_exists"
    case status
    case richTextDescription = "rich_text_description"
    case fbProductCategory = "fb_product_category"
    case shipping
    case shippingWeight = "shipping_weight"
    case additionalVariantAttribute = "additional_variant_attribute"
    case originCountry = "origin_country"
    case internalLabel = "internal_label"
    case customNumber0 = "custom_number_0"
    case customNumber1 = "custom_number_1"
    case customNumber2 = "custom_number_2"
    case customNumber3 = "custom_number_3"
    case customNumber4 = "custom_number_4"
    case mobileLink = "mobile_link"
    case vendorID = "vendor_id"
    case expirationDate = "expiration_date"
    case importerName = "importer_name"
    case visibility

    /// The ten a file must have (rule F03); `brand` and `condition` may be filled by a default instead.
    public static let required: [Column] = [
        .id, .title, .description, .link, .imageLink, .availability, .price, .brand, .condition, .productType,
    ]

    /// Read by rules, never sent.
    var isHelper: Bool { self == .currency || self == .availabilityDate || self == .identifierExists }
}
