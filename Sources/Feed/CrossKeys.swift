/// What rows of different products are compared by.
enum CrossKey: Int, CaseIterable, Sendable {
    /// The id without case, blanks and leading zeros (I09).
    case id
    /// As it is sent (T10).
    case title
    case link
    case picture
    /// `item_group_id`.
    case group
    /// Which variant attributes are filled, and 28 bits each of brand and category (R02, R03).
    case traits
}

/// Which keys are kept of each row of a file, and where: only those a rule asks for.
struct CrossKeyLayout: Sendable, Equatable {
    /// By `CrossKey.rawValue`; -1 for a key that is not kept.
    let places: [Int]
    /// Keys of a row, 8 bytes each.
    let stride: Int

    static let none = CrossKeyLayout(kept: [])

    init(options: FeedOptions, header: Header) {
        func isOn(_ rules: RuleID...) -> Bool { rules.contains { options.severity(of: $0) != .off } }
        var kept: [CrossKey] = []
        if isOn(.i09) { kept.append(.id) }
        if isOn(.t10) { kept.append(.title) }
        if isOn(.l08) { kept.append(.link) }
        if isOn(.m06) { kept.append(.picture) }
        if header.positions[.itemGroupID] != nil {
            if isOn(.t10, .l08, .r02, .r03) { kept.append(.group) }
            if isOn(.r02, .r03) { kept.append(.traits) }
        }
        self.init(kept: kept)
    }

    private init(kept: [CrossKey]) {
        places = CrossKey.allCases.map { kept.firstIndex(of: $0) ?? -1 }
        stride = kept.count
    }

    func place(_ key: CrossKey) -> Int? { places[key.rawValue] >= 0 ? places[key.rawValue] : nil }
}

/// The variant attributes of R02, in the order of their bits in the key `traits`.
enum VariantTraits {
    static let columns: [Column] = [.color, .size, .material, .pattern, .ageGroup, .gender]
    static let attributeBits = 8
    static let textBits = 28

    static func attributes(_ traits: UInt64) -> UInt64 { traits & (1 << UInt64(attributeBits) - 1) }
    static func brand(_ traits: UInt64) -> UInt64 { traits >> UInt64(attributeBits) & (1 << UInt64(textBits) - 1) }
    static func category(_ traits: UInt64) -> UInt64 { traits >> UInt64(attributeBits + textBits) }

    static func names(_ traits: UInt64) -> String {
        let names = columns.indices.filter { traits >> UInt64($0) & 1 == 1 }.map { columns[$0].rawValue }
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
