internal import CFeedKernels

extension RowEngine {
    /// Writes the row's keys. Each is 64 bits of a fingerprint; 0 says that there is nothing to compare.
    @inline(__always)
    mutating func noteKeys() {
        if keyPlaces[CrossKey.id.rawValue] >= 0 { keep(.id, foldedID()) }
        if keyPlaces[CrossKey.title.rawValue] >= 0 { keep(.title, title) }
        if keyPlaces[CrossKey.link.rawValue] >= 0 { keep(.link, link) }
        if keyPlaces[CrossKey.picture.rawValue] >= 0 { keep(.picture, picture) }
        if keyPlaces[CrossKey.group.rawValue] >= 0 { keep(.group, value(.itemGroupID)) }
        if keyPlaces[CrossKey.traits.rawValue] >= 0 { keys[Int(keyPlaces[CrossKey.traits.rawValue])] = traits() }
    }

    @inline(__always)
    private func keep(_ key: CrossKey, _ text: Text) {
        keys[Int(keyPlaces[key.rawValue])] = text.isEmpty ? 0 : max(1, vf_fingerprint(text.base, text.count, 2) & idMask)
    }

    /// In lower case, without blanks and leading zeros.
    @inline(__always)
    private mutating func foldedID() -> Text {
        let start = arena
        var index = 0
        while index + 1 < id.count, id[index] == 0x30 || id[index].isBlank { index += 1 }
        while index < id.count {
            arena.pointee = id[index].lowered
            if !id[index].isBlank { arena += 1 }
            index += 1
        }
        return endText(start)
    }

    @inline(never)
    private mutating func traits() -> UInt64 {
        var bits: UInt64 = 0
        for (bit, column) in VariantTraits.columns.enumerated() where has(column) && !value(column).isEmpty { bits |= 1 << UInt64(bit) }
        return bits | part(value(.brand)) << UInt64(VariantTraits.attributeBits)
            | part(value(.productType)) << UInt64(VariantTraits.attributeBits + VariantTraits.textBits)
    }

    private func part(_ text: Text) -> UInt64 { vf_fingerprint(text.base, text.count, 3) >> UInt64(64 - VariantTraits.textBits) }

    /// The texts behind the keys, to tell a real meeting from one of fingerprints, and to show it.
    mutating func comparedText(_ key: CrossKey) -> String {
        switch key {
        case .id: foldedID().string
        case .title: title.string
        case .link: link.string
        case .picture: picture.string
        case .group, .traits: value(.itemGroupID).string
        }
    }
}
