/// What a finding means for its row or file. From the mildest to the gravest.
public enum Severity: String, CaseIterable, Sendable, Comparable {
    /// Not looked for.
    case off
    /// Counted only.
    case info
    /// The row is sent, the finding is reported.
    case warn
    /// The row is held back and reported; the other rows go on.
    case error
    /// The file is refused as a whole.
    case file
    /// The run stops before anything is sent, and waits for a person. For guards only.
    case hold

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .off: 0
        case .info: 1
        case .warn: 2
        case .error: 3
        case .file: 4
        case .hold: 5
        }
    }
}
