internal import CFeedKernels

/// What is worth remembering of an item that is sent, to hold the next one against it (rules I10 and P13, and guards over a whole run).
public struct ItemTraits: Sendable, Equatable {
    /// Equal for two products with the same title and link. Nil for a row of a group: its variants share both by right.
    public let likeness: UInt64?
    /// The price in minor units of its currency, by ISO 4217; what lies beyond them is cut off. Nil where it is not read.
    public let amount: Int64?
    /// ISO 4217.
    public let currency: String?
    /// In Meta's words.
    public let availability: String?

    /// An amount of minor units as people write it, without zeros behind the point: `25000 IQD`.
    public static func text(amount: Int64, currency: String) -> String {
        var scale: Int64 = 1
        for _ in 0..<(Currency(currency)?.decimals ?? 2) { scale *= 10 }
        var fraction = Substring(String(amount % scale + scale).dropFirst())
        while fraction.last == "0" { fraction.removeLast() }
        return "\(amount / scale)\(fraction.isEmpty ? "" : ".\(fraction)") \(currency)"
    }
}

extension RowEngine {
    /// Of the row just judged, from the item that it made: so the row path has no work with it.
    mutating func traits(of item: UnsafeBufferPointer<UInt8>) -> ItemTraits {
        let price = Self.value(of: ",\"price\":\"", in: item)
        let parts = price?.split(separator: 0x20) ?? []
        let currency = parts.count == 2 ? Currency(String(decoding: parts[1], as: UTF8.self)) : nil
        return ItemTraits(
            likeness: likeness(), amount: currency.flatMap { Self.minorUnits(parts[0], $0) }, currency: currency?.code,
            availability: Self.value(of: ",\"availability\":\"", in: item).map { String(decoding: $0, as: UTF8.self) })
    }

    private mutating func likeness() -> UInt64? {
        guard !title.isEmpty, !link.isEmpty, value(.itemGroupID).isEmpty else { return nil }
        return vf_fingerprint(link.base, link.count, vf_fingerprint(title.base, title.count, 4))
    }

    private static func minorUnits(_ digits: UnsafeBufferPointer<UInt8>.SubSequence, _ currency: Currency) -> Int64? {
        guard let base = UnsafeBufferPointer(rebasing: digits).baseAddress else { return nil }
        guard let price = Price(amount: Text(base, digits.count)) else { return nil }
        var perUnit: Int64 = 1_000_000
        for _ in 0..<currency.decimals { perUnit /= 10 }
        return price.millionths / perUnit
    }

    /// Up to its closing quote; `opening` ends with the one that opens it. For values without escapes. Inside a text every quote is escaped, so an
    /// opening is found at its own place only.
    private static func value(of opening: StaticString, in item: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8>.SubSequence? {
        let needle = UnsafeBufferPointer(start: opening.utf8Start, count: opening.utf8CodeUnitCount)
        guard item.count > needle.count else { return nil }
        var place = 0
        while place + needle.count < item.count {
            if item[place] == needle[0], item[place + 2] == needle[2], item[place..<place + needle.count].elementsEqual(needle) {
                let rest = item[(place + needle.count)...]
                return rest.firstIndex(of: 0x22).map { rest[..<$0] }
            }
            place += 1
        }
        return nil
    }
}
