/// What Meta makes of one record when it is ingested: errors block it as a whole, warnings do not.
struct ItemVerdict {
    struct Remark: Sendable, Equatable {
        var message: String
        var isMissingField = false

        init(_ message: String, isMissingField: Bool = false) {
            self.message = message
            self.isMissingField = isMissingField
        }
    }

    /// Unicode scalars an id may have. Source: items_batch reference.
    static let idLimit = 100
    /// Above these Meta's pages disagree; the lower one warns, the higher one (in `ProductFields`) refuses.
    static let adviceLimits = ["title": 100, "description": 5000]

    private(set) var errors: [Remark] = []
    private(set) var warnings: [String] = []
    /// The item as it would be after the record: present fields replaced, empty ones cleared, absent ones left alone.
    private(set) var merged: [String: SandboxValue]

    init(_ record: BatchRecord, id: String, existing: SandboxItem?, allowsUpsert: Bool) {
        merged = existing?.fields ?? [:]
        if id.unicodeScalars.count > Self.idLimit { errors.append(Self.invalid("id", id, record.line, id, "it has more than \(Self.idLimit) characters")) }
        guard record.method != .delete else {
            if !record.fields.isEmpty { errors.append(Remark("Invalid request: DELETE takes nothing but the id (id=\(id))")) }
            return
        }
        if record.method == .update, existing == nil, !allowsUpsert {
            errors.append(Remark("Item not found: There is no item to update (id=\(id)) and allow_upsert is false"))
            return
        }
        if record.method == .create { merged = [:] }
        for (name, value) in record.fields.sorted(by: { $0.key < $1.key }) {
            guard let shape = ProductFields.shapes[name] else { continue }
            merged[name] = value.isEmpty ? nil : value
            if !value.isEmpty { check(name, value, shape, id: id, line: record.line) }
        }
        checkRequired(id: id)
        checkSale(id: id, line: record.line)
    }

    private mutating func checkRequired(id: String) {
        for name in ProductFields.required where merged[name] == nil { missing(name, id) }
        if merged["image_link"] == nil, merged["image"] == nil { missing("image_link", id) }
    }

    private mutating func missing(_ name: String, _ id: String) {
        errors.append(Remark("A required field is missing: \(name) (id=\(id))", isMissingField: true))
    }

    private mutating func checkSale(id: String, line: Int) {
        guard let sale = merged["sale_price"]?.text.flatMap(PriceText.init), let price = merged["price"]?.text.flatMap(PriceText.init) else { return }
        if sale.currency != price.currency || sale.millionths >= price.millionths {
            errors.append(Self.invalid("sale_price", merged["sale_price"]?.text ?? "", line, id, "it is not below the price in the same currency"))
        }
    }

    private mutating func check(_ name: String, _ value: SandboxValue, _ shape: ProductFields.Shape, id: String, line: Int) {
        if let reason = Self.shapeProblem(value, shape) { return errors.append(Self.invalid(name, value.text ?? value.json, line, id, reason)) }
        guard let text = value.text else { return }
        if let limit = Self.adviceLimits[name], text.unicodeScalars.count > limit { warn("is longer than the \(limit) characters we advise", name, id) }
        switch name {
        case "description" where Self.isAllCapitals(text):
            errors.append(Self.invalid(name, text, line, id, "all capital letters"))
        case "title" where Self.isAllCapitals(text): warn("is written in all capital letters", name, id)
        case "link", "image_link":
            if text.hasPrefix("http://") { warn("does not use https", name, id) }
            if name == "link", LinkText.isHomePage(text) { warn("leads to a home page and not to the product", name, id) }
        case "google_product_category" where !text.contains(" > ") && Int(text) == nil:
            warnings.append("Invalid google product category: \"\(text)\" is not part of the taxonomy (id=\(id))")
        default: break
        }
        if ["title", "description"].contains(name), text.contains("</") || text.contains("<br") { warn("contains HTML tags", name, id) }
    }

    private mutating func warn(_ what: String, _ name: String, _ id: String) {
        warnings.append("Quality of \(name): The \(name) of this item (id=\(id)) \(what)")
    }

    private static func invalid(_ name: String, _ value: String, _ line: Int, _ id: String, _ reason: String) -> Remark {
        Remark("Invalid value: Value passed at position \(line) (id=\(id)) is invalid: \"\(value.prefix(80))\" for \(name): \(reason)")
    }

    private static func shapeProblem(_ value: SandboxValue, _ shape: ProductFields.Shape) -> String? {
        switch (shape, value) {
        case (.text(let limit), .string(let text)):
            text.unicodeScalars.count > limit ? "it has more than \(limit) characters" : textProblem(text)
        case (.price, .string(let text)):
            PriceText(text).map { $0.millionths > 0 ? nil : "the amount is not above zero" } ?? "it is not an amount and a currency like \"9.99 USD\""
        case (.link, .string(let text)): LinkText.problem(text)
        case (.oneOf(let words), .string(let text)): words.contains(text) ? nil : "it is none of \(words.sorted().joined(separator: ", "))"
        case (.whole(let range), .number(let digits)):
            Int(digits).map(range.contains) == true ? nil : "it is not a whole number in \(range.lowerBound)...\(range.upperBound)"
        case (.decimal, .number), (.list, .array), (.object, .object), (.listOrText, .array), (.listOrText, .string): nil
        default: "it has the wrong type"
        }
    }

    private static func textProblem(_ text: String) -> String? {
        guard text.contains(where: { !$0.isWhitespace }) else { return "it holds nothing but spaces" }
        let hasControl = text.unicodeScalars.contains { $0 == "\u{FFFD}" || $0.properties.generalCategory == .control && !"\n\r\t".unicodeScalars.contains($0) }
        return hasControl ? "it holds a control or replacement character" : nil
    }

    /// At least five letters with case, none of them lower case. Arabic and Kurdish have no case and cannot shout.
    private static func isAllCapitals(_ text: String) -> Bool {
        var capitals = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.isLowercase { return false }
            if scalar.properties.isUppercase { capitals += 1 }
        }
        return capitals >= 5
    }
}
