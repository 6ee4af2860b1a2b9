/// One thing that is wrong with the settings, said so that it can be mended.
public struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    public let file: String
    /// 1-based.
    public let line: Int
    /// The full key, such as `pipelines.shop-catalog.delivery.batch_size`; empty for the file as a whole.
    public let key: String
    /// What is wrong. Never holds a secret.
    public let message: String
    /// What to do.
    public let remedy: String

    public init(file: String, line: Int, key: String, message: String, remedy: String) {
        self.file = file
        self.line = line
        self.key = key
        self.message = message
        self.remedy = remedy
    }

    public var description: String { "\(file):\(line): \(key.isEmpty ? "" : "\(key): ")\(message); \(remedy)" }
}

/// Everything that is wrong with the settings, in the order of the file.
public struct SettingsProblems: Error, Sendable, Equatable, CustomStringConvertible {
    /// The most problems that are collected.
    public static let limit = 50

    /// At least one, at most `limit`.
    public let errors: [SettingsError]
    /// Whether there were more than that.
    public let isCut: Bool

    public var description: String {
        errors.map(\.description).joined(separator: "\n") + (isCut ? "\nand more: mend these first" : "")
    }
}
