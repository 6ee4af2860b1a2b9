/// What travels in one request: a range of a batch's items, without those whose end is known. `00007` is the whole batch, `00007a` and
/// `00007b` its halves, `00007r` the same items once more after Meta ended a handle without a result, `00007x` the batch without items that
/// Meta named.
public struct Parcel: Sendable, Codable, Equatable {
    public var name: String
    /// 1-based.
    public var batch: Int
    /// Indices into the batch's items.
    public var lower: Int
    public var upper: Int

    public var range: Range<Int> { lower..<upper }

    static func whole(batch: Int, count: Int) -> Parcel {
        Parcel(name: Self.name(ofBatch: batch), batch: batch, lower: 0, upper: count)
    }

    static func name(ofBatch batch: Int) -> String {
        let text = String(batch)
        return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }

    /// Two parcels with half of the open items each.
    func halves(ofOpen indices: [Int]) -> [Parcel] {
        let middle = indices[indices.count / 2]
        return [
            Parcel(name: name + "a", batch: batch, lower: lower, upper: middle),
            Parcel(name: name + "b", batch: batch, lower: middle, upper: upper),
        ]
    }

    func again() -> Parcel { Parcel(name: name + "r", batch: batch, lower: lower, upper: upper) }
    var isRepeat: Bool { name.utf8.contains(UInt8(ascii: "r")) }

    func cleaned() -> Parcel { Parcel(name: name + "x", batch: batch, lower: lower, upper: upper) }
    var cleanings: Int { name.utf8.count { $0 == UInt8(ascii: "x") } }

    /// How often named items are taken out of a batch before it is halved instead: a server that names one item a time must not cost a
    /// request for each.
    static let mostCleanings = 4
}
