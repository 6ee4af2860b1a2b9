/// A bucket, and where in it: `s3://bucket/shop/landing`.
public struct S3Place: Sendable, Equatable {
    public let bucket: String
    /// Before every key; empty, or ending with a slash.
    public let prefix: String

    /// Nil for what is no such URL, and for a bucket's name that S3 would not give: 3 to 63 of `a-z 0-9 . -`.
    public init?(url: String) {
        guard url.hasPrefix("s3://") else { return nil }
        let parts = url.dropFirst("s3://".count).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let isName = name.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2e || byte == 0x2d
        }
        guard isName, (3...63).contains(name.utf8.count), !name.hasPrefix("."), !name.hasPrefix("-"), !name.contains("..") else { return nil }
        var path = parts.count > 1 ? String(parts[1]) : ""
        while path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        guard path.isEmpty || FolderPath.isInside(path) else { return nil }
        bucket = name
        prefix = path.isEmpty ? "" : path + "/"
    }

    /// Without a slash at its end.
    public var url: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/" + prefix.dropLast()) }
}
