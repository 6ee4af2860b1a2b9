/// All there is to say about one row.
public struct RowDetail: Sendable {
    /// Physical line of the record's first character.
    public let line: Int
    public let productID: String
    /// In the order of the fields they are about.
    public let findings: [Finding]
    public let isRejected: Bool
    /// The record as it stands in the file, without its line end.
    public let record: [UInt8]
    /// What the version column says; nil without one.
    public let version: String?
}

/// What `RowReader.encode` says of the object it appended.
public struct EncodedItem: Sendable, Equatable {
    public let id: String
    /// Equal to `RowEntry.contentFingerprint`.
    public let contentFingerprint: UInt64
    public let byteCount: Int
    public let version: String?
    public let traits: ItemTraits
}

/// A row could not be had a second time.
public struct RowReadError: Error, Sendable, Equatable, CustomStringConvertible {
    public let culprit: String
    public let remedy: String

    public var description: String { "\(culprit): \(remedy)" }
}
