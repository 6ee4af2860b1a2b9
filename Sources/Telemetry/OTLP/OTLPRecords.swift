import Events
import ProtobufWire

/// Lines and spans in OpenTelemetry's form. The names of attributes are those of our log lines, so that a question asked of one can be asked of the
/// other; what OpenTelemetry has its own name for in a span of an HTTP call has that.
struct OTLPRecords: Sendable {
    private let scan: CredentialScan

    init(scan: CredentialScan) { self.scan = scan }

    func record(_ record: LogRecord) -> OTLP.LogRecord {
        OTLP.LogRecord(
            time: Self.nanoseconds(record.time), severity: record.level.severity, severityText: record.level.name, event: record.event,
            body: scan.redacted(record.message),
            attributes: scopeAttributes(record.scope) + record.fields.map { attribute($0.name.rawValue, $0.value) } + [.init("seq", .integer(Int64(record.sequence)))],
            trace: record.context?.traceBytes ?? [], span: record.context.map { Self.span($0.span) } ?? [])
    }

    func span(_ span: SpanRecord) -> OTLP.Span {
        let isCall = span.kind == .call
        var attributes = scopeAttributes(span.scope)
        for field in span.fields { attributes += isCall ? callAttributes(field) : [attribute(field.name.rawValue, field.value)] }
        return OTLP.Span(
            trace: span.context.traceBytes, span: Self.span(span.context.span), parent: Self.span(span.parent), name: scan.redacted(span.name), kind: isCall ? .client : .internal,
            start: Self.nanoseconds(span.start), end: Self.nanoseconds(span.end), attributes: attributes, failure: span.failed ? scan.redacted(span.message) : nil)
    }

    static func nanoseconds(_ time: Timestamp) -> UInt64 { UInt64(max(0, time.nanoseconds)) }

    /// 8 bytes, or none.
    static func span(_ id: UInt64) -> [UInt8] { id == 0 ? [] : Hex.bytes(id) }

    private func scopeAttributes(_ scope: EventScope) -> [OTLP.Attribute] {
        [("pipeline", scope.pipeline), ("run_id", scope.runID), ("stage", scope.stage)].compactMap { name, text in
            text.map { .init(name, .text(scan.redacted($0))) }
        }
    }

    private func attribute(_ name: String, _ value: Signal.Value) -> OTLP.Attribute {
        switch value {
        case .integer(let number): .init(name, .integer(Int64(number)))
        case .number(let number): .init(name, .number(number))
        case .flag(let flag): .init(name, .flag(flag))
        case .text(let text): .init(name, .text(scan.redacted(text)))
        }
    }

    /// Source: OpenTelemetry semantic conventions, HTTP client spans: one span a try, so the number of tries before it is told.
    private func callAttributes(_ field: Signal.Field) -> [OTLP.Attribute] {
        switch (field.name, field.value) {
        case (.httpStatus, let value): [attribute("http.response.status_code", value)]
        case (.attempt, .integer(let attempt)): attempt > 1 ? [.init("http.request.resend_count", .integer(Int64(attempt - 1)))] : []
        case (.method, let value): [attribute("http.request.method", value)]
        case (.url, .text(let url)):
            [attribute("url.full", field.value)]
                + (CallPlace(url).map { [attribute("server.address", .text($0.host)), .init("server.port", .integer(Int64($0.port)))] } ?? [])
        case (.outcome, .text(let outcome)): [attribute(field.name.rawValue, field.value)] + (outcome == "ok" ? [] : [.init("error.type", .text(outcome))])
        case (_, let value): [attribute(field.name.rawValue, value)]
        }
    }
}

extension Level {
    /// The lowest of the level's range in OpenTelemetry's log data model.
    fileprivate var severity: Int32 {
        switch self {
        case .debug: 5
        case .info: 9
        case .warning: 13
        case .error: 17
        }
    }
}

extension CredentialScan {
    /// The text cut to the longest value of a line, with what looks like a credential hidden.
    func redacted(_ text: String) -> String {
        var buffer = LineBuffer(capacity: min(text.utf8.count, LogLineEncoder.longestValue) + 64)
        buffer.append(plain: String(text.cut(toBytes: LogLineEncoder.longestValue)))
        if text.utf8.count > LogLineEncoder.longestValue { buffer.append(LogLineEncoder.cutMark) }
        redact(&buffer)
        return String(decoding: buffer.copy, as: UTF8.self)
    }
}
