/// Why a whole file is refused.
public struct FileRefusal: Sendable, Equatable {
    public let rule: RuleID
    /// Physical line, 1-based; 0 if the file as a whole is meant.
    public let line: Int
    /// What was found, at most 120 characters, controls escaped.
    public let value: String
    /// What is wrong, in one sentence.
    public let message: String
    /// What to do about it.
    public let remedy: String

    init(_ rule: RuleID, line: Int = 0, value: String = "", message: String, remedy: String) {
        self.rule = rule
        self.line = line
        self.value = Finding.shown(value)
        self.message = message
        self.remedy = remedy
    }
}
