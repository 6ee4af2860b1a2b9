extension PipelineSettings {
    /// A text that is equal for two settings exactly when a row is judged and mapped alike under both. A product that was refused under
    /// another fingerprint is worth another try. What judges whole runs (`strict`, shares) or only tells (ids that share a link) is no part of it.
    public var mappingFingerprint: String {
        var lines = ["mapping/1"]
        lines += columns.sorted(by: { $0.key < $1.key }).map { "column \(Self.word($0.key)) \(Self.word($0.value))" }
        for (name, value) in [("brand", defaults.brand), ("currency", defaults.currency), ("condition", defaults.condition)] {
            if let value { lines.append("default \(name) \(Self.word(value))") }
        }
        if let versionColumn { lines.append("version_column \(Self.word(versionColumn))") }
        lines += categoryLines
        lines.append("number_format \(numberFormat.rawValue)")
        if delimiter != .comma { lines.append("delimiter \(delimiter.rawValue)") }
        for (name, table) in [("availability", translate.availability), ("condition", translate.condition)] {
            lines += table.sorted(by: { $0.key < $1.key }).map { "translate \(name) \(Self.word($0.key)) \(Self.word($0.value))" }
        }
        if let currency = catalog.currency { lines.append("currency \(currency)") }
        lines += validation.rules.sorted(by: { $0.key < $1.key }).map { "rule \(Self.word($0.key)) \(Self.word($0.value))" }
        if let limit = validation.priceLimit { lines.append("price_limit \(limit)") }
        lines += Set(validation.allowedHosts).sorted().map { "allowed_host \(Self.word($0))" }
        lines.append("max_file \(validation.maxFile) max_field \(validation.maxField)")
        lines += Set(validation.freeDecimals).sorted().map { "free_decimals \(Self.word($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private var categoryLines: [String] {
        switch category {
        case .asIs: ["category as_is"]
        case .auto: ["category auto"]
        case .table(let table): table.sorted(by: { $0.key < $1.key }).map { "category \(Self.word($0.key)) \(Self.word($0.value))" }
        }
    }

    /// With its length in front, so that no two lists of words make the same text.
    private static func word(_ text: String) -> String { "\(text.utf8.count):\(text)" }
}
