import Events

/// Writes one event as one line for a terminal: `HH:MM:SS level message key=value …` in UTC. Values with spaces are quoted, and what a
/// terminal would obey is escaped as in JSON.
struct HumanLineEncoder: Sendable {
    private var buffer = LineBuffer()
    private let scan: CredentialScan

    init(scan: CredentialScan) { self.scan = scan }

    mutating func encode(_ signal: Signal, at time: Timestamp, in scope: EventScope) {
        buffer.clear()
        buffer.write(atMost: 8) { target in
            Decimal.clock(time.parts, to: target)
            return 8
        }
        buffer.append(Self.title(signal.level))
        buffer.append(escaping: signal.message, limit: LogLineEncoder.longestValue)
        if let pipeline = scope.pipeline { pair("pipeline", pipeline) }
        if let stage = scope.stage { pair("stage", stage) }
        for field in signal.fields { self.field(field) }
        buffer.append(UInt8(ascii: "\n"))
        scan.redact(&buffer)
    }

    func withLine<Result>(_ body: (RawSpan) -> Result) -> Result { buffer.withBytes(body) }

    private static func title(_ level: Level) -> StaticString {
        switch level {
        case .debug: " debug   "
        case .info: " info    "
        case .warning: " warning "
        case .error: " error   "
        }
    }

    private mutating func field(_ field: Signal.Field) {
        let name = field.name.rawValue
        switch field.value {
        case .integer(let value): pair(name, String(value))
        case .number(let value): pair(name, value.description)
        case .flag(let value): pair(name, value ? "true" : "false")
        case .text(let value): pair(name, value)
        }
    }

    private mutating func pair(_ name: String, _ value: String) {
        buffer.append(UInt8(ascii: " "))
        buffer.append(plain: name)
        buffer.append(UInt8(ascii: "="))
        let quoted = value.isEmpty || value.utf8.contains { $0 <= 0x20 || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "\"") }
        if quoted { buffer.append(UInt8(ascii: "\"")) }
        buffer.append(escaping: value, limit: LogLineEncoder.longestValue)
        if quoted { buffer.append(UInt8(ascii: "\"")) }
    }
}
