import Events

/// A question, made ready for its lines. Owned by one task at a time.
final class LogTest {
    private let query: LogQuery
    private let reader: LogLineReader
    private let runs: [[UInt8]]
    private let events: [EventName]
    private let tests: [FieldTest]
    private let groupSlots: Range<Int>
    private let isTimed: Bool
    /// Of the line that matched last; nil where it has none.
    private(set) var time: Timestamp?

    enum Verdict { case matches, differs, unreadable }

    private static let timeSlot = 0
    private let levelSlot: Int, runSlot: Int, eventSlot: Int
    private var clock = LogClock()

    init(_ query: LogQuery) {
        self.query = query
        runs = query.runs.map { Array($0.utf8) }
        events = query.events.map(EventName.init)
        // What is not asked about is not looked for.
        var slots = [LogTime.slot]
        func slot(_ names: LogLineReader.Slot, if isAsked: Bool) -> Int {
            if isAsked { slots.append(names) }
            return slots.count - 1
        }
        levelSlot = slot(LogLevels.slot, if: query.level != nil)
        runSlot = slot(.init("run_id"), if: !runs.isEmpty)
        eventSlot = slot(.init("event"), if: !events.isEmpty)
        tests = query.conditions.map { FieldTest($0, slot: slot(Self.slot($0.field), if: true)) }
        let first = slots.count
        for field in query.grouping?.fields ?? [] { slots.append(Self.slot(field)) }
        groupSlots = first..<slots.count
        isTimed = query.since != nil || query.until != nil
        reader = LogLineReader(slots: slots)
    }

    /// A field by its name, or by those that other programs have for it.
    private static func slot(_ name: String) -> LogLineReader.Slot {
        switch name {
        case "time": LogTime.slot
        case "level": LogLevels.slot
        default: .init(name)
        }
    }

    func judge(_ line: LogBytes) -> Verdict {
        guard reader.read(line) else { return .unreadable }
        if !runs.isEmpty {
            guard let run = reader.value(runSlot), runs.contains(where: { run.bytes.equals($0) }) else { return .differs }
        }
        if !events.isEmpty {
            guard let event = reader.value(eventSlot), events.contains(where: { $0.matches(event.bytes) }) else { return .differs }
        }
        if let least = query.level {
            guard let level = reader.value(levelSlot).flatMap({ LogLevels.read($0.bytes) }), level >= least else { return .differs }
        }
        for test in tests where !test.holds(reader.value(test.slot)) { return .differs }
        time = clock.read(reader.value(Self.timeSlot))
        return !isTimed || isInTime ? .matches : .differs
    }

    private var isInTime: Bool {
        guard let time else { return false }
        return time >= (query.since ?? .distantPast) && time < (query.until ?? .distantFuture)
    }

    /// The values of the grouping's fields in the line that matched last, one after the other; nil where the line has none.
    func forEachGroupValue(_ body: (LogBytes?) -> Void) {
        for slot in groupSlots { body(reader.value(slot)?.bytes) }
    }
}

/// An event by its name, or all whose names begin so.
private struct EventName {
    let text: [UInt8]
    let isPrefix: Bool

    init(_ name: String) {
        isPrefix = name.hasSuffix("*")
        text = Array((isPrefix ? name.dropLast() : name[...]).utf8)
    }

    func matches(_ name: LogBytes) -> Bool { isPrefix ? name.starts(with: text) : name.equals(text) }
}

/// One condition on one field.
private struct FieldTest {
    let slot: Int
    private let operation: LogCondition.Operation
    private let text: [UInt8]
    private let number: Double?
    private let pattern: LogPattern?
    /// Of a condition on the level: `warning` is more than `info`, though not in the alphabet.
    private let level: Level?

    init(_ condition: LogCondition, slot: Int) {
        self.slot = slot
        operation = condition.operation
        text = Array(condition.text.utf8)
        number = LogNumber.read(condition.text)
        level = condition.field == "level" ? text.withUnsafeBufferPointer { LogLevels.read($0) } : nil
        let isPattern = condition.operation == .matches || condition.operation == .doesNotMatch
        pattern = isPattern ? LogPattern(condition.text) : nil
    }

    func holds(_ value: LogValue?) -> Bool {
        switch operation {
        case .equal: value.map(isEqual) ?? false
        case .unequal: !(value.map(isEqual) ?? false)
        case .matches: value.map { pattern?.isFound(in: $0.bytes) ?? false } ?? false
        case .doesNotMatch: !(value.map { pattern?.isFound(in: $0.bytes) ?? false } ?? false)
        case .less: value.map { order($0) < 0 } ?? false
        case .lessOrEqual: value.map { order($0) <= 0 } ?? false
        case .greater: value.map { order($0) > 0 } ?? false
        case .greaterOrEqual: value.map { order($0) >= 0 } ?? false
        }
    }

    private func isEqual(_ value: LogValue) -> Bool {
        switch value.kind {
        case .text, .flag: return value.bytes.equals(text)
        case .number: return number != nil && value.number == number
        case .nested: return false
        }
    }

    /// Below 0: the value comes before the text.
    private func order(_ value: LogValue) -> Int {
        if let number, let other = value.number { return other < number ? -1 : other > number ? 1 : 0 }
        if let level, let other = LogLevels.read(value.bytes) { return other < level ? -1 : other > level ? 1 : 0 }
        if value.bytes.equals(text) { return 0 }
        return value.bytes.lexicographicallyPrecedes(text) ? -1 : 1
    }
}
