public import Events

/// Writes one event as one line of JSON: flat, snake_case, in a fixed order: `time`, `level`, `event`, `msg`, `pipeline`, `run_id`, `stage`,
/// the event's fields in the order in which it gave them, `trace_id`, `span_id`, `seq`. The line ends with a line feed.
///
/// Hand-written into a reused buffer: no allocation a line once the buffer has grown, and no way for a value to leave its quotes.
public struct LogLineEncoder: Sendable {
    /// The longest value, in bytes of UTF-8 before escaping. A longer one is cut and marked.
    public static let longestValue = 2_048
    /// A line past this many bytes takes no further text: what would come is cut to nothing and marked. Keeps a line far below the 1 MiB that
    /// log services take, whatever the values.
    public static let longestLine = 65_536
    static let cutMark: StaticString = "…[cut]"
    /// More than all of a line that is no text and no field: names, quotes, time, ids, number.
    private static let frame = 512
    /// More than a field has beside its text: its name, quotes, the mark of a cut, or a number.
    private static let fieldFrame = 96

    private var buffer = LineBuffer()
    private var time = TimeText()
    private let scan: CredentialScan
    private let openings = FieldOpening.all

    public init(scan: CredentialScan = CredentialScan()) { self.scan = scan }

    /// - Parameter context: the run's place in its trace, where it has one.
    public mutating func encode(
        _ signal: Signal, event: String, at time: Timestamp, in scope: EventScope, _ context: TraceContext? = nil, sequence: Int
    ) {
        let stamp = self.time.of(time)
        buffer.clear()
        buffer.write(atMost: Self.mostBytes(signal, event, scope)) { [openings] target in
            var line = LineCursor(target)
            line.append("{\"time\":\"")
            line.append(stamp)
            line.append(Self.opening(signal.level))
            line.append(escaping: event, limit: Self.longestValue)
            line.append("\",\"msg\":\"")
            line.append(escaping: signal.message, limit: Self.longestValue)
            Self.scope(scope, &line)
            line.append(UInt8(ascii: "\""))
            for field in signal.fields {
                line.append(openings[field.name.place])
                Self.value(field.value, &line)
            }
            if let context { Self.context(context, &line) }
            line.append(",\"seq\":")
            line.append(sequence)
            line.append("}\n")
            return line.count
        }
        scan.redact(&buffer)
    }

    /// The line made by the last `encode`.
    public func withLine<Result>(_ body: (RawSpan) -> Result) -> Result { buffer.withBytes(body) }

    /// The same as an array, for tests and references.
    public var line: [UInt8] { buffer.copy }

    /// What the line can come to, if every byte of its texts has to be escaped.
    private static func mostBytes(_ signal: Signal, _ event: String, _ scope: EventScope) -> Int {
        func most(_ text: String?) -> Int { text.map { min($0.utf8.count, longestValue) * Escape.growth } ?? 0 }
        var bytes = frame + most(event) + most(signal.message) + most(scope.pipeline) + most(scope.runID) + most(scope.stage)
        for field in signal.fields {
            bytes += fieldFrame
            if case .text(let text) = field.value { bytes += most(text) }
        }
        return bytes
    }

    private static func opening(_ level: Level) -> StaticString {
        switch level {
        case .debug: "\",\"level\":\"debug\",\"event\":\""
        case .info: "\",\"level\":\"info\",\"event\":\""
        case .warning: "\",\"level\":\"warning\",\"event\":\""
        case .error: "\",\"level\":\"error\",\"event\":\""
        }
    }

    @inline(__always)
    private static func scope(_ scope: EventScope, _ line: inout LineCursor) {
        if let pipeline = scope.pipeline {
            line.append("\",\"pipeline\":\"")
            line.append(escaping: pipeline, limit: room(line))
        }
        if let runID = scope.runID {
            line.append("\",\"run_id\":\"")
            line.append(escaping: runID, limit: room(line))
        }
        if let stage = scope.stage {
            line.append("\",\"stage\":\"")
            line.append(escaping: stage, limit: room(line))
        }
    }

    @inline(__always)
    private static func value(_ value: Signal.Value, _ line: inout LineCursor) {
        switch value {
        case .integer(let value): line.append(value)
        case .number(let value): line.append(json: value)
        case .flag(let value): line.append(value ? "true" : "false")
        case .text(let value):
            line.append(UInt8(ascii: "\""))
            line.append(escaping: value, limit: room(line))
            line.append(UInt8(ascii: "\""))
        }
    }

    @inline(__always)
    private static func context(_ context: TraceContext, _ line: inout LineCursor) {
        line.append(",\"trace_id\":\"")
        line.append(hex: context.high)
        line.append(hex: context.low)
        if context.span != 0 {
            line.append("\",\"span_id\":\"")
            line.append(hex: context.span)
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func room(_ line: LineCursor) -> Int { max(0, min(longestValue, (longestLine - line.count) / Escape.growth)) }
}
