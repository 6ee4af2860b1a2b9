import CatalogSync
import Events
import Investigation

/// How lines are written for people.
public struct LogStyle: Sendable {
    public var hasColours: Bool

    public static let plain = LogStyle(hasColours: false)

    public init(hasColours: Bool) { self.hasColours = hasColours }

    fileprivate func paint(_ text: String, _ colour: Colour?) -> String { hasColours && colour != nil ? "\u{1B}[\(colour?.rawValue ?? "")m\(text)\u{1B}[0m" : text }

    fileprivate enum Colour: String { case red = "31", yellow = "33", dim = "2" }
}

/// One line of a log for a terminal: `time  level  event  message  key=value …`, in columns. What a terminal would obey is escaped.
struct LogLineText {
    let style: LogStyle
    let raw: Bool

    private static let levelWidth = 7
    /// Of nearly all events.
    private static let eventWidth = 20
    /// Characters of one value.
    private static let longest = 1_000
    /// Counts the lines of a process, and says little to people.
    private static let leftOut: Set = ["seq"]

    func bytes(_ line: [UInt8]) -> [UInt8] { raw ? line + [UInt8(ascii: "\n")] : Array((text(line) + "\n").utf8) }

    func text(_ line: [UInt8]) -> String {
        if raw { return String(decoding: line, as: UTF8.self) }
        let record = LogRecord(line)
        let time = (record.time ?? "-").replacing("T", with: " ", maxReplacements: 1)
        let head = [
            Shown.line(time, limit: 40), style.paint(Self.padded(record.level?.name ?? "-", Self.levelWidth), Self.colour(of: record.level)),
            Self.padded(Shown.line(record.event ?? "-", limit: 60), Self.eventWidth), Shown.isolated(record.message ?? "", limit: Self.longest),
        ]
        let rest = record.others.filter { !Self.leftOut.contains($0.name) }.map { "\(Shown.line($0.name, limit: 60))=\(Self.value($0.value))" }
        return (head + (rest.isEmpty ? [] : [style.paint(rest.joined(separator: " "), .dim)])).joined(separator: "  ")
    }

    /// A line of a context, which can be anything.
    func context(_ line: [UInt8]) -> String {
        if raw { return String(decoding: line, as: UTF8.self) }
        let isRecord = !LogField.all(of: line).isEmpty
        return isRecord ? text(line) : Shown.line(String(decoding: line, as: UTF8.self), limit: Self.longest)
    }

    private static func value(_ text: String?) -> String {
        guard let text else { return "null" }
        let shown = Shown.isolated(text, limit: longest)
        let needsQuotes = shown.isEmpty || shown.contains { $0 == " " || $0 == "=" || $0 == "\"" }
        return needsQuotes ? "\"\(shown.replacing("\"", with: "\\\""))\"" : shown
    }

    private static func colour(of level: Level?) -> LogStyle.Colour? {
        switch level {
        case .error: .red
        case .warning: .yellow
        case .info, .debug, nil: nil
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
}
