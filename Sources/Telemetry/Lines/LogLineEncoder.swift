public import Events

/// Writes one event as one line of JSON: flat, snake_case, in a fixed order: `time`, `level`, `event`, `msg`, `pipeline`, `run_id`, `stage`,
/// the event's fields in the order in which it gave them, `seq`. The line ends with a line feed.
///
/// Hand-written into a reused buffer: no allocation a line once the buffer has grown, and no way for a value to leave its quotes.
public struct LogLineEncoder: Sendable {
    /// The longest value, in bytes of UTF-8 before escaping. A longer one is cut and marked.
    public static let longestValue = 2_048
    /// A line past this many bytes takes no further text: what would come is cut to nothing and marked. Keeps a line far below the 1 MiB that
    /// log services take, whatever the values.
    public static let longestLine = 65_536
    static let cutMark: StaticString = "…[cut]"

    private var buffer = LineBuffer()
    private let scan: CredentialScan

    public init(scan: CredentialScan = CredentialScan()) { self.scan = scan }

    public mutating func encode(_ signal: Signal, event: String, at time: Timestamp, in scope: EventScope, sequence: Int) {
        buffer.clear()
        buffer.append("{\"time\":\"")
        buffer.append(time)
        buffer.append("\",\"level\":\"")
        buffer.append(plain: signal.level.name)
        text("\",\"event\":\"", event)
        text("\",\"msg\":\"", signal.message)
        if let pipeline = scope.pipeline { text("\",\"pipeline\":\"", pipeline) }
        if let runID = scope.runID { text("\",\"run_id\":\"", runID) }
        if let stage = scope.stage { text("\",\"stage\":\"", stage) }
        buffer.append(UInt8(ascii: "\""))
        for field in signal.fields { self.field(field) }
        buffer.append(",\"seq\":")
        buffer.append(sequence)
        buffer.append("}\n")
        scan.redact(&buffer)
    }

    /// The line made by the last `encode`.
    public func withLine<Result>(_ body: (RawSpan) -> Result) -> Result { buffer.withBytes(body) }

    /// The same as an array, for tests and references.
    public var line: [UInt8] { buffer.copy }

    private mutating func text(_ opening: StaticString, _ value: String) {
        buffer.append(opening)
        buffer.append(escaping: value, limit: room)
    }

    private mutating func field(_ field: Signal.Field) {
        buffer.append(",\"")
        buffer.append(plain: field.name.rawValue)
        buffer.append("\":")
        switch field.value {
        case .integer(let value): buffer.append(value)
        case .number(let value): buffer.append(json: value)
        case .flag(let value): buffer.append(value ? "true" : "false")
        case .text(let value):
            buffer.append(UInt8(ascii: "\""))
            buffer.append(escaping: value, limit: room)
            buffer.append(UInt8(ascii: "\""))
        }
    }

    private var room: Int { max(0, min(Self.longestValue, (Self.longestLine - buffer.count) / Escape.growth)) }
}
