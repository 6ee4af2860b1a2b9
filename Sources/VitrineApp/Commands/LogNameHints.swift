import Events
import Investigation
import Settings

/// Names of fields and events that nothing has, where nothing was found for them: most often they are misspelt.
struct LogNameHints {
    private let query: LogQuery
    private let answer: LogAnswer

    init(_ query: LogQuery, _ answer: LogAnswer) {
        self.query = query
        self.answer = answer
    }

    private static let scope = ["time", "level", "event", "msg", "pipeline", "run_id", "stage", "trace_id", "span_id", "seq"]
    private static let fields = scope + FieldName.allCases.map(\.rawValue)
    private static var events: [String] { EventFamilies.all.flatMap { names(of: $0) } }
    private static func names<Family: Event>(of family: Family.Type) -> [String] { Family.Name.allCases.map(\.rawValue) }

    var notes: [String] {
        let fields = missingFields.filter { !Self.fields.contains($0) }.map { Self.note("field", $0, Self.fields) }
        guard answer.matched == 0 else { return fields }
        return fields + query.events.filter { !$0.hasSuffix("*") && !Self.events.contains($0) }.map { Self.note("event", $0, Self.events) }
    }

    /// Nothing was found where they are asked for, or all groups lack them.
    private var missingFields: [String] {
        let grouped = (query.grouping?.fields ?? []).enumerated().filter { place, _ in answer.groups.allSatisfy { $0.values[place] == nil } }.map(\.element)
        let asked = answer.matched == 0 ? query.conditions.map(\.field) : []
        return (asked + grouped).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func note(_ kind: String, _ name: String, _ known: [String]) -> String {
        let near = Spelling.nearest(to: name, in: known).map { "; did you mean \($0)?" } ?? ": see docs/reference/log-events.md"
        return "Lines of Vitrine have no \(kind) '\(name)'\(near)"
    }
}
