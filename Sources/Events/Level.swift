/// How much an event matters, from the least to the most. The raw value orders; `name` is what a log line and a metric label say.
public enum Level: UInt8, Sendable, Comparable, CaseIterable {
    case debug, info, warning, error

    public var name: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .warning: "warning"
        case .error: "error"
        }
    }

    public init?(name: String) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}
