import CFeedKernels
public import Events

/// One member of a line, to be shown.
public struct LogField: Sendable, Equatable {
    public var name: String
    /// As it is meant, or as it is written where it is no text; nil for null.
    public var value: String?

    public init(name: String, value: String?) {
        self.name = name
        self.value = value
    }

    /// The members of a line, in their order; none where it is no object of JSON.
    public static func all(of line: [UInt8]) -> [LogField] {
        var fields: [LogField] = []
        padded(line) { bytes in
            LogMembers.forEach(of: bytes) { fields.append(LogField(name: $0, value: $1?.bytes.text)) }
        }
        return fields
    }

    static func padded<Result>(_ line: [UInt8], _ body: (LogBytes) -> Result) -> Result {
        let padded = line + repeatElement(0, count: LogBlock.padding)
        return padded.withUnsafeBufferPointer { body($0.part(0, line.count)) }
    }
}

/// The fields that nearly every line has, under our names, and the others in their order.
public struct LogRecord: Sendable, Equatable {
    public var time: String?
    public var level: Level?
    public var event: String?
    public var message: String?
    public var others: [LogField] = []

    public init(_ line: [UInt8]) {
        for field in LogField.all(of: line) {
            switch field.name {
            case "time" where time == nil: time = field.value
            case "timestamp" where time == nil, "ts" where time == nil, "@timestamp" where time == nil:
                time = Self.time(field.value)
                if time == nil { others.append(field) }
            case "event" where event == nil: event = field.value
            case "msg" where message == nil, "message" where message == nil: message = field.value
            case "level" where level == nil && Self.level(field.value) != nil: level = Self.level(field.value)
            default: others.append(field)
            }
        }
    }

    public subscript(name: String) -> String? { others.first { $0.name == name }?.value }

    /// Of another program, in our form.
    private static func time(_ text: String?) -> String? {
        guard var text else { return nil }
        return text.withUTF8 { LogTime.read(LogValue(kind: LogNumber.read($0) == nil ? .text : .number, bytes: $0)) }?.rfc3339
    }

    private static func level(_ word: String?) -> Level? {
        guard var word else { return nil }
        return word.withUTF8 { LogLevels.read($0) }
    }
}
