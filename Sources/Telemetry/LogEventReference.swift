public import Events

/// The reference page of log events, made of the examples each family gives.
/// - Parameter families: all families that the program reports, as the composition root lists them.
public func logEventReferenceMarkdown(families: [any Event.Type]) -> String {
    var page = """
        # Log events

        Every event a log line can name. A line is one JSON object: `time`, `level`, `event`, `msg`, then `pipeline`, `run_id` and `stage` where they
        are known, the event's own fields, and `seq`, which counts the lines of the process.


        """
    for entry in families.flatMap({ entries(of: $0) }).sorted(by: { $0.name < $1.name }) { page += entry.markdown }
    return page
}

/// The names of a family that none of its examples has; a family that is complete has none.
public func eventNamesWithoutExample(in families: [any Event.Type]) -> [String] {
    families.flatMap { missing(in: $0) }
}

private func missing<Family: Event>(in family: Family.Type) -> [String] {
    let shown = Set(family.examples.map(\.name))
    return Family.Name.allCases.filter { !shown.contains($0) }.map(\.rawValue)
}

private struct Entry {
    let name: String
    var levels: [Level] = []
    var fields: [FieldName] = []
    var metrics: [MetricName] = []
    var message = ""
    var line = ""

    var markdown: String {
        """
        ## `\(name)`

        - level: \(levels.map(\.name).joined(separator: ", "))
        - says, for example: \(message)
        - fields: \(list(fields.map(\.rawValue)))
        - metrics: \(list(metrics.map(\.rawValue)))

        ```json
        \(line)
        ```


        """
    }

    private func list(_ words: [String]) -> String { words.isEmpty ? "none" : words.map { "`\($0)`" }.joined(separator: ", ") }
}

private func entries<Family: Event>(of family: Family.Type) -> [Entry] {
    var entries: [String: Entry] = [:]
    var encoder = LogLineEncoder()
    var signal = Signal()
    for example in family.examples {
        signal.reset()
        example.describe(to: &signal)
        let name = example.name.rawValue
        var entry = entries[name] ?? Entry(name: name)
        entry.levels.addOnce([signal.level])
        entry.fields.addOnce(signal.fields.map(\.name))
        entry.metrics.addOnce(signal.changes.map(\.metric))
        if entry.line.isEmpty {
            encoder.encode(signal, event: name, at: exampleTime, in: exampleScope, sequence: 1)
            entry.message = signal.message
            entry.line = String(decoding: encoder.line.dropLast(), as: UTF8.self)
        }
        entries[name] = entry
    }
    return Array(entries.values)
}

private let exampleTime = Timestamp(year: 2026, month: 11, day: 21, hour: 8)
private let exampleScope = EventScope(pipeline: "shop-catalog", runID: "20261121T080000Z-1a2b")

extension Array where Element: Equatable {
    fileprivate mutating func addOnce(_ elements: [Element]) {
        for element in elements where !contains(element) { append(element) }
    }
}
