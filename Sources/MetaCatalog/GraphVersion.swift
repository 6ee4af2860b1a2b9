public import Events

/// When versions of the Graph API end for who uses its Marketing API, as the batch calls of catalogues do.
public enum GraphVersion {
    /// The end of the last day, by version. Source: the version table of "Marketing API Versioning" (developers.facebook.com), as of 2026-10.
    /// Versions whose end Meta has not set yet are missing.
    private static let ends: [String: Timestamp] = [
        "v21.0": day(2025, 9, 9), "v22.0": day(2026, 2, 19), "v23.0": day(2026, 6, 9), "v24.0": day(2026, 10, 6),
    ]

    /// - Parameter graphURL: such as `https://graph.facebook.com/v26.0`.
    /// - Returns: nil where the version is not known to end.
    public static func end(ofVersionIn graphURL: String) -> Timestamp? {
        graphURL.split(separator: "/").last.flatMap { ends[String($0)] }
    }

    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Timestamp {
        Timestamp(year: year, month: month, day: day) + .seconds(86_400)
    }
}
